"""The widget of a question: messages in, traits out; its saved form; its record in the notebook."""

import base64
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import nbformat
import pytest
from sample_questions import COUNT, MATCH, NUMBER, ORDER, SAMPLES, SEVERAL, typed

from gdlesson import ask, progress
from gdlesson.cli import rerun
from gdlesson.live import question as module
from gdlesson.live.question import SAVED, UNANSWERED, QuestionWidget, Record
from gdlesson.live.question_text import html, plain
from gdlesson.questions import catalogue

each = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


def reply(widget, text):
    after = widget._outcome.get("count", 0)
    widget._on_message(widget, {"reply": text, "after": after}, [])
    return widget._outcome


def again(widget):
    widget._on_message(widget, {"again": widget._question["try"]}, [])


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A folder in which progress is recorded, as in a learner's kernel."""
    monkeypatch.setattr(progress, "where", lambda: tmp_path)
    monkeypatch.setattr(progress, "_waiting", [])
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "lesson.ipynb"))
    return tmp_path


def entries(folder):
    return progress.load(folder)["questions"]


@each
def test_a_wrong_answer_another_and_the_worked_solution(sample):
    widget = QuestionWidget(sample, seed=1)
    posed = widget._attempt.posed
    name, wrong, message = posed.wrong[0]
    first = reply(widget, typed(posed, wrong))
    assert (first["word"], first["text"]) == ("Look again", message)
    assert first["solution"] == "" and not first["finished"]
    assert str(widget.record).endswith(f": {name} (1 mistake).")
    second = reply(widget, typed(posed, wrong))
    assert second["finished"] and second["solution"] == posed.solution
    assert second["count"] == 2  # so that the page shows, and reads out, the same text again
    again(widget)
    assert widget._question["try"] == 1 and widget._outcome == {}
    right = reply(widget, typed(widget._attempt.posed, widget._attempt.posed.answer))
    assert (right["word"], right["solution"], right["finished"]) == ("Passed", "", True)
    assert str(widget.record).endswith(": right.")


@each
def test_what_is_sent_to_the_page_can_be_drawn(sample):
    shown = QuestionWidget(sample, seed=1)._question
    posed = sample.pose(1)
    assert shown["text"] == posed.text and shown["kind"] == type(posed.kind).__name__
    assert len(shown["pictures"]) == (2 if sample is MATCH else 0)
    assert shown["letters"] == (["A", "B", "C"] if sample is MATCH else [])
    assert len(shown["choices"]) == (0 if sample in (NUMBER, COUNT) else 3)
    assert shown["unit"] == ("steps" if sample is COUNT else "")


def test_unreadable_and_empty_replies_are_no_mistakes():
    widget = QuestionWidget(NUMBER, seed=1)
    assert reply(widget, " ")["text"] == "Type a number."
    assert reply(widget, "two")["word"] == "Unclear"
    assert str(widget.record) == UNANSWERED and widget._attempt.mistakes == 0
    assert reply(widget, "two")["reply"] == "two"  # what was typed stays


def test_an_answer_that_begins_with_a_letter_keeps_it():
    assert reply(QuestionWidget(ORDER, seed=1), "b a c")["text"].startswith("b, a, c is not right")


@pytest.mark.parametrize("content", [None, [], "reply", 3, {}, {"again": None}, {"again": 7}])
def test_other_messages_change_nothing(content):
    widget = QuestionWidget(NUMBER, seed=1)
    before = widget._question, widget._outcome
    widget._on_message(widget, content, [])
    assert (widget._question, widget._outcome) == before


@pytest.mark.parametrize("odd", [None, 3, [], {}, ["a"], True, {"slow": 1}])
@each
def test_a_reply_of_another_type_is_answered(sample, odd):
    assert reply(QuestionWidget(sample, seed=1), odd)["text"]


def test_check_pressed_twice_while_python_was_busy_is_one_mistake():
    widget = QuestionWidget(NUMBER, seed=1)
    for _ in range(2):
        widget._on_message(widget, {"reply": "77", "after": 0}, [])
    assert widget._attempt.mistakes == 1
    widget._on_message(widget, {"reply": "77", "after": 1}, [])
    assert widget._attempt.mistakes == 2


def test_new_numbers_pressed_twice_are_drawn_once():
    widget = QuestionWidget(NUMBER, seed=1)
    for _ in range(2):
        widget._on_message(widget, {"again": 0}, [])
    assert widget._attempt.posed.seed == 2


