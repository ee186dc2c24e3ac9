"""The explorer of lesson 04: angles, factors and steps in the readout, and the best step size."""

import itertools

import numpy as np
import pytest

from gdlesson import GradientDescent, descend, quadratic, surfaces
from gdlesson.explorers import gradient
from gdlesson.explorers.state import at


@pytest.fixture
def explorer():
    return gradient.explore()


VALLEY = "Minus the gradient misses the minimum by 59°. "
AXIS = "On an axis of the bowl, minus the gradient points straight at the minimum. "
ROUND = "In a round bowl, minus the gradient points straight at the minimum. "


@pytest.mark.parametrize(
    "controls, sentence",
    [
        (
            {},
            VALLEY + "Step size 0.070 is below 2/L = 0.080, so descent converges, but every step "
            "crosses the valley. After each step 75 % of the distance across the valley remains "
            "and 93 % of the distance along it. The slower direction is along the valley: 189 "
            "steps reach a millionth of the distance.",
        ),
        (
            {"share": 1.0},
            VALLEY + "Step size 0.040 is below 2/L = 0.080, so descent converges. After each step "
            "none of the distance across the valley remains and 96 % of the distance along it. The "
            "slower direction is along the valley: 336 steps reach a millionth of the distance.",
        ),
        (
            {"share": 1.925, "w1": 1.0},
            "Minus the gradient misses the minimum by 43°. Step size 0.0769 is the best one, "
            "2/(μ + L): after each step 92 % of the distance remains in both directions, and 173 "
            "steps reach a millionth of it.",
        ),
        (
            {"share": 1.95},
            VALLEY + "Step size 0.078 is below 2/L = 0.080, so descent converges, but every step "
            "crosses the valley. After each step 95 % of the distance across the valley remains "
            "and 92 % of the distance along it. The slower direction is across the valley: 254 "
            "steps reach a millionth of the distance.",
        ),
        (
            {"share": 2.0},
            VALLEY + "Step size 0.080 is the stability limit 2/L: the ball jumps from one side of "
            "the minimum to the other across the valley, and this distance never gets shorter.",
        ),
        (
            {"share": 2.2},
            VALLEY + "Step size 0.088 is above the stability limit 2/L = 0.080, so descent "
            "diverges: the distance across the valley grows by 20 % with each step.",
        ),
        (
            {"w2": 0.0, "share": 2.2},
            AXIS + "Step size 0.088 converges. After each step 91 % of the distance along the "
            "valley remains; 150 steps reach a millionth of it.",
        ),
        (
            {"w1": 0.0, "share": 1.25},
            AXIS + "Step size 0.050 converges. After each step 25 % of the distance across the "
            "valley remains; 10 steps reach a millionth of it.",
        ),
        (
            {"w1": 0.0, "share": 1.0},
            AXIS + "Step size 0.040 is 1/L, so the first step lands at the minimum.",
        ),
        (
            {"w1": 0.0, "w2": 0.0},
            "The ball starts at the minimum. The gradient there is 0, so no step moves the ball.",
        ),
        (
            {"condition": 1, "share": 0.5},
            ROUND + "Step size 0.500 converges. After each step 50 % of the distance remains; 20 "
            "steps reach a millionth of it.",
        ),
        (
            {"condition": 1, "share": 1.0},
            ROUND + "Step size 1.000 is 1/L, so the first step lands at the minimum.",
        ),
        (
            {"condition": 1, "share": 2.2},
            ROUND + "Step size 2.200 is above the stability limit 2/L = 2.000, so descent "
            "diverges: the distance grows by 20 % with each step.",
        ),
    ],
)  # fmt: skip
def test_the_readout_describes_the_direction_and_the_convergence(controls, sentence):
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
        shares = np.array([line.get_ydata() for line in explorer.views.distances.measured])
        rate = np.array([[0.93], [0.75]]) ** np.arange(gradient.STEPS + 1)
        assert shares == pytest.approx(rate, rel=1e-6)


