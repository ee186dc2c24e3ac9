"""Lesson 04's room: angles, factors and steps in the readout, and a bowl that keeps its share."""

import itertools

import numpy as np
import pytest

from gdlesson import GradientDescent, descend, quadratic, surfaces
from gdlesson.explorers import gradient


@pytest.fixture
def explorer():
    return gradient.explore()


VALLEY = "Minus the gradient points 59° beside the minimum. "
AXIS = "On an axis of the bowl minus the gradient points at the minimum. "
ROUND = "In a round bowl minus the gradient points at the minimum from everywhere. "


@pytest.mark.parametrize(
    "controls, sentence",
    [
        (
            {},
            VALLEY + "Step size 0.070: each step keeps 75 % across the valley, from side to side, "
            "and 93 % along it. The steep direction sets the border 2/L = 0.080, the flat one "
            "pays: 189 steps leave a millionth of the distance.",
        ),
        (
            {"share": 1.0},
            VALLEY + "Step size 0.040: each step keeps nothing across the valley, and 96 % along "
            "it. The steep direction sets the border 2/L = 0.080, the flat one pays: 336 steps "
            "leave a millionth of the distance.",
        ),
        (
            {"share": 1.925, "w1": 1.0},
            "Minus the gradient points 43° beside the minimum. Step size 0.0769 is the best, "
            "2/(μ+L): each step keeps 92 % in both directions; 173 steps leave a millionth of the "
            "distance.",
        ),
        (
            {"share": 1.95},
            VALLEY + "Step size 0.078: each step keeps 95 % across the valley, from side to side, "
            "and 92 % along it. The steep direction sets the border 2/L = 0.080 and is the slower "
            "one: 254 steps leave a millionth of the distance.",
        ),
        (
            {"share": 2.0},
            VALLEY + "Step size 0.080 is 2/L: it jumps from wall to wall across the valley and "
            "back, for ever.",
        ),
        (
            {"share": 2.2},
            VALLEY + "Step size 0.088 is above 2/L = 0.080: it diverges, the distance across the "
            "valley grows by 20 % a step.",
        ),
        (
            {"w2": 0.0, "share": 2.2},
            AXIS + "Step size 0.088: each step keeps 91 % of the distance along the valley; 150 "
            "steps leave a millionth.",
        ),
        (
            {"w1": 0.0, "share": 1.25},
            AXIS + "Step size 0.050: each step keeps 25 % of the distance across the valley; 10 "
            "steps leave a millionth.",
        ),
        (
            {"w1": 0.0, "share": 1.0},
            AXIS + "Step size 0.040 is 1/L: one step lands in the minimum.",
        ),
        (
            {"w1": 0.0, "w2": 0.0},
            "The start is the minimum: the gradient is 0 there, and no step moves it.",
        ),
        (
            {"condition": 1, "share": 0.5},
            ROUND + "Step size 0.500: each step keeps 50 % of the distance; 20 steps leave a "
            "millionth.",
        ),
        ({"condition": 1, "share": 1.0}, ROUND + "Step size 1.000 is 1/L: one step lands in the "
         "minimum."),
        (
            {"condition": 1, "share": 2.2},
            ROUND + "Step size 2.200 is above 2/L = 2.000: it diverges, the distance grows by 20 % "
            "a step.",
        ),
    ],
)  # fmt: skip
def test_the_readout_says_where_it_points_and_who_pays(controls, sentence):
    explorer = gradient.explore(**controls)
    assert explorer.readout == sentence
    assert explorer._repr_mimebundle_()[0]["text/plain"] == sentence


