"""Lesson 08's room: where descents end, how it is told, and the maps of their basins."""

import numpy as np
import pytest

from gdlesson import GradientDescent, descend
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import landscapes

SADDLE = {"landscape": "double well", "lr": 0.05, "w1": 1.2, "w2": 0.0}


@pytest.fixture
def explorer():
    return landscapes.explore()


@pytest.mark.parametrize(
    "controls, sentence",
    [
        (
            {},
            "Step size 0.050 from 1.80: it ends in minimum 2 at 1.13, loss −1.07: a local minimum; "
            "the best is −3.51. 54 % of 400 starts on the strip end in the best minimum, 46 % in "
            "a local one.",
        ),
        (
            {"lr": 0.13},
            "Step size 0.130 from 1.80: it ends in minimum 1 at −1.30, loss −3.51: no minimum is "
            "deeper. 58 % of 400 starts on the strip end in the best minimum, 42 % in a local one.",
        ),
        (
            {"w1": 0.17, "lr": 0.001},
            "Step size 0.001 from 0.17: it still lingers near the top of a hill at 0.17: "
            "gradient 0.001, but curvature −5.65, downwards, no minimum.",
        ),
        (
            {"w1": 0.17, "lr": 0.003},
            "Step size 0.003 from 0.17: after 200 steps it is still on its way at 0.17.",
        ),
        ({"lr": 1.0}, "Step size 1.000 from 1.80: it diverges."),
        (
            {"landscape": "plateau"},
            "Step size 0.100 from 4.00: after 200 steps it is still on a plateau at 3.29. The "
            "gradient there is 0.047 long, so the last step was 0.005; loss 0.916 and the best is "
            "0.00. 64 % of 400 starts on the strip end in the best minimum, 36 % in none (blank).",
        ),
        (
            {"landscape": "kink"},
            "Step size 0.300 from 2.00: it jumps between −0.10 and 0.20 for ever.",
        ),
        (
            SADDLE,
            "Step size 0.050 from (1.20, 0.00): it is stuck on the saddle at (0.00, 0.00): "
            "gradient 0, but curvatures −4.00 and 2.00, of both signs, no minimum. All 576 starts "
            "on the map end in a best minimum.",
        ),
        (
            {"landscape": "Styblinski-Tang"},
            "Step size 0.020 from (0.50, 0.00): it ends in minimum 2 at (2.75, −2.90), loss "
            "−64.20: a local minimum; the best is −78.33. 25 % of 576 starts on the map end in "
            "the best minimum, 75 % in a local one.",
        ),
    ],
)
def test_the_readout_says_where_it_ends_and_what_kind_of_place_that_is(controls, sentence):
    assert landscapes.explore(**controls).readout.startswith(sentence)


def test_the_map_is_coarse_at_once_and_fine_in_the_still():
    explorer = landscapes.explore(landscape="Himmelblau")
    side = explorer.map.image.get_array().shape
    told = explorer.readout
    explorer.still()
    assert side == (24, 24) and explorer.map.image.get_array().shape == (120, 120)
    explorer.set(w1=2.0)  # the same map, so it stays fine
    assert explorer.map.image.get_array().shape == (120, 120)
    assert explorer.readout.split(". ", 2)[-1] == told.split(". ", 2)[-1]
    explorer.set(lr=0.011)
    assert explorer.map.image.get_array().shape == (24, 24)


@pytest.mark.parametrize("name", landscapes.LANDSCAPES)
def test_each_place_of_the_map_is_where_a_descent_from_there_ends(name):
    land = landscapes.LANDSCAPES[name]
    starts = landscapes.line(land) if land.flat else landscapes.grid(land, 24)
    which = landscapes.ends_in(land, land.lr, starts)
    assert which.shape == starts.shape[:-1]
    rng = np.random.default_rng(3)
    for _ in range(12):
        i, j = rng.integers(starts.shape[0]), rng.integers(starts.shape[1])
        path = descend(land.surface, GradientDescent(land.lr), starts[i, j], landscapes.STEPS)
        near = np.linalg.norm(land.minima - path.last, axis=1) <= landscapes.TOL
        assert near.any() != np.isnan(which[i, j])
        assert not near.any() or near.argmax() == which[i, j]


def test_a_diverged_start_is_in_no_basin():
    land = landscapes.LANDSCAPES["Himmelblau"]
    assert np.isnan(landscapes.ends_in(land, 0.02, np.array([[6.0, 6.0]]))).all()


