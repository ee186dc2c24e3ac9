"""The computed states of the web edition: which there are, and that packing loses nothing."""

import base64
import gzip
import json
import struct

import nbformat
import numpy as np
import pytest

from gdlesson.explorers import catalogue
from gdlesson.live.controls import choice, slider, stops
from gdlesson.live.recorder import GRID, Recorder
from gdlesson.site.build import affordable, numbers_in
from gdlesson.site.packing import NOT_FINITE, Integers, packed, to_decimals
from gdlesson.site.plans import PLANS, PROBE, Plan, is_named, places, size, thinned
from gdlesson.site.run import question_of, run
from gdlesson.site.states import Recording, change

SMALL = Plan(2, 9, 3, 2, (3, 2))


@pytest.fixture(scope="module")
def valley():
    explorer = catalogue()["step_size"](landscape="valley", lr=0.02)
    return explorer, Recording(explorer, 900, SMALL, named=(0.05,))


def test_a_recording_leaves_the_explorer_as_it_was(valley):
    explorer, _ = valley
    assert explorer.values["lr"] == 0.02 and explorer.values["landscape"] == "valley"


def test_each_state_is_what_the_explorer_shows_there(valley):
    explorer, recording = valley
    (branch,) = recording.branches.values()
    for text, number in zip(branch.primary, branch.lines[""].values(), strict=True):
        explorer.set(lr=next(v for v in places(explorer.controls["lr"]) if f"{v:.4f}" == text))
        state = recording.states[number]
        assert state.shown["alt"] == explorer.readout
        assert state.shown["_points"] == explorer.live._points
    explorer.reset()


def test_the_start_the_best_step_and_what_the_text_names_are_always_computed(valley):
    _, recording = valley
    (branch,) = recording.branches.values()
    assert recording.states[recording.start].texts["lr"] == "0.0200"
    assert {"0.0200", "0.0769", "0.0500"} <= set(branch.primary)  # 2/(μ + L) = 1/13
    best = branch.lines[""][branch.primary.index("0.0769")]
    assert set(branch.lines["button:Best step size"].values()) == {best}


def test_more_places_are_computed_where_the_picture_changes_fast():
    explorer = catalogue()["step_size"]()
    (branch,) = Recording(explorer, 900, Plan(1, 41, 1, 0, (1, 1))).branches.values()
    at = np.array(branch.at)
    assert len(at) == 41 and (np.diff(at) > 0).all()
    # The loss after 30 steps changes most where steps nearly diverge, or end at the minimum.
    assert np.diff(at).min() < 0.5 * np.diff(at).max()


def test_other_controls_move_alone_and_with_fewer_places(valley):
    _, recording = valley
    (branch,) = recording.branches.values()
    texts, ats, own = branch.others["steps"]
    assert texts[own] == "30" and ats == sorted(ats)
    for line, states in branch.lines.items():
        for number in states.values():
            steps = recording.states[number].texts["steps"]
            assert steps == (texts[int(line[6:])] if line.startswith("steps:") else "30"), line


def test_a_dragged_start_has_its_places(valley):
    _, recording = valley
    (branch,) = recording.branches.values()
    lines = [line for line in branch.lines if line.startswith("start:")]
    assert len(lines) == 4  # two in each direction
    handles = {
        json.dumps(recording.states[next(iter(branch.lines[line].values()))].shown["_handles"])
        for line in lines
    }
    assert len(handles) == 4


@pytest.mark.parametrize("name", ["slope", "when_to_stop", "gradient_axes", "landscapes"])
def test_choices_are_combined_and_may_change_the_ranges_of_others(name):
    recording = Recording(catalogue()[name](), 360, SMALL)
    for state in recording.states:
        assert state.shown["_size"][0] == 360
    for branch in recording.branches.values():
        assert branch.start in branch.lines[""].values()
        assert len(branch.primary) == len(branch.at) == len(branch.lines[""])