def test_an_answer_after_the_solution_is_judged_and_not_recorded(folder):
    widget = QuestionWidget(NUMBER, seed=1)
    for text in ("77", "78", str(widget._attempt.posed.answer)):
        outcome = reply(widget, text)
    assert outcome["word"] == "Passed" and outcome["record"] == ""
    assert str(widget.record) == "You answered 78: not right (2 mistakes)."
    assert entries(folder)["number"]["status"] == "mistake"


def test_the_record_carries_what_is_needed_to_judge_it_again():
    for sample in SAMPLES:
        widget = QuestionWidget(sample, seed=4)
        assert widget.record._repr_mimebundle_() == (
            {"text/plain": UNANSWERED},
            {"gdlesson": {"question": sample.name}},
        )
        text = typed(widget._attempt.posed, widget._attempt.posed.answer)
        reply(widget, text)
        data, metadata = widget.record._repr_mimebundle_()
        assert list(data) == ["text/plain"]
        saved = metadata["gdlesson"]
        assert saved == {"question": sample.name, "seed": 4, "reply": text}
        assert sample.pose(saved["seed"]).judge(saved["reply"]).status == "passed"


def test_progress_has_the_status_the_mistake_the_seed_and_the_reply(folder):
    widget = QuestionWidget(NUMBER, seed=1)
    name, wrong, _ = widget._attempt.posed.wrong[0]
    reply(widget, str(wrong))
    entry = entries(folder)["number"]
    assert (entry["status"], entry["mistake"]) == ("mistake", name)
    assert (entry["seed"], entry["reply"]) == (1, str(wrong))
    reply(widget, str(widget._attempt.posed.answer))
    assert entries(folder)["number"]["status"] == "passed"
    reply(widget, "nonsense")
    assert entries(folder)["number"]["tries"] == 2


def test_a_cell_that_runs_again_begins_with_the_earlier_answer(folder):
    widget = QuestionWidget(NUMBER, seed=1)
    name, wrong, _ = widget._attempt.posed.wrong[0]
    reply(widget, str(wrong))
    record = Record(NUMBER)
    assert str(record) == f"Earlier you answered {wrong:.2g}: {name}."
    reply(widget, "77")  # which has no name
    record = Record(NUMBER)
    assert str(record) == "Earlier you answered 77: not right."
    assert record._repr_mimebundle_()[1]["gdlesson"]["reply"] == "77"
    (folder / progress.NAME).write_text("broken")
    assert str(Record(NUMBER)) == UNANSWERED


def test_a_test_saves_the_answer_and_shows_nobody_whether_it_is_right(folder):
    widget = QuestionWidget(NUMBER, seed=1, feedback=False)
    for text in ("77", "78", str(widget._attempt.posed.answer)):
        outcome = reply(widget, text)
        assert (outcome["word"], outcome["text"], outcome["solution"]) == ("Noted", SAVED, "")
        assert not outcome["finished"]
        assert str(widget.record) == f"You answered {text}."
    assert reply(widget, "two")["word"] == "Unclear"
    assert "Answer" not in html(widget._saved, solution=False)
    data, _ = widget._repr_mimebundle_()
    assert "<details>" not in data["text/html"]
    assert "passed" not in (folder / progress.NAME).read_text()
    assert list(entries(folder)) == ["number (test)"]


def test_a_test_finds_its_answers_again_in_the_same_notebook_only(folder, monkeypatch):
    reply(QuestionWidget(NUMBER, seed=1, feedback=False), "77")
    assert str(Record(NUMBER, graded=False, seed=1)) == "Earlier you answered 77."
    assert str(Record(NUMBER, graded=False, seed=2)) == UNANSWERED
    assert str(Record(NUMBER)) == UNANSWERED
    monkeypatch.setenv("JPY_SESSION_NAME", str(folder / "after.ipynb"))
    assert str(Record(NUMBER, graded=False, seed=1)) == UNANSWERED


def test_asked_by_name_with_the_answer_typed(capsys):
    posed = catalogue()["loss_factor"].pose(3)
    assert ask("loss_factor", seed=3, answer=str(posed.answer)).status == "passed"
    assert ask("loss_factor", seed=3, answer=...).status == "not yet"
    assert ask("loss_factor", answer="77").message.startswith("77 is not right.")
    shown = capsys.readouterr().out
    assert shown.count(plain(posed)) == 2  # IPython prints what a script displays
    assert ask(NUMBER, seed=1, answer="77", feedback=False) is None
    assert ask(NUMBER, seed=1, answer="two", feedback=False).status == "error"
    assert "You answered 77." in capsys.readouterr().out


def test_an_answer_typed_is_recorded(folder, capsys):
    ask(NUMBER, seed=1, answer="77")
    assert entries(folder)["number"]["reply"] == "77"


