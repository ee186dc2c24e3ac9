"""The question bank, one module per lesson, without sliders. Imports NumPy and the core only."""

from functools import cache
from importlib import import_module

# The lessons of the course in their order; each has a module of questions here.
LESSONS = (
    "start_here",
    "slope",
    "one_step",
    "step_size",
    "gradient",
    "batch",
    "stochastic",
    "mini_batch",
    "schedules",
    "classify",
    "landscapes",
    "momentum",
    "nesterov",
    "curvature",
    "adaptive",
    "adam",
    "network",
    "race",
    "sharpness",
    "clinic",
)


@cache
def catalogue():
    """Return all questions by name: name → Question, by lesson, and then the test of twelve."""
    questions = [question for lesson in LESSONS for question in for_lesson(lesson)]
    return {question.name: question for question in (*questions, *test_of_twelve())}


def test_of_twelve():
    """Return the questions of the test before and after the course, as a tuple."""
    return import_module(f"{__name__}.twelve").QUESTIONS


def for_lesson(lesson):
    """Return the transfer questions of a lesson, named as in LESSONS, as a tuple.

    Raises ValueError for an unknown lesson.
    """
    if lesson not in LESSONS:
        raise ValueError(f"expected a lesson among {', '.join(LESSONS)}, got {lesson!r}")
    return import_module(f"{__name__}.{lesson}").QUESTIONS


def retrieval(lesson):
    """Return the questions that a lesson repeats: those of two lessons earlier, as a tuple."""
    number = LESSONS.index(lesson)
    return for_lesson(LESSONS[number - 2]) if number >= 2 else ()