def test_buttons_that_lead_elsewhere_from_each_state_or_take_long_are_left_out():
    recording = Recording(catalogue()["local_parabola"](), 900, PROBE)
    lines = {line for branch in recording.branches.values() for line in branch.lines}
    assert "button:lr = 1/L" in lines and "button:Take the step" not in lines
    race = catalogue()["race"]()
    assert race.long_runs and set(race.long_runs) <= set(race.buttons())


def test_a_button_may_move_another_control_for_every_value_of_the_primary_one():
    recording = Recording(catalogue()["gradient_axes"](), 900, PROBE)
    branch = next(iter(recording.branches.values()))
    line = branch.lines["button:Best step size"]
    assert len({recording.states[number].texts["axes"] for number in line.values()}) == len(line)
    assert len({recording.states[number].texts["share"] for number in line.values()}) == 1


def test_the_size_of_a_plan_is_estimated_well():
    for name in ("rectangle", "nesterov_shares", "stationary"):
        explorer = catalogue()[name]()
        there = len(Recording(explorer, 900, SMALL).states)
        assert 0.6 * there <= size(explorer, SMALL) <= 1.6 * there


def test_a_plan_is_chosen_by_the_bytes_it_takes():
    explorer = catalogue()["rectangle"]()
    assert PLANS.index(affordable(explorer, 30e3)) > PLANS.index(affordable(explorer, 300e3))
    assert affordable(explorer, 0) == PLANS[-1]


def test_places_are_those_of_the_slider():
    assert places(slider("s", 0.5, 0, 1, 0.25)) == [0, 0.25, 0.5, 0.75, 1]
    assert places(stops("s", [1, 2, 5], 2)) == [1, 2, 5]
    assert places(choice(["a", "b"])) == ["a", "b"]


def test_thinned_values_have_both_ends_and_the_one_to_keep():
    assert thinned(range(101), 3) == [0, 50, 100]
    assert thinned(range(101), 3, keep=7) == [0, 7, 50, 100]
    assert thinned([1, 2], 5) == [1, 2]
    assert thinned([0.0, 1.0], 5, keep=0.3) == [0.0, 0.3, 1.0]


def test_named_numbers_are_found_in_the_text():
    cell = nbformat.v4.new_markdown_cell("At 0.200, or 1/L = 0.1 in lesson 03, w2 and v1.5.2.")
    numbers = numbers_in(nbformat.v4.new_notebook(cells=[cell]))
    assert {0.2, 0.1, 3.0} <= set(numbers) and 5.2 not in numbers
    assert is_named(0.2 + 1e-12, numbers) and not is_named(0.21, numbers)
    assert not is_named("valley", numbers)


def test_a_picture_with_other_points_has_changed_altogether(valley):
    _, recording = valley
    one, other = recording.states[0], recording.states[recording.start]
    assert change(one, one) == 0
    assert change(one, other) >= 0


# --- packing


def unpacked_integers(integers):
    """As states.js does it."""
    planes = np.frombuffer(integers.packed(), np.uint8).reshape(4, -1).T.copy().view("<u4").ravel()
    folded = planes.astype(np.int64)
    differences = (folded >> 1) ^ -(folded & 1)
    arrays, at = [], 0
    for length, before, apart in integers.modes:
        part = differences[at : at + length]
        at += length
        if before >= 0:
            arrays.append((part + arrays[before]).astype(np.int32))
            continue
        array = np.zeros(length, np.int32)
        for i in range(length):
            last = int(array[i - apart]) if i >= apart else 0
            array[i] = np.int64(part[i] + last).astype(np.int32)
        arrays.append(array)
    return arrays