def test_a_ball_on_an_axis_of_a_turned_bowl_stays_on_it():
    explorer = gradient.explore(turn=45, w1=1.0, w2=1.0, share=2.2)
    assert explorer.readout.startswith(AXIS)
    assert not len(explorer.views.distances.measured[1].get_xdata())
    assert len(explorer.views.distances.measured[0].get_xdata()) == gradient.STEPS + 1


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


def step_size(explorer):
    """The step size that the picture shows: along the flat axis, where μ = 1, 1 − lr·μ remains."""
    before, after = explorer.shown.step_numbers[:2, 0]
    return 1 - after / before


def test_a_new_condition_number_keeps_the_place_of_the_step_size(explorer):
    condition, share = explorer.controls["condition"], explorer.controls["share"]
    for value in [*gradient.CONDITIONS, *gradient.CONDITIONS[::-1], 25]:
        condition.value = value
        assert share.value == 1.75
        assert step_size(explorer) * value == pytest.approx(1.75)
    explorer.buttons()["Best step size"]()
    for value in [*gradient.CONDITIONS, 25]:
        condition.value = value
        assert step_size(explorer) == pytest.approx(2 / (1 + value), rel=1e-12)
    share.value = 1.0
    condition.value = 100
    assert step_size(explorer) == pytest.approx(1 / 100)


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
    bowl = explorer.views.bowl
    tail, tip = bowl.arrow.get_xydata()[:2]
    down = -quadratic((1.0, 10.0), np.radians(30)).grad(np.array([-1.0, 1.5]))
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


def test_each_step_has_its_place_and_the_angle_of_its_gradient(explorer):
    assert explorer.shown.step_numbers[1] == pytest.approx([1.86, -0.75, 62.4], abs=0.01)
    assert explorer.shown.step_text == (
        "Step {step} of {steps}: w = ({0}, {1}), where minus the gradient misses the minimum by "
        "{2:g}°."
    )
    assert explorer.live._play["steps"] == gradient.STEPS


def test_the_prediction_is_about_where_the_explorer_begins(explorer):
    question = gradient.downhill_question
    assert at(explorer.controls, question.about)
    assert "59°" in question.because and "59°" in explorer.readout


def test_a_learners_gradient_runs_the_same_descent():
    explorer = gradient.explore(mine=surfaces.numerical_gradient, turn=30)
    assert explorer.readout.endswith("Your path, drawn as crosses, is the same.")
    assert len(explorer.views.yours.line.get_xdata()) == gradient.STEPS + 1
    explorer.set(share=2.2)
    assert explorer.readout.endswith("is the same.")

    def uphill(f, w, h):
        return -surfaces.numerical_gradient(f, w, h)

    def unwritten(f, w, h=1e-5): ...

    assert gradient.explore(mine=uphill).readout.endswith("drawn as crosses, is different.")
    for fn, why in [(unwritten, "returned no points"), (lambda f, w, h: 1 / 0, "ZeroDivision")]:
        explorer = gradient.explore(mine=fn)
        assert why in explorer.readout and len(explorer.views.yours.line.get_xdata()) == 0


def test_the_numbers_of_the_lesson():
    surface, w = gradient.VALLEY, np.array([2.0, 1.0])
    assert surface.grad(w).tolist() == [2, 25]
    slopes = np.array([surface.grad(w) @ [np.cos(a), np.sin(a)] for a in np.radians(range(360))])
    assert (slopes.argmax(), slopes.argmin(), abs(slopes[:180]).argmin()) == (85, 265, 175)
    assert gradient.miss_angle(surface.grad(w), w) == pytest.approx(58.86, abs=0.01)
    for L, best, cautious in [(25, 173, 330), (100, 691, 1341)]:
        factors = [1 - lr * np.array([1, L]) for lr in (2 / (1 + L), 1 / L)]
        assert [gradient.steps_needed(f, np.ones(2)) for f in factors] == [best, cautious]


def test_the_largest_condition_number_below_a_hundred_steps(explorer):
    explorer.buttons()["Best step size"]()
    for condition, steps in [(10, "69 steps"), (15, "104 steps")]:
        explorer.set(condition=condition)
        assert "2/(μ + L)" in explorer.readout and f"and {steps} reach" in explorer.readout
