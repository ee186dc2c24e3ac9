"""Lesson 19: the faulty functions, the runs that use them, and how four programs answer to lr."""

import inspect
import json
import pathlib
import re

import numpy as np
import pytest
from errata_of import AGAIN

from gdlesson.exercises import MODULES
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import clinic
from gdlesson.questions import catalogue as questions
from gdlesson.questions import patients
from gdlesson.questions.clinic import DATA_SETS

NOTEBOOK = pathlib.Path(__file__).parent.parent / "notebooks" / "19-clinic.ipynb"
NAMES = [name for name in MODULES if name.startswith("errata_")]


def code_cells():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def faulty(name):
    return getattr(patients, name)


def test_the_notebook_shows_the_functions_that_made_the_curves():
    shown = [cell for cell in code_cells() if re.search(r"^check\(", cell, re.MULTILINE)]
    assert len(NAMES) == 12
    assert shown == [f"{inspect.getsource(faulty(n)).rstrip()}\n\ncheck({n})" for n in NAMES]
    assert all(len(inspect.getsource(faulty(n)).splitlines()) <= 8 for n in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_faulty_function_is_recognised_and_its_reference_passes(name, recwarn):
    feedback = exercises()[name].check(faulty(name))
    assert feedback.status == "mistake"
    assert feedback.mistake in [mistake.name for mistake in exercises()[name].mistakes]
    assert feedback.message.startswith("The slip is still there.")  # and not which slip
    assert feedback.message.endswith("?")
    assert exercises()[name].check(exercises()[name].reference).status == "passed"
    assert not recwarn.list  # nothing red in the notebook


def falls(losses):
    return (np.diff(losses) < 0).all()


@pytest.mark.parametrize("data", range(DATA_SETS))
def test_the_curves_of_the_first_two_rounds_have_the_symptoms_that_the_solutions_name(data):
    double, sign = np.array(patients.double(data)), np.array(patients.sign(data))
    assert falls(double[:3]) and double[-1] > 100 * double[0]
    assert (np.diff(sign) > 0).all()
    stray, slow = np.array(patients.stray(data)), np.array(patients.uncentred(data))
    assert np.ptp(stray[20:]) < 1e-3 * stray[20] and stray[-1] > 0.5
    assert falls(slow) and 2e-3 * slow[0] < slow[-1] < 0.05 * slow[0]

    pairs, frozen = np.array(patients.pairs(data)), np.array(patients.frozen(data))
    assert 0.9 < np.mean(pairs) < 1.6 and np.ptp(pairs[-20:]) > 0.1
    assert np.ptp(frozen[20:]) < 1e-4 and frozen[-1] < 0.85
    last, overflow = np.array(patients.last(data)), np.array(patients.overflow(data))
    assert last[-1] > 1.1 * last.min() and len(last) == last.argmin() + 41
    assert falls(overflow) and 10 < len(overflow) < 40


@pytest.mark.parametrize("seed", range(6))
def test_the_curves_of_the_third_round_have_the_symptoms_that_the_solution_names(seed):
    posed = questions()["round_of_memories"].pose(seed)
    run = {key: posed.curves[letter] for letter, key in posed.kind.letters.items()}
    assert run["behind"][-20:].max() > 100 * run["behind"][0]
    assert np.ptp(run["drift"][60:]) < 0.1 * run["drift"][-1] < 0.02
    assert 0.8 * run["no_root"][0] < run["no_root"][-1] < run["no_root"][0]
    assert run["clock"][-1] < 1
    speed, n = -np.diff(np.log(run["clock"])), posed.numbers["n"]
    assert (speed[[n, 2 * n]] > 1.3 * speed[[n - 1, 2 * n - 1]]).all()  # two kinks


def test_what_is_right_in_the_valley_converges():
    """Each of the four methods, without its slip, with the same numbers."""
    right = {name: exercises()[name].reference for name in NAMES}
    start = np.array([3.0, 2.0])
    w, v = start, np.zeros(2)
    for _ in range(patients.LONG):
        w, v = right["errata_nesterov_step"](w, v, lambda w: patients.VALLEY * w, 0.018, 0.8)
    assert patients.valley(w) < 1e-4
    w, s = start, np.zeros(2)
    for _ in range(patients.LONG):
        w, s = right["errata_brackets"](w, s, patients.VALLEY * w, 1.0, 0.01)
    assert patients.valley(w) < 1e-4


@pytest.mark.parametrize("name, earlier", AGAIN.items())
def test_an_exercise_of_an_earlier_lesson_is_the_same_but_for_its_name(name, earlier):
    again, first = exercises()[name], exercises()[earlier]
    assert inspect.getsource(again.reference) == inspect.getsource(first.reference).replace(
        f"def {earlier}(", f"def {name}("
    )
    assert again.mistakes == first.mistakes and again.probes.__wrapped__ is first.probes
    assert again.signature == first.signature.replace(earlier, name)
    assert again.returns == first.returns and again.hints != first.hints


RATES = 10 ** np.arange(-4.0, -0.65, 0.1)


@pytest.mark.parametrize("program", clinic.PROGRAMS)
def test_the_readout_is_true_for_every_learning_rate(program):
    explorer = clinic.explore(program=program)
    for lr in RATES:
        explorer.set(lr=float(lr))
        start, end, right = re.search(
            r"is (\S+) at the start and (?:(?:below|above) )?(\S+) at the end.* it is "
            r"(?:below )?(\S+)\.$",
            explorer.readout,
        ).groups()
        late = clinic.losses(program, explorer.values["lr"])[-10:].mean()
        assert float(start) == pytest.approx(5, abs=0.2)
        assert float(end) == pytest.approx(min(max(late, 1e-4), 1e4), rel=0.06)
        # the distance in the axes of a standardised x is multiplied by 1 − 2·lr
        exact = (4.9 * (1 - 2 * lr) ** (2 * np.arange(51, 61))).mean()
        assert float(right) == pytest.approx(max(exact, 1e-4), rel=0.06)


def ends(program):
    return np.array([clinic.losses(program, float(lr))[-10:].mean() for lr in RATES])


def test_what_the_lesson_says_of_the_four_programs():
    start = clinic.losses("A", 0.1)[0]
    assert all((np.diff(clinic.losses("A", float(lr))) > 0).all() for lr in RATES)
    assert ((ends("B") > start) == (RATES > 1 / 40)).all()
    assert ends("C")[RATES > 0.0099] == pytest.approx(4.0, abs=0.05)
    assert all(
        clinic.losses("D", lr)[-10:].mean() == pytest.approx(end, abs=1e-4)
        for lr, end in ((0.1, 0.1085), (10**-1.3, 0.0223), (10**-1.5, 0.0076))
    )