def test_the_solution_is_shown_to_those_who_typed_the_right_answer(monkeypatch):
    shown = []
    monkeypatch.setattr(module, "display", shown.append)
    ask(NUMBER, seed=1, answer="77")
    ask(NUMBER, seed=1, answer=str(NUMBER.pose(1).answer))
    wrong, right = (each._repr_mimebundle_()["text/html"] for each in shown)
    assert "<details>" not in wrong and "<details>" in right


def test_a_widget_is_shown_with_its_record_below(monkeypatch):
    shown = []
    monkeypatch.setattr(module, "display", lambda it, **options: shown.append((it, options)))
    assert ask("loss_factor") is None
    (widget, _), (record, options) = shown
    assert isinstance(widget, QuestionWidget) and record is widget.record
    assert options == {"display_id": True}
    assert widget._attempt.posed.seed == 0  # a test runs, and no learner


def test_unknown_names_and_bad_seeds_are_refused_in_one_sentence():
    with pytest.raises(ValueError, match=r"called 'los_factor': did you mean loss_factor"):
        ask("los_factor")
    with pytest.raises(ValueError, match=r"^there is no question called 'qqqqqq'$"):
        ask("qqqqqq")
    for seed in (-1, 1.5, "1", True):
        with pytest.raises(ValueError, match="expected a seed that is a whole number from 0 on"):
            ask("loss_factor", seed=seed)


def test_closing_frees_the_layout_too():
    widget = QuestionWidget(NUMBER)
    widget.close()
    assert widget.comm is None and widget.layout.comm is None


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.names, self.images, self.data = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.names.append(tag)
        if tag == "img":
            self.images.append(dict(attributes))

    def handle_data(self, data):
        self.data.append(data)


# What JupyterLab leaves of a notebook that is not trusted; it takes SVG out.
SAFE = {"p", "b", "br", "img", "ul", "li", "details", "summary"}


@each
def test_the_saved_form_is_text_and_safe_html_of_the_first_numbers(sample):
    posed = sample.pose(0)
    data, _ = QuestionWidget(sample)._repr_mimebundle_()  # whatever numbers the widget has drawn
    assert data["text/plain"] == plain(posed) and data["text/html"] == html(posed)
    assert "application/vnd.jupyter.widget-view+json" in data
    tags = Tags(data["text/html"])
    assert set(tags.names) <= SAFE
    words = " ".join(tags.data)
    assert posed.text in words and posed.solution in words
    for text in getattr(posed.kind, "options", getattr(posed.kind, "runs", {})).values():
        assert text in words and text in data["text/plain"]
    assert all(len(line) <= 76 for line in data["text/plain"].splitlines())
    for image in tags.images:
        svg = base64.b64decode(image["src"].removeprefix("data:image/svg+xml;base64,")).decode()
        assert ET.fromstring(svg).get("aria-label") == image["alt"]
        assert image["alt"] in data["text/plain"].replace("\n", " ")
    assert len(tags.images) == (sample is MATCH)


def test_choices_in_text_have_their_letters():
    assert plain(SEVERAL.pose(0)) == "The text of several.\n  a) ex\n  b) why\n  c) zed"
    assert re.search(r"^  __ the run that is slow$", plain(MATCH.pose(0)), re.MULTILINE)


def test_the_package_loads_widgets_only_when_asked_for():
    code = "import gdlesson, sys; print('ipywidgets' in sys.modules); gdlesson.ask; "
    code += "from gdlesson import ask; print('ipywidgets' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


@pytest.mark.filterwarnings("ignore")  # of the kernel's own client
def test_a_saved_notebook_passes_strict_nbval_and_needs_no_kernel(tmp_path):
    sources = [
        "from gdlesson import ask",
        'ask("loss_factor")',
        'ask("which_step_size", seed=1)',
        'ask("loss_factor", seed=3, answer="0.36")',
        'ask("test_01_direction", seed=1, feedback=False)',
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    path = tmp_path / "questions.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    assert rerun([str(path)]) == 0
    saved = path.read_text(encoding="utf-8")
    assert "widget-view" not in saved and "widget-state" not in saved
    outputs = [cell.outputs for cell in nbformat.read(path, 4).cells]
    assert [len(each) for each in outputs] == [0, 2, 2, 2, 2]
    assert outputs[1][1].data == {"text/plain": UNANSWERED}
    assert outputs[1][1].metadata == {"gdlesson": {"question": "loss_factor"}}
    assert rerun([str(path)]) == 0 and path.read_text(encoding="utf-8") == saved
    options = ["--nbval", "--nbval-current-env", "-q", "-p", "no:cacheprovider", "--no-header"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(path)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0 and "5 passed" in done.stdout, done.stdout
