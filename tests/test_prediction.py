"""Predictions: decided in memory, shown as text in a saved notebook."""

import pytest

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


def test_the_panel_answers_only_when_asked(question):
    question._repr_mimebundle_()
    _, choice, last = question._box.children
    show, reply = last.children
    assert choice.value is None and show.disabled
    choice.value = "up"
    assert question.chosen == "up" and not show.disabled and "down" not in reply.value
    show.click()
    assert reply.value == "The answer: down Against the gradient."


def test_bad_questions_and_choices_are_refused(question):
    with pytest.raises(ValueError, match="one of the choices"):
        Prediction("?", ["a"], "b", "")
    with pytest.raises(ValueError, match="choose one of"):
        question.choose("sideways")
