"""Every exercise: its reference passes, each known mistake has its own name and message."""

import re

import numpy as np
import pytest
from errata_of import AGAIN

from gdlesson.checking.mistakes import PLACE
from gdlesson.checking.runner import Caller, Run
from gdlesson.exercises import catalogue as exercises

each = pytest.mark.parametrize("exercise", exercises().values(), ids=lambda e: e.name)
once = pytest.mark.parametrize(  # for what takes long
    "exercise", [e for e in exercises().values() if e.name not in AGAIN], ids=lambda e: e.name
)


@each
def test_the_reference_passes_and_reads_like_the_formula(exercise):
    assert exercise.check(exercise.reference).status == "passed"
    assert exercise.reference.__name__ == exercise.name
    solution = exercise.solution()
    assert repr(solution).startswith(f"def {exercise.signature}:\n")
    assert solution._repr_html_().startswith("<details><summary>")  # running does not unfold it


@once
def test_every_form_of_a_mistake_is_named_as_what_it_is(exercise):
    for mistake in exercise.mistakes:
        for form in exercise.functions(mistake):
            feedback = exercise.check(form)
            assert feedback.mistake == mistake.name
            assert feedback.status == ("convention" if mistake.convention else "mistake")


@once
def test_mistakes_are_pairwise_distinct_on_the_probes(exercise):
    seen = [
        (m.name, exercise.run(form)) for m in exercise.mistakes for form in exercise.functions(m)
    ]
    seen.append(("reference", exercise.run(exercise.reference)))
    alike = [(a, b) for a, x in seen for b, y in seen if a < b and x.agrees(y) and y.agrees(x)]
    assert alike == []


@once
def test_mistakes_have_names_and_messages_of_their_own(exercise):
    names = [mistake.name for mistake in exercise.mistakes]
    messages = [
        exercise.check(exercise.functions(mistake)[0]).message for mistake in exercise.mistakes
    ]
    assert len(names) >= 8 and len(set(names)) == len(names)
    assert len(set(messages)) == len(messages)


def _texts(exercise):
    """Hints, and each message as a learner reads it."""
    if exercise.name in AGAIN:
        return exercise.hints
    forms = (exercise.functions(mistake)[0] for mistake in exercise.mistakes)
    return [*exercise.hints, *(exercise.check(form).message for form in forms)]


PRIVATE = {*"told said looks keeps mends beside stands house room floor mine".split()}  # noqa: SIM905
PRAISE = {"simply", "obviously", "just", "easy", "wrong."}
STILTED = (  # the left column of the table of stilted phrases, and the like
    r"of course",
    r"com(es|ing) home",
    r"you get .* for ",
    r"bends? \S+ times",
    r"says how",
    r"wants of",
    r"how often does",
    r"hands? back",
    r"has no say",
    r"the root of that",
    r"but for where",
)


@each
def test_texts_are_plain_english(exercise):
    for text in _texts(exercise):
        words = text.lower().replace("looks ahead", "").replace(",", " ").replace(".", " ").split()
        assert not (PRIVATE | PRAISE) & set(words), text
        assert not [phrase for phrase in STILTED if re.search(phrase, text, re.IGNORECASE)], text
        assert "!" not in text and len(text) < 420, text
        assert text.endswith((".", "?")), text
        assert " -" not in re.sub(r"`[^`]*`", "", text), text  # a minus is −
    assert 2 <= len(exercise.hints) <= 3


@each
def test_the_first_sentence_states_the_slip_alone(exercise):
    """A message about two mistakes quotes it."""
    for mistake in exercise.mistakes:
        assert mistake.slip.endswith("."), mistake.slip
        assert not PLACE.search(mistake.slip), mistake.slip
        assert len(mistake.slip.split()) >= 3 and len(mistake.slip) < 160, mistake.slip
        assert mistake.slip != mistake.message


@each
def test_a_mistake_leads_on(exercise):
    for mistake in exercise.mistakes:
        if not mistake.convention:
            assert "?" in mistake.message, mistake.message


ANY_ORDER = {"sgd_epoch", "minibatches"}  # many results are right: numbers do not tell them apart
FEW_NUMBERS = {"count_minima", "backtrack", "tune", "is_difference_real"}  # or True and False


@pytest.mark.slow
@once
def test_few_pairs_of_edits_coincide_with_something_of_another_name(exercise):
    """Apart from pairs of which one edit hides the other: there the other's name is right."""
    if exercise.name in ANY_ORDER | FEW_NUMBERS:
        pytest.skip("its results are too few to tell all pairs apart")
    names, coincide = {}, []
    for mistake in exercise.mistakes:
        for function in exercise.functions(mistake):
            names.setdefault(_numbers(exercise, function), mistake.name)
    pairs = list(exercise.pairs())
    for (a, b), function in pairs:
        name = f"{a.name} and {b.name}"
        first = names.setdefault(_numbers(exercise, function), name)
        if first not in (name, a.name, b.name):
            coincide.append((name, first))
    print(f"{exercise.name}: {len(coincide)} of {len(pairs)} pairs: {coincide[:5]}")
    assert len(coincide) <= max(0.1 * len(pairs), 6)


def _numbers(exercise, function):
    """What a function does on all probes, rounded, as something that can be looked up."""
    run = Run(lambda run: exercise.observe(Caller(function, exercise), known=True))
    with np.errstate(all="ignore"):
        values = [value for moment in run.all() for value in moment.values]
    texts = [f"{v.shape} " + " ".join(f"{x:.8g}" for x in v.ravel()) for v in values]
    return "; ".join([*texts, str(run.stop and run.stop.kind)])
