"""Lesson 10's explorer: where descents end, how it is described, and the maps of their basins."""

import numpy as np
import pytest

from gdlesson import GradientDescent, descend
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import basins, endings, landscapes
from gdlesson.explorers.basins import LANDSCAPES, STEPS, TOL
from gdlesson.explorers.state import at

SADDLE = {"landscape": "double well", "lr": 0.05, "w1": 1.2, "w2": 0.0}


@pytest.fixture
def explorer():
    return landscapes.explore()


@pytest.mark.parametrize(
    "controls, sentence",
    [
        (
            {},
            "From 1.80, descent with step size 0.050 converges to minimum 2 at 1.13, a local "
            "minimum with loss −1.07; the global minimum has loss −3.51. Of 400 starts on the "
            "strip, 54 % end within 0.1 of the global minimum and 46 % within 0.1 of a local one.",
        ),
        (
            {"lr": 0.13},
            "From 1.80, descent with step size 0.130 converges to minimum 1 at −1.30, the global "
            "minimum, with loss −3.51. Of 400 starts on the strip, 58 % end within 0.1 of the "
            "global minimum and 42 % within 0.1 of a local one.",
        ),
        (
            {"w1": 0.17, "lr": 0.001},
            "After 200 steps from 0.17 with step size 0.001, the ball is still close to the top of "
            "the hill at 0.17. The gradient is only 0.001, but the curvature −5.65 is negative, so "
            "this is no minimum. Of 400 starts on the strip, 34 % end within 0.1 of the global "
            "minimum, 31 % within 0.1 of a local one and 34 % near no minimum (blank).",
        ),
        (
            {"w1": 0.17, "lr": 0.003},
            "After 200 steps from 0.17 with step size 0.003, the ball is at 0.17 and still moves "
            "downhill. The loss is 0.0841; the global minimum has loss −3.51.",
        ),
        (
            {"lr": 0.001},
            "After 200 steps from 1.80 with step size 0.001, the ball is 0.05 away from minimum 2 "
            "at 1.13, a local minimum with loss −1.07; the global minimum has loss −3.51. Of",
        ),
        (
            {"w1": -1.3, "lr": 0.14},  # just above 2/L there: the distance grows slowly
            "After 200 steps from −1.30 with step size 0.140, the ball is 0.001 away from minimum "
            "1 at −1.30, the global minimum, with loss −3.51. It is not getting closer.",
        ),
        (
            {"lr": 1.0},
            "From 1.80, descent with step size 1.000 diverges. None of 400 starts on the strip "
            "ends within 0.1 of a minimum.",
        ),
        (
            {"landscape": "plateau"},
            "After 200 steps from 4.00 with step size 0.100, the ball is still on the plateau, at "
            "3.29. The gradient there is only 0.047, so the next step is 0.005 long. The loss is "
            "0.916; the minimum has loss 0.00. Of 400 starts on the strip, 64 % end within 0.1 "
            "of the minimum and 36 % near no minimum (blank).",
        ),
        (
            {"landscape": "plateau", "w1": 0.0},
            "The ball starts in minimum 1 at 0.00, the only minimum, with loss 0.00. The gradient "
            "is 0 there, so no step moves the ball.",
        ),
        (
            {"landscape": "kink"},
            "From 2.00, descent with step size 0.300 ends in a cycle: the ball jumps between −0.10 "
            "and 0.20 and never settles.",
        ),
        (
            {"landscape": "kink", "lr": 0.001, "w1": 0.05},
            "From 0.05, descent with step size 0.001 ends in a cycle: the ball jumps between 0.001 "
            "and 0 and never settles.",
        ),
        (
            {"landscape": "kink", "lr": 0.01},  # after 200 steps at 0, which the next one leaves
            "After 200 steps from 2.00 with step size 0.010, the ball is in minimum 1 at 0.00, the "
            "only minimum, with loss 0.00. Of",
        ),
        (
            {"landscape": "kink", "w1": 0.0},
            "The ball starts in minimum 1 at 0.00, the only minimum, with loss 0.00. The gradient "
            "is taken as 0 at the kink, so no step moves the ball.",
        ),
        (
            SADDLE,
            "From (1.20, 0.00), descent with step size 0.050 converges to the saddle at (0.00, "
            "0.00). The gradient there is 0, but the curvatures −4.00 and 2.00 have different "
            "signs, so this is no minimum. All 576 starts spread over the map end within 0.1 of a "
            "global minimum.",
        ),
        (
            SADDLE | {"w1": 0.0},
            "The ball starts on the saddle at (0.00, 0.00). The gradient there is 0, so no step "
            "moves the ball. However, the curvatures −4.00 and 2.00 have different signs, so this "
            "is no minimum.",
        ),
        (
            SADDLE | {"w1": 0.0, "w2": 1.0},
            "The ball starts in minimum 1 at (0.00, 1.00), one of two global minima, with loss "
            "0.00. The gradient is 0 there, so no step moves the ball.",
        ),
        (
            {"landscape": "Himmelblau"},
            "From (−1.00, 0.50), descent with step size 0.010 converges to minimum 4 at (−2.81, "
            "3.13), one of four global minima, with loss 0.00. All 576 starts spread over the map",
        ),
        (
            {"landscape": "Styblinski-Tang"},
            "From (0.50, 0.00), descent with step size 0.020 converges to minimum 2 at (2.75, "
            "−2.90), a local minimum with loss −64.20; the global minimum has loss −78.33. Of "
            "576 starts spread over the map, 25 % end within 0.1 of the global minimum and "
            "75 % within 0.1 of a local one.",
        ),
        (
            {"landscape": "Styblinski-Tang", "lr": 0.1},
            "After 200 steps from (0.50, 0.00) with step size 0.100, the ball is at (1.97, 3.36) "
            "and still jumps. The loss is −36.8; the global minimum has loss −78.33. None of 576",
        ),
    ],
)
def test_the_readout_says_where_it_ends_and_what_kind_of_place_that_is(controls, sentence):
    assert landscapes.explore(**controls).readout.startswith(sentence)