def test_nothing_in_it_depends_on_how_the_bowl_is_turned():
    """The start turned along with the bowl: the same angle, factors and number of steps."""
    start = np.array([2.0, 1.0])
    straight = gradient.describe(np.array([1.0, 25.0]), 0.07, start)
    for turn in range(0, 91, 5):
        a = np.radians(turn)
        w = [np.cos(a) * 2 - np.sin(a), np.sin(a) * 2 + np.cos(a)]
        explorer = gradient.explore(turn=turn)
        explorer.controls["w1"].step = explorer.controls["w2"].step = 1e-9
        explorer.set(w1=w[0], w2=w[1])
        assert explorer.readout == straight
        shares = np.array([line.get_ydata() for line in explorer.distances.measured])
        rate = np.array([[0.93], [0.75]]) ** np.arange(gradient.STEPS + 1)
        assert shares == pytest.approx(rate, rel=1e-6)


def test_a_ball_on_an_axis_of_a_turned_bowl_stays_on_it():
    explorer = gradient.explore(turn=45, w1=1.0, w2=1.0, share=2.2)
    assert explorer.readout.startswith(AXIS)
    assert not len(explorer.distances.measured[1].get_xdata())
    assert len(explorer.distances.measured[0].get_xdata()) == gradient.STEPS + 1


def test_the_steps_it_names_are_the_steps_it_takes():
    for condition, share, start in itertools.product((2, 25, 100), (0.3, 1, 1.7, 1.98), (0.1, 2.0)):
        lr = share / condition
        u = np.array([start, 1.0])
        path = descend(quadratic((1.0, condition)), GradientDescent(lr), u, steps=9000)
        factors = 1 - lr * np.array([1.0, condition])
        assert gradient.steps_needed(factors, u) == path.steps_to(1e-6 * (1 + 1e-9))


def test_every_special_step_size_is_a_place_of_the_slider(explorer):
    slider = explorer.controls["share"]
    for place in [1, 2, *map(gradient.best_share, gradient.CONDITIONS)]:
        steps = (place - slider.min) / slider.step
        assert steps == pytest.approx(round(steps), abs=1e-9) and place < slider.max
    for condition in gradient.CONDITIONS:
        place = gradient.best_share(condition)
        assert gradient.step_size(condition, place) == 2 / (1 + condition)
        assert abs(place / condition - 2 / (1 + condition)) <= 0.5 * gradient.GRID / condition
        for share in (place - gradient.GRID, place + gradient.GRID, 2):
            assert gradient.step_size(condition, share) == share / condition


def test_a_new_condition_number_keeps_the_place_of_the_step_size(explorer):
    condition, share = explorer.controls["condition"], explorer.controls["share"]
    for value in [*gradient.CONDITIONS, *gradient.CONDITIONS[::-1], 25]:
        condition.value = value
        assert share.value == 1.75
        assert explorer.path.optimizer.lr * value == pytest.approx(1.75)
    explorer.buttons()["Best step size"]()
    for value in [*gradient.CONDITIONS, 25]:
        condition.value = value
        assert explorer.path.optimizer.lr == 2 / (1 + value)
    share.value = 1.0
    condition.value = 100
    assert explorer.path.optimizer.lr == 1 / 100


def test_controls_set_together_are_as_they_were_asked_for(explorer):
    explorer.buttons()["Best step size"]()
    explorer.set(share=0.5, condition=3)
    assert (explorer.values["share"], explorer.values["condition"]) == (0.5, 3)
    assert gradient.explore(share=1.9, condition=100).values["share"] == 1.9
    explorer.reset()
    assert explorer.values == gradient.explore().values


def test_every_control_moves_the_picture_and_leaves_the_background(explorer):
    background = explorer.live._background
    for values in [{"condition": 5}, {"turn": 40}, {"share": 1.1}, {"w1": -1.0}]:
        before = explorer.live._points
        explorer.set(**values)
        assert explorer.live._points != before
    assert explorer.live._background == background


