"""Predictions: decided in memory, shown as text in a saved notebook."""

import pytest

from gdlesson import progress
from gdlesson.explorers import step_size
from gdlesson.live.prediction import Prediction


@pytest.fixture
def question():
    return Prediction("Where to?", ["up", "down"], "down", "Against the gradient.")


def test_its_text_is_the_question_and_the_choices(question):
    assert repr(question) == "Where to?\n  ( ) up\n  ( ) down"
    assert question._repr_mimebundle_()["text/plain"] == repr(question)
    assert "text/html" not in question._repr_mimebundle_()


def test_choosing_and_skipping(question):
    question.skip()
    assert question.chosen == ""
    question.choose("up")
    question.skip()
    assert question.chosen == "up"


def shown(question):
    """The parts of a question's panel, shown."""
    question._repr_mimebundle_()
    _, choice, why, last = question._box.children
    return choice, why, *last.children


def test_the_panel_answers_only_when_asked(question):
    choice, _, show, reply = shown(question)
    assert choice.value is None and show.disabled and reply.value == ""
    choice.value = "up"
    assert question.chosen == "up" and not show.disabled and "down" not in reply.value
    show.click()
    assert "The answer: down Against the gradient." in reply.value
    assert "You wrote" not in reply.value


def test_the_reason_is_shown_again_with_the_answer_and_escaped(question):
    choice, why, show, reply = shown(question)
    why.value = "  f' < 0 & <b>steep</b>  "
    choice.value = "down"
    show.click()
    assert "As you predicted: down Against the gradient." in reply.value
    assert "You wrote: f&#x27; &lt; 0 &amp; &lt;b&gt;steep&lt;/b&gt;.<" in reply.value
    assert 'role="alert"' in reply.value  # a screen reader speaks it


@pytest.mark.parametrize(
    "why, words",
    [
        ("", "You predicted: up"),
        ("  ", "You predicted: up"),
        ("it is warm", "You predicted: up. You wrote: it is warm."),
        ("It is warm.", "You predicted: up. You wrote: It is warm."),
        ("Is it?\nYes!", "You predicted: up. You wrote: Is it? Yes!"),
    ],
)
def test_the_prediction_in_words_has_no_doubled_punctuation(why, words, question):
    assert question.in_words() == ""
    question.choose("up", why)
    assert question.in_words() == words


def test_typing_the_reason_before_or_after_choosing_loses_nothing(question):
    choice, why, *_ = shown(question)
    why.value = "before"
    assert question.why == "before" and question.chosen is None
    choice.value = "up"
    assert (question.chosen, question.why) == ("up", "before")
    why.value = "after"
    choice.value = "down"
    assert (question.chosen, question.why) == ("down", "after")
    question.choose("up")
    assert question.why == "after"
    question.choose("up", "by code")
    assert why.value == "by code"


def test_an_explorer_quotes_the_reason_as_soon_as_it_is_written():
    question = Prediction("?", ["up.", "down."], "down.", "", about={"lr": 0.05})
    explorer = step_size.explore(after=question)
    outcome = explorer.readout
    question.why = "a reason alone"
    assert explorer.live.locked and explorer.readout == outcome
    question.chosen = "up."
    assert not explorer.live.locked
    assert explorer.readout == f"{outcome} You predicted: up. You wrote: a reason alone."
    question.why = "a better one"
    assert explorer.readout.endswith("You wrote: a better one.")
    explorer.set(lr=0.1)
    assert "You predicted" not in explorer.readout


@pytest.fixture
def recorded(monkeypatch, tmp_path):
    """What is recorded meanwhile, in a folder in which an earlier prediction is recorded."""
    records = []
    monkeypatch.setattr(progress, "listeners", [lambda *record: records.append(record)])
    monkeypatch.setattr(progress, "where", lambda: tmp_path)
    return records


def test_a_prediction_with_a_name_is_recorded_and_shown_after_a_restart(recorded):
    first = Prediction("Where to?", ["up", "down"], "down", "", name="way")
    assert shown(first)[3].value == ""  # nothing is recorded yet
    first.why = "no choice yet"
    first.skip()
    assert recorded == []
    first.choose("up", "it is warm")
    first.choose("down")
    whole = ("prediction", "way")
    assert recorded == [
        (*whole, "wrong", {"choice": "up", "why": "it is warm"}),
        (*whole, "right", {"choice": "down", "why": "it is warm"}),
    ]
    again = Prediction("Where to?", ["up", "down"], "down", "", name="way")
    reply = shown(again)[3].value
    assert "Earlier you predicted: down. You wrote: it is warm." in reply
    assert again.chosen is None and repr(again) == "Where to?\n  ( ) up\n  ( ) down"
    Prediction("Where to?", ["up", "down"], "down", "").choose("up")
    assert len(recorded) == 2


@pytest.mark.parametrize("content", ["{", '{"v1": {"predictions": {"way": {"why": "?"}}}}'])
def test_a_broken_file_hides_no_question(content, recorded, tmp_path):
    (tmp_path / progress.NAME).write_text(content)
    question = Prediction("Where to?", ["up", "down"], "down", "", name="way")
    assert shown(question)[3].value == ""


def test_bad_questions_and_choices_are_refused(question):
    with pytest.raises(ValueError, match="one of the choices"):
        Prediction("?", ["a"], "b", "")
    with pytest.raises(ValueError, match="choose one of"):
        question.choose("sideways")