def test_what_is_said_to_converge_stays_there_and_a_cycle_repeats_for_long():
    rng, found = np.random.default_rng(5), {"converges": 0, "cycle": 0, "away": 0}
    for name, land in LANDSCAPES.items():
        low, high = np.transpose(land.surface.domain)
        for _ in range(60):
            start, lr = rng.uniform(low, high).round(2), float(rng.choice(landscapes.RATES))
            path = descend(land.surface, GradientDescent(lr), start, STEPS)
            text = endings.describe(land, lr, path)
            if "converges to" in text or "in a cycle" in text:
                last = descend(land.surface, GradientDescent(lr), path.last, 2000).w
                kind = "converges" if "converges" in text else "cycle"
                later = last[-1] if kind == "converges" else last[2]
                assert np.abs(later - last[0]).max() < 0.01, (name, lr, start, text)
                if kind == "converges":
                    place = endings.nearest(land, path.last)[2]
                    assert np.linalg.norm(later - place) < 1e-3, (name, lr, start, text)
                found[kind] += 1
            elif "away from" in text:
                found["away"] += 1
    assert min(found.values()) > 5, found


def test_the_map_is_coarse_at_once_and_fine_in_the_still():
    basins.basins_of.cache_clear()
    explorer = landscapes.explore(landscape="Himmelblau")
    side = explorer.views.map.image.get_array().shape
    text = explorer.readout
    explorer.still()
    assert side == (24, 24) and explorer.views.map.image.get_array().shape == (120, 120)
    explorer.set(w1=2.0)  # the same map, so it stays fine
    assert explorer.views.map.image.get_array().shape == (120, 120)
    assert explorer.readout.split(". ", 1)[-1] == text.split(". ", 1)[-1]
    explorer.set(lr=0.011)
    assert explorer.views.map.image.get_array().shape == (24, 24)
    explorer.set(lr=0.01)  # the map from before is remembered
    assert explorer.views.map.image.get_array().shape == (120, 120)


def test_the_fine_map_is_made_of_the_same_descents():
    made = basins.Basins(LANDSCAPES["Himmelblau"], 0.018)
    assert made.finest is made.coarse and made.fine is None
    pieces = sum(1 for _ in made.refine())
    assert pieces == 6 and made.finest is made.fine
    whole = basins.ends_in(made.land, 0.018, basins.grid(made.land, basins.FINE))
    np.testing.assert_array_equal(made.fine, whole)
    line = basins.Basins(LANDSCAPES["quartic"], 0.05)
    assert line.fine is line.coarse and line.fine.shape == (1, basins.STRIP)