def test_the_arrow_the_line_through_the_ball_and_the_right_angle():
    explorer = gradient.explore(condition=10, turn=30, w1=-1.0, w2=1.5)
    bowl = explorer.bowl
    tail, tip = bowl.arrow.get_xydata()[:2]
    down = -explorer.path.problem.grad(np.array([-1.0, 1.5]))
    assert np.cross(np.append(tip - tail, 0), np.append(down, 0))[2] == pytest.approx(0, abs=1e-9)
    assert (tip - tail) @ down > 0
    aside, corner, forth = bowl.corner.get_xydata()
    assert (aside - tail) @ (forth - tail) == pytest.approx(0, abs=1e-12)
    assert corner - tail == pytest.approx(aside + forth - 2 * tail)
    pixels = bowl.ax.transData.transform([[0, 0], [1, 0], [0, 1]])
    assert pixels[1, 0] - pixels[0, 0] == pytest.approx(pixels[2, 1] - pixels[0, 1])  # one scale


def test_dragging_the_ball_keeps_to_the_controls_grid(explorer):
    handle = explorer.live._handles[0]
    move = {"handle": 0, "x": handle["x"] - 40, "y": handle["y"] + 30, "move": 1}
    explorer.live._drag = move
    w = explorer.values["w1"], explorer.values["w2"]
    assert w == tuple(round(x, 2) for x in w) and w[0] < 2 and w[1] < 1
    moved = explorer.live._handles[0]
    assert (moved["x"], moved["y"]) == pytest.approx((move["x"], move["y"]), abs=1)
    explorer.live._drag = {"handle": 0, "x": -900, "y": 0, "move": 2}
    assert (explorer.values["w1"], explorer.values["w2"]) == (-2.5, 2.5)


def test_each_step_says_where_it_is_and_where_it_points(explorer):
    said, numbers = explorer.each_step()
    assert numbers[1] == pytest.approx([1.86, -0.75, 62.4], abs=0.01)
    assert "{2:g}° beside" in said and explorer.live._play["steps"] == gradient.STEPS


def test_the_prediction_is_about_where_the_explorer_begins(explorer):
    question = gradient.downhill_question
    assert explorer._is_at(question.about)
    assert "59°" in question.because and "59°" in explorer.readout


def test_a_learners_gradient_runs_the_same_descent():
    mine = gradient.explore(mine=gradient.numerical_gradient, turn=30)
    assert mine.readout.endswith("Your path, the crosses, is the same.")
    assert len(mine.mine.line.get_xdata()) == gradient.STEPS + 1
    mine.set(share=2.2)
    assert mine.readout.endswith("is the same.")

    def uphill(f, w, h):
        return -surfaces.numerical_gradient(f, w, h)

    def unwritten(f, w, h=1e-5): ...

    assert gradient.explore(mine=uphill).readout.endswith("goes another way.")
    for fn, why in [(unwritten, "nothing came back"), (lambda f, w, h: 1 / 0, "ZeroDivision")]:
        drawn = gradient.explore(mine=fn)
        assert why in drawn.readout and len(drawn.mine.line.get_xdata()) == 0


def test_the_numbers_of_the_lesson():
    surface, w = gradient.VALLEY, np.array([2.0, 1.0])
    assert surface.grad(w).tolist() == [2, 25]
    slopes = np.array([surface.grad(w) @ [np.cos(a), np.sin(a)] for a in np.radians(range(360))])
    assert (slopes.argmax(), slopes.argmin(), abs(slopes[:180]).argmin()) == (85, 265, 175)
    assert gradient.beside_the_minimum(surface.grad(w), w) == pytest.approx(58.86, abs=0.01)
    for L, best, cautious in [(25, 173, 330), (100, 691, 1341)]:
        factors = [1 - lr * np.array([1, L]) for lr in (2 / (1 + L), 1 / L)]
        assert [gradient.steps_needed(f, np.ones(2)) for f in factors] == [best, cautious]


def test_the_largest_condition_number_below_a_hundred_steps(explorer):
    explorer.buttons()["Best step size"]()
    for condition, steps in [(10, "69 steps"), (15, "104 steps")]:
        explorer.set(condition=condition)
        assert "2/(μ+L)" in explorer.readout and f"; {steps} leave" in explorer.readout