def test_integers_come_back_whatever_they_are():
    rng, integers = np.random.default_rng(0), Integers()
    ends = np.array([-(2**31), 2**31 - 1, 0, -1], np.int32)
    entries = [ends, ends[::-1].copy(), np.zeros(0, np.int32), ends, np.array([7], np.int32)]
    entries += [rng.integers(-(2**31), 2**31, 10, np.int32) for _ in range(5)]
    numbers = [integers.add(entry, "place", 2) for entry in entries]
    arrays = unpacked_integers(integers)
    assert numbers[3] == numbers[0]  # stored once
    for number, entry in zip(numbers, entries, strict=True):
        np.testing.assert_array_equal(arrays[number], entry)


@pytest.mark.parametrize(
    "number, text, shown",
    [
        (0.12345, "{0:g}", "0.123"),
        (1234.5, "{0:g}", "1.2e+03"),
        (4.56e-7, "{0:g}", "4.6e-07"),
        (1e-320, "{0:g}", None),  # shown as 0 or nearly; see below
        (3.14159, "{0}", "3.14"),
        (-0.004, "{0}", "-0.00"),
        (54321.0, "{0}", "5.4e+04"),
        (1e300, "{0}", "1.0e+300"),
    ],
)
def test_numbers_have_the_digits_that_are_shown(number, text, shown):
    mantissas, exponents = to_decimals(np.array([number]).tobytes(), {"steps": 0, "text": text})
    value = float(f"{mantissas[0]}e{exponents[0]}")
    if shown is None:
        assert abs(value) <= 1e-300
    elif "e" in shown:
        assert f"{value:.1e}" == shown
    else:
        assert format(value, ".3g" if ":g" in text else ".2f") in (shown, shown.lstrip("-"))


def test_what_is_not_finite_is_kept():
    data = np.array([np.nan, np.inf, -np.inf]).tobytes()
    mantissas, exponents = to_decimals(data, {"steps": 2, "text": "{0}"})
    assert mantissas.tolist() == [0, 1, -1] and set(exponents.tolist()) == {NOT_FINITE}


def test_the_recorder_rounds_to_the_grid_that_is_packed():
    recorder = Recorder(catalogue()["rectangle"]().figure)
    points = recorder.from_top(np.random.default_rng(0).uniform(-1e4, 1e4, (50, 2)))
    assert np.array_equal(points * GRID, np.round(points * GRID))


def test_a_packed_recording_is_text_with_a_header(valley):
    _, recording = valley
    data = gzip.decompress(base64.b64decode(packed(recording)))
    (length,) = struct.unpack("<I", data[:4])
    header = json.loads(data[4 : 4 + length])
    assert len(header["states"]) == len(recording.states)
    assert header["controls"] == [["lr", "step size lr", None], ["steps", "steps", None]]
    assert packed(recording) == packed(recording)


# --- running a lesson


def test_a_lesson_is_run_and_its_parts_are_found(tmp_path):
    sources = [
        "from gdlesson import ask\nfrom gdlesson.explorers import step_size",
        "step_size.overshoot_question",
        "step_size.explore(after=step_size.overshoot_question)",
        "step_size.explore(lr=0.2)",
        'ask("loss_factor", seed=1)',
        "print(1)",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    lesson = run(nbformat.v4.new_notebook(cells=cells), "03-step-size")
    shown = lesson.shown()
    assert shown[2] == {"explorer": "03-step-size"} and shown[3] == {"explorer": "03-step-size-2"}
    assert shown[1]["prediction"]["explorer"] == "03-step-size"
    assert shown[1]["prediction"]["name"] == "overshoot"
    assert shown[4] == {"question": "loss_factor"} and 5 not in shown


def test_a_cell_that_fails_is_named():
    cell = nbformat.v4.new_code_cell("1 / 0")
    with pytest.raises(RuntimeError, match="cell 0 of 03-x failed: division by zero"):
        run(nbformat.v4.new_notebook(cells=[cell]), "03-x")


def test_a_question_is_recognised_by_its_call():
    assert question_of('ask("one")') == "one"
    assert question_of("x = 1") is None
    assert question_of("") is None
    assert question_of("ask(name)") is None