@pytest.mark.parametrize("name", LANDSCAPES)
def test_each_place_of_the_map_is_where_a_descent_from_there_ends(name):
    land = LANDSCAPES[name]
    starts = basins.strip(land) if land.flat else basins.grid(land, 24)
    which = basins.ends_in(land, land.lr, starts)
    assert which.shape == starts.shape[:-1]
    rng = np.random.default_rng(3)
    for _ in range(12):
        i, j = rng.integers(starts.shape[0]), rng.integers(starts.shape[1])
        path = descend(land.surface, GradientDescent(land.lr), starts[i, j], STEPS)
        near = np.linalg.norm(land.minima - path.last, axis=1) <= TOL
        assert near.any() != np.isnan(which[i, j])
        assert not near.any() or near.argmax() == which[i, j]


def test_a_diverged_start_is_in_no_basin():
    land = LANDSCAPES["Himmelblau"]
    assert np.isnan(basins.ends_in(land, 0.02, np.array([[6.0, 6.0]]))).all()


def test_rows_of_the_map_run_upwards_and_columns_to_the_right():
    land = LANDSCAPES["double well"]
    starts = basins.grid(land, 4)
    assert starts[0, 0] == pytest.approx([-1.125, -1.35])
    assert starts[0, 1] == pytest.approx([-0.375, -1.35])
    which = basins.ends_in(land, 0.05, starts)
    assert (which[:2] == 1).all() and (which[2:] == 0).all()  # (0, 1) is the first minimum


def test_a_longer_step_throws_starts_over_the_hill():
    land = LANDSCAPES["quartic"]
    start = np.array([[1.8]])
    ends = [basins.ends_in(land, lr, start)[0] for lr in landscapes.RATES]
    assert landscapes.RATES[ends.index(0)] == 0.13  # none shorter gets into the deep valley
    pieces = [
        np.count_nonzero(np.diff(basins.ends_in(land, lr, basins.strip(land))))
        for lr in (0.05, 0.13)
    ]
    assert pieces == [1, 3]
    sharp = basins.ends_in(land, 0.15, basins.strip(land))
    assert not (sharp == 0).any() and (sharp == 1).any()


def test_dragging_on_either_picture_moves_the_start():
    explorer = landscapes.explore(landscape="Himmelblau")
    for which in (0, 1):
        handle = explorer.live._handles[which]
        move = {"handle": which, "x": handle["x"] + 30, "y": handle["y"] - 20, "move": which}
        before = explorer.values["w1"], explorer.values["w2"]
        explorer.live._drag = move
        after = explorer.values["w1"], explorer.values["w2"]
        assert after[0] > before[0] and after[1] > before[1]
        assert explorer.views.map.point.get_xydata()[0] == pytest.approx(after)
        assert explorer.shown.step_numbers[0, :2] == pytest.approx(after)


def test_on_a_curve_the_height_of_the_hand_does_not_matter(explorer):
    handle = explorer.live._handles[0]
    explorer.live._drag = {"handle": 0, "x": handle["x"] - 50, "y": 0, "move": 1}
    assert explorer.values["w1"] < 1.8 and explorer.values["w2"] == 0


def test_another_landscape_brings_its_start_and_step_size_and_reset_all_of_them(explorer):
    for name, land in LANDSCAPES.items():
        explorer.set(landscape=name)
        values = explorer.values
        assert (values["lr"], (values["w1"], values["w2"])) == (land.lr, land.start)
    explorer.buttons()["To the saddle"]()
    assert "converges to the saddle" in explorer.readout
    explorer.set(w2=0.01)
    assert "converges to minimum 1" in explorer.readout
    explorer.reset()
    assert explorer.values == landscapes.explore().values


