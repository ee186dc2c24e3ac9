"""Wrong answers by people who had not read the lists of mistakes: all refused, nearly all named.

tests/independent_answers.json holds three rounds of 75, each written by another person from the
references alone: double slips, ignored arguments, other methods' rules and single slips, every one
with a sentence that says what is wrong.
"""

import json
import linecache
import math
import pathlib
from collections import Counter

import numpy as np
import pytest

from gdlesson.exercises import catalogue as exercises

ANSWERS = json.loads(
    (pathlib.Path(__file__).parent / "independent_answers.json").read_text(encoding="utf-8")
)


def function(number, answer):
    """The learner's function, with a source that `inspect` finds."""
    name, source = f"<answer {number}>", answer["source"]
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    names = {"np": np, "math": math}
    exec(compile(source, name, "exec"), names)
    return names[answer["exercise"]]


def test_the_rounds_hold_what_they_should():
    for number in (1, 2, 3):
        kinds = Counter(answer["kind"] for answer in ANSWERS if answer["round"] == number)
        assert kinds.total() >= 70 and kinds["double"] >= 25
        assert kinds["ignored"] >= 10 and kinds["other method"] >= 10


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_wrong_answer_is_refused_and_nearly_every_one_is_named(number):
    here = exercises()  # some answers are to exercises that the course no longer has
    answers = [
        (i, each)
        for i, each in enumerate(ANSWERS)
        if each["round"] == number and each["exercise"] in here
    ]
    feedback = [exercises()[answer["exercise"]].check(function(i, answer)) for i, answer in answers]
    assert all(each.status in ("mistake", "convention", "error") for each in feedback)
    assert all(each.message for each in feedback)
    named = sum(each.mistake is not None for each in feedback)
    assert named >= 0.95 * len(answers), f"{named} of {len(answers)} have a name"
