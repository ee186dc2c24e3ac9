"""Mistakes as edits of the reference's source, and two of them at once."""

import numpy as np
import pytest

from gdlesson.checking.exercise import Convention, Exercise, Mistake, edit, either
from gdlesson.checking.mistakes import Compiler, fill, first_sentence
from gdlesson.checking.probes import Call


def line(x, k, c):
    y = k * x
    return y + c


def _compiled(form):
    return Compiler(line).function(form)


def _exercise(mistakes, **more):
    probes = [Call(2.0, 3.0, 5.0), Call(np.array([1.0, -4.0]), 0.5, 2.0)]
    return Exercise("line", "line(x, k, c)", line, mistakes, lambda: probes, **more)


def test_an_edit_is_the_reference_with_other_text_in_its_own_module():
    wrong = _compiled(edit(("k * x", "np.sqrt(k) * x")))
    assert wrong(3.0, 4.0, 1.0) == 7.0 and wrong.__name__ == "line"


def test_the_replacements_of_one_edit_are_made_at_once():
    swapped = _compiled(edit(("k * x", "y + c"), ("y + c", "k * x")))
    with pytest.raises(UnboundLocalError):
        swapped(3.0, 4.0, 1.0)


def test_first_lines_come_first():
    assert _compiled(edit(first="x = x + 1\nk = 10"))(3.0, 4.0, 1.0) == 41.0
    assert _compiled(edit(("+ c", "- c"), first="c = 2"))(3.0, 4.0, 1.0) == 10.0


@pytest.mark.parametrize(
    "replacements, why",
    [
        ((("z", "x"),), "'z' occurs 0 times"),
        ((("y", "x"),), "'y' occurs 2 times"),
        ((("k * x", "x"), ("* x\n", "\n")), "overlap"),
    ],
)
def test_an_edit_that_does_not_fit_is_an_error_in_one_sentence(replacements, why):
    exercise = _exercise([Mistake("odd", edit(*replacements), "It is odd.")])
    with pytest.raises(ValueError, match=why):
        exercise.functions(exercise.mistakes[0])


def test_an_edit_is_compiled_when_it_is_needed():
    exercise = _exercise([Mistake("odd", edit(("z", "x")), "It is odd.")])
    assert exercise.check(line).status == "passed"


MINUS = Mistake("minus", edit(("+ c", "- c")), "c is subtracted. Which {sign} does {c} have?")
OVER = Mistake(
    "quotient", either(("k * x", "x / k"), ("k * x", "k / x")), "k and x are divided. Why is that?"
)
SHIFTED = Convention("shifted", edit(first="x = x - 1"), "x is counted from 1. We count from 0.")


def test_two_mistakes_at_once_have_both_names_and_both_first_sentences():
    check = _exercise([MINUS, OVER]).check
    feedback = check(lambda x, k, c: x / k - c)
    assert (feedback.status, feedback.mistake) == ("mistake", "minus and quotient")
    assert feedback.message.startswith(
        "Two things differ from the rule. c is subtracted. k and x are divided. "
    )
    assert check(lambda x, k, c: k / x - c).mistake == "minus and quotient"
    assert check(lambda x, k, c: x / k + c).message == "k and x are divided. Why is that?"


def test_two_edits_of_one_place_are_made_one_after_the_other():
    twice = Mistake("twice", edit(("c\n", "2 * c\n")), "c is doubled. Why?")
    assert _exercise([MINUS, twice]).check(lambda x, k, c: k * x - 2 * c).mistake == (
        "minus and twice"
    )


def test_two_forms_of_one_mistake_are_that_mistake():
    both = Mistake("signs", either(("k * x", "-k * x"), ("+ c", "- c")), "A sign is wrong. Which?")
    feedback = _exercise([both]).check(lambda x, k, c: -k * x - c)
    assert (feedback.mistake, feedback.message) == ("signs", "A sign is wrong. Which?")


def test_a_convention_with_a_mistake_is_a_mistake_and_two_conventions_are_one():
    below = Convention("below", edit(("y + c", "y - 2 * c")), "c is counted twice, downwards.")
    check = _exercise([SHIFTED, MINUS, below]).check
    assert check(lambda x, k, c: k * (x - 1) - c).status == "mistake"
    both = check(lambda x, k, c: k * (x - 1) - 2 * c)
    assert (both.status, both.mistake) == ("convention", "shifted and below")
    assert both.message == (
        "Two conventions differ from ours. x is counted from 1. c is counted twice, downwards. "
        "Neither is wrong."
    )


def test_a_function_is_a_form_too_and_is_not_combined():
    by_hand = Mistake("zero", (lambda x, k, c: 0 * x, edit(("+ c", "+ 0 * c * k"))), "Zero. Why?")
    exercise = _exercise([by_hand, MINUS])
    assert exercise.check(lambda x, k, c: 0 * x).mistake == "zero"
    assert len(list(exercise.pairs())) == 0  # both edits replace the same text


def test_braces_that_are_no_placeholders_stay():
    message = _exercise([MINUS]).check(lambda x, k, c: k * x - c).message
    assert message == "c is subtracted. Which {sign} does {c} have?"
    assert fill("{given}: {x} {} {", lambda: {"given": "a = 1"}) == "a = 1: {x} {} {"


def test_without_evidence_its_sentences_are_left_out():
    assert fill("It is 0.5. With {given} it is {got}. Why?", lambda: None) == "It is 0.5. Why?"


def test_a_first_sentence_may_contain_numbers():
    assert first_sentence("At β = 0.9 it is 1. Why?") == "At β = 0.9 it is 1."
    assert first_sentence("No stop") == "No stop"


def test_the_default_of_a_parameter_may_contain_commas():
    def f(x, shape=(1, 2)):
        return x + shape[0]

    exercise = Exercise("f", "f(x, shape=(1, 2))", f, [], lambda: [Call(1.0, (3, 4))])
    assert (exercise.parameters, exercise.required) == (("x", "shape"), 1)
    assert exercise.check(f).status == "passed"
    assert exercise.check(lambda x: x + 3).status == "passed"


def test_an_exercise_without_hints_has_none(capsys):
    _exercise([]).hint()
    assert capsys.readouterr().out == "There is no hint for line.\n"