def test_the_prediction_is_about_a_place_the_sliders_have():
    question = landscapes.ridge_question
    explorer = landscapes.explore(**question.about)
    assert at(explorer.controls, question.about)
    assert explorer.shown.step_numbers[1, 0] == pytest.approx(0.04, abs=0.005)
    surface = LANDSCAPES["quartic"].surface
    assert surface.grad([1.8])[0] == pytest.approx(13.53, abs=0.005)
    assert (surface.minima[0, 0], surface.local[0, 0]) == pytest.approx((-1.30, 1.13), abs=0.005)
    assert surface.maxima[0, 0] == pytest.approx(0.17, abs=0.005)
    assert question.answer in question.choices and "minimum 1" in explorer.readout


def test_a_learners_count_is_compared_with_the_packages():
    mine = landscapes.explore(mine=exercises()["count_minima"].reference, landscape="double well")
    text = (
        " Your function finds 3 different ends of the 25 descents from the crosses, as the package "
        "does."
    )
    assert mine.readout.endswith(text)
    assert len(mine.views.yours.line.get_xdata()) == 25
    mine.set(landscape="quartic")
    assert mine.readout.endswith(
        "2 different ends of the 21 descents from the crosses, as the package does."
    )
    assert len(mine.views.yours.line.get_xdata()) == 21
    mine.set(lr=1.0)
    assert mine.readout.endswith(" With this step size every start of your count diverges.")
    assert len(mine.views.yours.line.get_xdata()) == 0
    wrong = landscapes.explore(mine=lambda *a: len(a[1]), landscape="double well")
    assert wrong.readout.endswith(
        "25 different ends of the 25 descents from the crosses, the package finds 3."
    )

    def unwritten(grad, starts, lr, steps, tol): ...

    def unfinished(grad, starts, lr, steps, tol):
        return 1 / 0

    def all_of_them(grad, starts, lr, steps, tol):
        return starts

    number = "the function returned no number."
    still = "your function is still to be written."
    for fn, why in [(unwritten, still), (all_of_them, number), (unfinished, "ZeroDivision")]:
        explorer = landscapes.explore(mine=fn)
        assert "Your count is not shown: " in explorer.readout and why in explorer.readout
        assert len(explorer.views.yours.line.get_xdata()) == 0
    calls = []

    def counted(grad, starts, lr, steps, tol):
        calls.append(lr)
        return 1

    explorer = landscapes.explore(mine=counted)
    explorer.set(w1=1.0)
    assert calls == [0.05]  # a drag changes no count


@pytest.mark.parametrize("name", LANDSCAPES)
def test_the_packages_count_is_the_exercises(name):
    reference = exercises()["count_minima"].reference
    for lr in landscapes.RATES[::9]:
        starts, count = basins.counted(name, lr)
        with np.errstate(all="ignore"):
            assert reference(LANDSCAPES[name].surface.grad, starts, lr, STEPS, TOL) == count


def test_a_start_stays_inside_the_landscape(explorer):
    for name, land in LANDSCAPES.items():
        explorer.set(landscape=name)
        for key, (low, high) in zip(("w1", "w2"), land.surface.domain, strict=False):
            slider = explorer.controls[key]
            assert (slider.min, slider.max) == (low, high)
        assert ("w2" in explorer.disabled(explorer.values)) == land.flat
        explorer.live._drag = {"handle": 0, "x": 5000, "y": 9, "move": name}
        assert explorer.values["w1"] == land.surface.domain[0][1]


@pytest.mark.parametrize("name", LANDSCAPES)
def test_the_kind_of_a_critical_point_is_that_of_its_curvatures(name):
    land = LANDSCAPES[name]
    signs = {"minimum": {1.0}, "saddle": {-1.0, 1.0}, "maximum": {-1.0}}
    points = [*land.minima, *land.surface.saddles, *land.surface.maxima]
    for w in points:
        kind, _, place = endings.nearest(land, np.asarray(w) + 1e-3)
        np.testing.assert_array_equal(place, w)
        assert set(np.sign(landscapes.curvatures(land.surface, place))) == signs[kind]


def test_the_numbers_of_the_minima_lie_over_the_colours_of_the_map(explorer):
    for name, land in LANDSCAPES.items():
        explorer.set(landscape=name)
        over = [
            artist
            for artist in explorer.live.moving
            if getattr(artist, "get_text", str)() in set("1234")
            and artist.get_zorder() > explorer.views.map.image.get_zorder()
        ]
        assert len(over) == len(land.minima)
