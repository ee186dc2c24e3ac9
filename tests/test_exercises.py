"""Every exercise: its reference passes, each known mistake has its own name and message."""

import pytest

from gdlesson.exercises import catalogue as exercises

each = pytest.mark.parametrize("exercise", exercises().values(), ids=lambda e: e.name)


@each
def test_the_reference_passes_and_reads_like_the_formula(exercise):
    assert exercise.check(exercise.reference).status == "passed"
    assert exercise.reference.__name__ == exercise.name
    solution = exercise.solution()
    assert repr(solution).startswith(f"def {exercise.signature}:\n")
    assert solution._repr_html_().startswith("<details><summary>")  # running does not unfold it


@each
def test_every_form_of_a_mistake_is_named_as_what_it_is(exercise):
    for mistake in exercise.mistakes:
        for form in exercise.functions(mistake):
            feedback = exercise.check(form)
            assert feedback.mistake == mistake.name
            assert feedback.status == ("convention" if mistake.convention else "mistake")


@each
def test_mistakes_are_pairwise_distinct_on_the_probes(exercise):
    seen = [
        (m.name, exercise.run(form)) for m in exercise.mistakes for form in exercise.functions(m)
    ]
    seen.append(("reference", exercise.run(exercise.reference)))
    alike = [(a, b) for a, x in seen for b, y in seen if a < b and x.agrees(y) and y.agrees(x)]
    assert alike == []


@each
def test_mistakes_have_names_and_messages_of_their_own(exercise):
    names = [mistake.name for mistake in exercise.mistakes]
    messages = [
        exercise.check(exercise.functions(mistake)[0]).message for mistake in exercise.mistakes
    ]
    assert len(names) >= 8 and len(set(names)) == len(names)
    assert len(set(messages)) == len(messages)


@each
def test_what_is_said_keeps_the_voice(exercise):
    said = [
        *exercise.hints,
        *(exercise.check(exercise.functions(m)[0]).message for m in exercise.mistakes),
    ]
    for text in said:
        words = text.lower().replace(",", " ").replace(".", " ").split()
        assert not {"simply", "obviously", "just", "easy", "wrong."} & set(words), text
        assert "!" not in text and len(text) < 420, text
        assert text.endswith((".", "?")), text
    assert 2 <= len(exercise.hints) <= 3
