"""Every question of the bank: its answer against another formula, its texts, its misconceptions."""

import importlib.util
import json
import pathlib
import re

import numpy as np
import pytest

from gdlesson.checking.kinds import Match
from gdlesson.formatting import significant
from gdlesson.questions import LESSONS, catalogue, for_lesson, retrieval
from gdlesson.questions import test_of_twelve as twelve

FOLDER = pathlib.Path(__file__).parent / "question_answers"
FEW, ALL = range(10), range(10, 200)


NOTEBOOKS = {  # lesson → the notebook that teaches it
    "start_here": "00-start-here",
    "slope": "01-slope",
    "one_step": "02-one-step",
    "step_size": "03-step-size",
    "gradient": "04-gradient",
    "batch": "05-batch",
    "stochastic": "06-stochastic",
    "schedules": "08-schedules",
    "mini_batch": "07-mini-batch",
    "classify": "09-classify",
    "landscapes": "10-landscapes",
    "momentum": "11-momentum",
    "nesterov": "12-nesterov",
    "curvature": "13-curvature",
    "adaptive": "14-adaptive",
    "adam": "15-adam",
    "network": "16-network",
    "race": "17-race",
    "clinic": "19-clinic",
    "sharpness": "18-sharpness",
}


def headings(lesson):
    """The headings in a lesson's notebook, or None where there is no notebook yet."""
    if lesson not in NOTEBOOKS:
        return None
    path = FOLDER.parent.parent / "notebooks" / f"{NOTEBOOKS[lesson]}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    return re.findall(r"^#+ (.*)$", text, re.MULTILINE)


def independent(question):
    """The function that answers a question by another formula."""
    lesson = "twelve" if question in twelve() else question.lesson
    spec = importlib.util.spec_from_file_location(f"answers_{lesson}", FOLDER / f"{lesson}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, question.name)


QUESTIONS = list(catalogue().values())
each = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)


seeds = pytest.mark.parametrize("seeds", [FEW, pytest.param(ALL, marks=pytest.mark.slow)], ids=str)


@each
@seeds
def test_answers_are_those_of_an_independent_formula_and_told_apart(question, seeds):
    other = independent(question)
    for seed in seeds:
        posed = question.pose(seed)
        answers_agree(posed, other)
        misconceptions_are_named(posed)


def answers_agree(posed, other):
    """The answer is that of another formula, within rounding."""
    expected = other(**posed.numbers)
    if isinstance(posed.kind, Match):  # then the losses of each run, and so the curves
        assert posed.answer == {key: key for key in expected}
        for letter, key in posed.kind.letters.items():
            np.testing.assert_allclose(posed.curves[letter], expected[key], rtol=1e-6)
    elif isinstance(expected, float | int | np.number):
        assert posed.answer == pytest.approx(expected, rel=1e-6)
    else:
        assert posed.kind.same(posed.answer, expected)


def misconceptions_are_named(posed):
    """The right answer passes, and each wrong one has its own name and message."""
    assert len({m.name for m in posed.question.misconceptions}) >= 2
    assert posed.judge(posed.answer).status == "passed"
    for name, value, message in posed.wrong:
        feedback = posed.judge(value)
        assert (feedback.status, feedback.mistake) == ("mistake", name), (posed.seed, posed.numbers)
        assert feedback.message == message


@each
def test_texts_are_filled_and_say_the_numbers_exactly(question):
    for seed in range(40):
        posed = question.pose(seed)
        for text in (posed.text, posed.hint, posed.solution, *(w[2] for w in posed.wrong)):
            assert text.strip() and not re.search(r"[{}]|nan|inf\b|  |None", text), text
        for name in re.findall(r"{(\w+)}", question.text):
            value = posed.numbers.get(name)
            if isinstance(value, float):  # what the learner reads is what the answer is made of
                assert float(significant(value, 4).replace("−", "-")) == pytest.approx(value, 1e-9)


@each
def test_its_numbers_change_with_the_seed_and_only_with_it(question):
    poses = [question.pose(seed) for seed in range(20)]
    assert question.pose(3).text == poses[3].text and question.pose(3).answer == poses[3].answer
    shown = {(p.text, str(p.kind), str(p.answer)) for p in poses}
    assert len(shown) > 1


@each
def test_its_section_is_in_the_lesson(question):
    found = headings(question.lesson)
    assert question.section and (found is None or question.section in found), found


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_has_three_questions_of_its_own(lesson):
    questions = for_lesson(lesson)
    assert len(questions) >= 3
    assert {question.lesson for question in questions} == {lesson}


def test_names_are_unique_and_retrieval_goes_back_two_lessons():
    names = [question.name for lesson in LESSONS for question in for_lesson(lesson)]
    assert len(names) == len(set(names))
    assert retrieval("gradient") == for_lesson("one_step")
    assert retrieval("slope") == ()


def test_the_test_of_twelve_is_not_practised_in_any_lesson():
    assert len(twelve()) == 12
    practised = {question.name for lesson in LESSONS for question in for_lesson(lesson)}
    assert not practised & {question.name for question in twelve()}
    for number, question in enumerate(twelve(), 1):
        assert question.name.startswith(f"test_{number:02d}_") and question.lesson in LESSONS