def test_rows_of_the_map_run_upwards_and_columns_to_the_right():
    land = landscapes.LANDSCAPES["double well"]
    starts = landscapes.grid(land, 4)
    assert starts[0, 0] == pytest.approx([-1.125, -1.35])
    assert starts[0, 1] == pytest.approx([-0.375, -1.35])
    which = landscapes.ends_in(land, 0.05, starts)
    assert (which[:2] == 1).all() and (which[2:] == 0).all()  # (0, 1) is the first minimum


def test_a_longer_step_throws_starts_over_the_hill():
    land = landscapes.LANDSCAPES["quartic"]
    start = np.array([[1.8]])
    ends = [landscapes.ends_in(land, lr, start)[0] for lr in landscapes.RATES]
    assert landscapes.RATES[ends.index(0)] == 0.13  # none shorter gets into the deep valley
    pieces = [
        np.count_nonzero(np.diff(landscapes.ends_in(land, lr, landscapes.line(land))))
        for lr in (0.05, 0.13)
    ]
    assert pieces == [1, 3]
    sharp = landscapes.ends_in(land, 0.15, landscapes.line(land))
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
        assert explorer.map.point.get_xydata()[0] == pytest.approx(after)
        assert explorer.path.w[0] == pytest.approx(after)


def test_on_a_curve_the_height_of_the_hand_does_not_matter(explorer):
    handle = explorer.live._handles[0]
    explorer.live._drag = {"handle": 0, "x": handle["x"] - 50, "y": 0, "move": 1}
    assert explorer.values["w1"] < 1.8 and explorer.values["w2"] == 0


def test_another_landscape_brings_its_start_and_step_size_and_reset_all_of_them(explorer):
    for name, land in landscapes.LANDSCAPES.items():
        explorer.set(landscape=name)
        values = explorer.values
        assert (values["lr"], (values["w1"], values["w2"])) == (land.lr, land.start)
    explorer.buttons()["To the saddle"]()
    assert "stuck on the saddle" in explorer.readout
    explorer.set(w2=0.01)
    assert "ends in minimum 1" in explorer.readout
    explorer.reset()
    assert explorer.values == landscapes.explore().values


def test_the_prediction_is_about_a_place_the_sliders_have():
    question = landscapes.ridge_question
    explorer = landscapes.explore(**question.about)
    assert explorer._is_at(question.about)
    assert explorer.path.w[1, 0] == pytest.approx(0.04, abs=0.005)
    assert explorer.path.g[0, 0] == pytest.approx(13.53, abs=0.005)


def test_a_learners_count_is_told_beside_ours():
    mine = landscapes.explore(mine=exercises()["count_minima"].reference, landscape="double well")
    said = "Your count finds 3 different ends of the 25 crosses, so does ours."
    assert mine.readout.endswith(said)
    assert len(mine.mine.line.get_xdata()) == 25
    mine.set(landscape="quartic")
    assert mine.readout.endswith("finds 2 different ends of the 21 crosses, so does ours.")
    wrong = landscapes.explore(mine=lambda *a: len(a[1]), landscape="double well")
    assert wrong.readout.endswith("25 different ends of the 25 crosses, ours finds 3.")

    def unwritten(grad, starts, lr, steps, tol): ...

    def unfinished(grad, starts, lr, steps, tol):
        return 1 / 0

    for fn, why in [(unwritten, "nothing came back."), (unfinished, "ZeroDivision")]:
        explorer = landscapes.explore(mine=fn)
        assert "Your count is not told" in explorer.readout and why in explorer.readout
        assert len(explorer.mine.line.get_xdata()) == 0
    calls = []

    def counted(grad, starts, lr, steps, tol):
        calls.append(lr)
        return 1

    explorer = landscapes.explore(mine=counted)
    explorer.set(w1=1.0)
    assert calls == [0.05]  # a drag changes no count


def test_the_numbers_of_the_minima_lie_over_the_colours_of_the_map(explorer):
    for name, land in landscapes.LANDSCAPES.items():
        explorer.set(landscape=name)
        over = [
            artist
            for artist in explorer.live.moving
            if getattr(artist, "get_text", str)() in set("1234")
            and artist.get_zorder() > explorer.map.image.get_zorder()
        ]
        assert len(over) == len(land.minima)
