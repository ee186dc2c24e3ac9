"""The explorers of lesson 04: slopes in all directions, and axes in which they separate."""

import itertools

import numpy as np
import pytest

from gdlesson import GradientDescent, descend, quadratic, surfaces
from gdlesson.explorers import gradient, gradient_axes
from gdlesson.explorers.state import at
from gdlesson.formatting import decimals


@pytest.fixture
def explorer():
    return gradient.explore()


@pytest.fixture
def turned():
    return gradient_axes.explore()


MINUS = "Minus the gradient, (−2.00, −25.00), points to 265°, where the slope is −25.08, "
VALLEY = f"{MINUS}and misses the minimum by 59°."
MINIMUM = "The ball starts at the minimum. The gradient there is 0, so no step moves the ball."


@pytest.mark.parametrize(
    "controls, sentence",
    [
        ({}, f"In the direction of 30° the slope is 14.23. {VALLEY}"),
        ({"direction": 265}, f"In the direction of 265° the slope is −25.08. {VALLEY}"),
        ({"direction": 175}, f"In the direction of 175° the slope is 0.19. {VALLEY}"),
        (
            {"steps": 30},
            f"In the direction of 30° the slope is 14.23. {VALLEY} After 30 steps with step size "
            "0.070, 10 % of the distance remains.",
        ),
        (
            {"w2": 0.0, "direction": 0, "steps": 1},
            "In the direction of 0° the slope is 2.00. Minus the gradient, (−2.00, 0.00), points "
            "to 180°, where the slope is −2.00, and straight at the minimum. After 1 step with "
            "step size 0.070, 93 % of the distance remains.",
        ),
        (
            {"across": 1, "direction": 90},
            "In the direction of 90° the slope is 1.00. Minus the gradient, (−2.00, −1.00), points "
            "to 207°, where the slope is −2.24, and straight at the minimum.",
        ),
        ({"w1": 0.0, "w2": 0.0, "steps": 10}, MINIMUM),
    ],
)
def test_the_readout_describes_the_slope_and_the_steepest_direction(controls, sentence):
    explorer = gradient.explore(**controls)
    assert explorer.readout == sentence
    assert explorer._repr_mimebundle_()[0]["text/plain"] == sentence


@pytest.mark.parametrize("across", gradient.CURVATURES)
def test_no_direction_is_steeper_than_minus_the_gradient(across):
    explorer = gradient.explore(across=across)
    for w1, w2, steps in itertools.product((-2.5, -0.3, 0.0, 1.7), (-1.0, 0.0, 2.5), (0, 3, 30)):
        explorer.set(w1=w1, w2=w2, steps=steps)
        if not (w1 or w2):
            assert explorer.readout == MINIMUM
            continue
        surface, w = quadratic((1, across)), np.array([w1, w2])
        slopes = []
        for degrees in range(360):
            u = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
            slopes.append((surface.f(w + 1e-5 * u) - surface.f(w - 1e-5 * u)) / 2e-5)
        down = int(explorer.readout.partition("points to ")[2].partition("°")[0])
        assert abs(int(np.argmin(slopes)) - down) in (0, 1, 359)
        steepest = explorer.readout.partition("where the slope is −")[2].partition(",")[0]
        assert -float(steepest) == pytest.approx(min(slopes), rel=1e-3, abs=0.006)
        curve = explorer.views.slope.curve.get_ydata() * np.hypot(*surface.grad(w))
        assert curve == pytest.approx([*slopes[::5], slopes[0]], abs=1e-6)
        level = explorer.views.slope.level.get_xdata()
        assert abs(np.diff(level)) == pytest.approx(180)
        straight = across == 1 or not (w1 and w2)
        assert straight == ("straight at the minimum" in explorer.readout)
        if steps:
            path = descend(surface, GradientDescent(1.75 / across), start=w, steps=steps)
            left = np.hypot(*path.last) / np.hypot(*w)
            text = explorer.readout.rpartition(", ")[2]
            assert float(text.partition(" %")[0]) == pytest.approx(100 * left, rel=0.06, abs=0.5)


def test_the_arrows_the_line_through_the_ball_and_the_right_angle():
    explorer = gradient.explore(across=9, w1=-1.0, w2=1.5, direction=200)
    bowl = explorer.views.bowl
    tail, tip = bowl.arrow.get_xydata()[:2]
    down = -quadratic((1.0, 9.0)).grad(np.array([-1.0, 1.5]))
    assert np.cross(np.append(tip - tail, 0), np.append(down, 0))[2] == pytest.approx(0, abs=1e-9)
    assert (tip - tail) @ down > 0
    aside, corner, forth = bowl.corner.get_xydata()
    assert (aside - tail) @ (forth - tail) == pytest.approx(0, abs=1e-12)
    assert corner - tail == pytest.approx(aside + forth - 2 * tail)
    start, end = bowl.chosen.get_xydata()[:2]
    assert np.degrees(np.arctan2(*(end - start)[::-1])) % 360 == pytest.approx(200)
    pixels = bowl.ax.transData.transform([[0, 0], [1, 0], [0, 1]])
    assert pixels[1, 0] - pixels[0, 0] == pytest.approx(pixels[2, 1] - pixels[0, 1])  # one scale


def test_dragging_the_ball_and_the_direction(explorer):
    ball, dot = explorer.live._handles
    explorer.live._drag = {"handle": 0, "x": ball["x"] - 40, "y": ball["y"] + 30, "move": 1}
    w = explorer.values["w1"], explorer.values["w2"]
    assert w == tuple(round(x, 2) for x in w) and w[0] < 2 and w[1] < 1
    explorer.live._drag = {"handle": 0, "x": -900, "y": 0, "move": 2}
    assert (explorer.values["w1"], explorer.values["w2"]) == (-2.5, 2.5)
    explorer.live._drag = {"handle": 1, "x": dot["x"] + 60, "y": 0, "move": 3}
    assert 60 < explorer.values["direction"] < 120
    explorer.live._drag = {"handle": 1, "x": 5000, "y": 0, "move": 4}
    assert explorer.values["direction"] == 360


def test_a_ball_that_is_dragged_close_to_an_axis_of_the_valley_is_put_onto_it(explorer):
    explorer.move_to(w1=2.0, w2=0.02)
    assert explorer.values["w2"] == 0 and "straight at the minimum" in explorer.readout
    explorer.move_to(w1=-0.029, w2=1.0)
    assert (explorer.values["w1"], explorer.values["w2"]) == (0, 1)
    explorer.move_to(w1=0.06, w2=-0.03)  # a press of an arrow key leaves the axis
    assert (explorer.values["w1"], explorer.values["w2"]) == (0.06, -0.03)


def test_each_step_has_its_place_and_the_angle_of_its_gradient():
    explorer = gradient.explore(steps=10)
    assert explorer.shown.step_numbers[1] == pytest.approx([1.86, -0.75, 62.4], abs=0.01)
    assert explorer.shown.step_text == (
        "Step {step} of {steps}: w = ({0}, {1}), where minus the gradient misses the minimum by "
        "{2:g}°."
    )
    assert explorer.live._play["steps"] == 10
    explorer.set(steps=0)
    assert explorer.live._play["steps"] == 0


def test_the_prediction_is_about_where_the_explorer_begins(explorer):
    question = gradient.downhill_question
    assert at(explorer.controls, question.about)
    assert "59°" in question.because and "59°" in explorer.readout


PRODUCT = (
    "In these axes the formula contains the product {} u₁u₂, so the step of each coordinate "
    "depends on the other one, too. "
)
SEPARATE = (
    "In these axes the formula contains no product u₁u₂, so the coordinates are separate: each "
    "step multiplies "
)
ROUND = (
    "In a round bowl the formula contains no product u₁u₂ in any axes, so the coordinates are "
    "separate: each step multiplies "
)
CONVERGES = "Step size 0.070 converges: 189 steps reach a millionth of the distance."


@pytest.mark.parametrize(
    "controls, sentence",
    [
        ({}, PRODUCT.format("−24.0") + CONVERGES),
        ({"axes": 20}, PRODUCT.format("−18.4") + CONVERGES),
        ({"axes": 90}, PRODUCT.format("24.0") + CONVERGES),
        ({"axes": 45}, f"{SEPARATE}u₁ by 0.93 and u₂ by −0.75. {CONVERGES}"),
        (
            {"axes": 45, "share": 1.925},
            f"{SEPARATE}u₁ by 0.92 and u₂ by −0.92. The best step size, 0.0769, converges: 173 "
            "steps reach a millionth of the distance.",
        ),
        (
            {"axes": 45, "share": 2.0},
            f"{SEPARATE}u₁ by 0.92 and u₂ by −1.00. Step size 0.080 is the stability limit 2/L, so "
            "the ball never gets to the minimum.",
        ),
        (
            {"axes": 45, "share": 2.2},
            f"{SEPARATE}u₁ by 0.91 and u₂ by −1.20. Step size 0.088 is above the stability limit "
            "2/L = 0.080, so descent diverges.",
        ),
        (
            {"axes": 45, "w1": 1.0, "w2": 1.0, "share": 2.2},
            f"{SEPARATE}u₁ by 0.91, and u₂ stays 0. Step size 0.088 converges from this start: 150 "
            "steps reach a millionth of the distance.",
        ),
        (
            {"axes": 45, "w1": -1.0, "w2": 1.0, "share": 1.0},
            f"{SEPARATE}u₂ by 0.00, and u₁ stays 0. With step size 0.040 the first step ends at "
            "the minimum.",
        ),
        (
            {"axes": 45, "condition": 100, "share": 0.025},
            f"{SEPARATE}u₁ by 0.9998 and u₂ by 0.98. Step size 0.00025 converges: 54812 steps "
            "reach a millionth of the distance.",
        ),
        (
            {"condition": 1, "share": 0.5},
            f"{ROUND}u₁ by 0.50 and u₂ by 0.50. Step size 0.500 converges: 20 steps reach a "
            "millionth of the distance.",
        ),
        ({"w1": 0.0, "w2": 0.0}, MINIMUM),
    ],
)
def test_the_readout_describes_the_axes_and_the_convergence(controls, sentence):
    turned = gradient_axes.explore(**controls)
    assert turned.readout == sentence
    turned.set(picture=gradient_axes.SIZES)
    assert turned.readout == sentence


def test_the_formula_in_any_axes_is_the_loss():
    """½(a·u₁² + 2b·u₁u₂ + c·u₂²) at points in turned axes, against the surface itself."""
    w = np.random.default_rng(3).normal(size=(20, 2))
    for L, degrees in itertools.product(gradient_axes.CONDITIONS, range(0, 91, 5)):
        surface = quadratic((1, L), np.radians(45))
        valley = gradient_axes.Valley(L, np.radians(degrees - 45))
        u1, u2 = gradient_axes.in_axes(w, np.radians(degrees)).T
        loss = valley.first * u1**2 + 2 * valley.product * u1 * u2 + valley.second * u2**2
        assert loss / 2 == pytest.approx(surface.f(w), rel=1e-12)
        assert valley.separate == (degrees == 45 or L == 1)


@pytest.mark.parametrize(
    "axes, formula",
    [
        (0, "½(13.0 *u*₁² − 24.0 *u*₁*u*₂ + 13.0 *u*₂²)"),
        (45, "½(1.0 *u*₁² + 25.0 *u*₂²)"),
        (46, "½(1.0 *u*₁² + 0.8 *u*₁*u*₂ + 25.0 *u*₂²)"),
    ],
)
def test_the_product_disappears_from_the_formula(axes, formula):
    valley = gradient_axes.Valley(25, np.radians(axes - 45))
    assert valley.formulas() == (f"In these axes *f* = {formula}", f"*f* = {formula}")


def test_in_its_own_axes_the_valley_is_two_parabolas(turned):
    """The predictions of each axis alone agree at 45°, and nowhere else."""

    def wrong():
        pairs = zip(turned.views.parts.measured, turned.views.parts.predicted, strict=True)
        off = [np.abs(m.get_ydata() / p.get_ydata() - 1).max() for m, p in pairs]
        loss = turned.views.loss.measured.get_ydata() / turned.views.loss.predicted.get_ydata()
        return max(*off, np.abs(loss - 1).max())

    for axes in range(0, 91, 5):
        for condition, share in itertools.product((3, 25), (0.3, 1.75)):
            turned.set(axes=axes, condition=condition, share=share)
            assert wrong() < 1e-6 if axes == 45 else wrong() > 0.05


def test_a_coordinate_that_begins_at_0_has_no_share_but_moves_if_the_axes_are_not_the_valleys():
    turned = gradient_axes.explore(w1=1.0, w2=0.0)
    one, two = turned.views.parts.measured
    assert len(one.get_xdata()) == gradient_axes.STEPS + 1 and not len(two.get_xdata())
    u1, u2 = turned.shown.step_numbers[1, 2:4]  # one step: (1, 0) − 0.07·(13, −12)
    assert (u1, u2) == pytest.approx((0.09, 0.84))
    turned.set(w2=1.0, axes=45, share=2.2)
    assert not turned.shown.step_numbers[:, 3].any()


def test_the_path_does_not_depend_on_the_axes(turned):
    line = turned.views.bowl.trail.line.get_xydata()
    feet = [foot.get_xydata()[0] for foot in turned.views.axes.feet]
    assert np.sum(feet, axis=0) == pytest.approx([0.71, 2.12])
    turned.set(axes=70)
    assert np.array_equal(turned.views.bowl.trail.line.get_xydata(), line)
    feet = np.array([foot.get_xydata()[0] for foot in turned.views.axes.feet])
    assert feet.sum(axis=0) == pytest.approx([0.71, 2.12])
    assert feet[0] @ feet[1] == pytest.approx(0, abs=1e-12)
    u = gradient_axes.in_axes(np.array([0.71, 2.12]), np.radians(70))
    assert np.hypot(*feet.T) == pytest.approx(np.abs(u))
    assert turned.shown.step_numbers[0, 2:4] == pytest.approx(u)


def test_axes_are_grey_where_the_lines_of_the_step_sizes_belong_to_others():
    for picture, axes, condition in [("step sizes", 0, 25), ("step sizes", 45, 25),
                                     ("step sizes", 0, 1), ("two parts", 0, 25)]:  # fmt: skip
        turned = gradient_axes.explore(picture=picture, axes=axes, condition=condition)
        view = turned.views.axes
        for part in (view.axes, view.feet, view.labels):
            grey = [each.get_color() == view.grey for each in part]
            assert grey == [(picture, axes, condition) == ("step sizes", 0, 25)] * 2
    turned.set(picture="step sizes")
    flat, steep, _ = turned.views.factors.flat.axes.get_legend().get_lines()
    assert flat.get_color() == turned.views.factors.along.get_color()
    assert steep.get_color() == turned.views.factors.across.get_color()


def test_the_steps_it_names_are_the_steps_it_takes():
    for condition, share, start in itertools.product((2, 25, 100), (0.3, 1, 1.7, 1.98), (0.1, 2.0)):
        lr = share / condition
        v = np.array([start, 1.0])
        path = descend(quadratic((1.0, condition)), GradientDescent(lr), v, steps=9000)
        factors = 1 - lr * np.array([1.0, condition])
        assert gradient_axes.steps_until(factors, v) == path.steps_to(1e-6 * (1 + 1e-9))


def test_in_one_direction_the_steps_are_those_of_lesson_03():
    for factor in (0.1, 0.5, -0.75, 0.93, 0.999):
        expected = int(np.ceil(np.log(1e-6) / np.log(abs(factor)) - 1e-9))
        assert gradient_axes.steps_until(np.array([factor, 0.2]), np.array([2.0, 0.0])) == expected


def test_every_special_step_size_is_a_place_of_the_slider(turned):
    slider = turned.controls["share"]
    for place in [1, 2, *map(gradient_axes.best_share, gradient_axes.CONDITIONS)]:
        steps = (place - slider.min) / slider.step
        assert steps == pytest.approx(round(steps), abs=1e-9) and place < slider.max
    for condition in gradient_axes.CONDITIONS:
        place = gradient_axes.best_share(condition)
        assert gradient_axes.step_size(condition, place) == 2 / (1 + condition)
        assert abs(place / condition - 2 / (1 + condition)) <= 0.5 * gradient_axes.GRID / condition
        for share in (place - gradient_axes.GRID, place + gradient_axes.GRID, 2):
            assert gradient_axes.step_size(condition, share) == share / condition


def step_size(turned):
    """The step size that the picture shows: in its own axes 1 − lr·μ of u₁ remains, with μ = 1."""
    turned.set(axes=45)
    before, after = turned.shown.step_numbers[:2, 2]
    return 1 - after / before


def test_a_new_condition_number_keeps_the_place_of_the_step_size(turned):
    condition, share = turned.controls["condition"], turned.controls["share"]
    for value in [*gradient_axes.CONDITIONS, *gradient_axes.CONDITIONS[::-1], 25]:
        condition.value = value
        assert share.value == 1.75
        assert step_size(turned) * value == pytest.approx(1.75)
    turned.buttons()["Best step size"]()
    for value in [*gradient_axes.CONDITIONS, 25]:
        condition.value = value
        assert step_size(turned) == pytest.approx(2 / (1 + value), rel=1e-12)
    share.value = 1.0
    condition.value = 100
    assert step_size(turned) == pytest.approx(1 / 100)


def test_controls_set_together_are_as_they_were_asked_for(turned):
    turned.buttons()["Best step size"]()
    turned.set(share=0.5, condition=3)
    assert (turned.values["share"], turned.values["condition"]) == (0.5, 3)
    assert gradient_axes.explore(share=1.9, condition=100).values["share"] == 1.9
    turned.reset()
    assert turned.values == gradient_axes.explore().values


@pytest.mark.parametrize("picture", gradient_axes.PICTURES)
def test_every_control_moves_the_picture_and_leaves_the_background(picture):
    turned = gradient_axes.explore(picture=picture)
    background = turned.live._background
    for values in [{"condition": 5}, {"axes": 40}, {"share": 1.1}, {"w1": -1.0}]:
        before = turned.live._points
        turned.set(**values)
        assert turned.live._points != before
    assert turned.live._background == background


def test_a_learners_gradient_runs_the_same_descent():
    turned = gradient_axes.explore(mine=surfaces.numerical_gradient)
    assert turned.readout.endswith("Your path, drawn as crosses, is the same.")
    assert len(turned.views.yours.line.get_xdata()) == gradient_axes.STEPS + 1
    turned.set(share=2.2)
    assert turned.readout.endswith("is the same.")

    def listed(f, w, h):
        return list(surfaces.numerical_gradient(f, w, h))

    assert gradient_axes.explore(mine=listed).readout.endswith("is the same.")

    def uphill(f, w, h):
        return -surfaces.numerical_gradient(f, w, h)

    def nothing(f, w, h=1e-5):
        f(w)

    assert gradient_axes.explore(mine=uphill).readout.endswith("drawn as crosses, is different.")
    for fn, why in [
        (nothing, "numerical_gradient returned no gradient."),
        (lambda f, w, h: 1 / 0, "ZeroDivision"),
    ]:
        turned = gradient_axes.explore(mine=fn)
        assert why in turned.readout and len(turned.views.yours.line.get_xdata()) == 0


def test_the_numbers_of_the_lesson():
    surface, w = gradient.VALLEY, np.array([2.0, 1.0])
    assert surface.grad(w).tolist() == [2, 25]
    assert gradient.miss_angle(surface.grad(w), w) == pytest.approx(58.86, abs=0.01)
    for L, best, cautious in [(25, 173, 330), (100, 691, 1341), (1000, 6908, 13463)]:
        factors = [1 - lr * np.array([1, L]) for lr in (2 / (1 + L), 1 / L)]
        assert [gradient_axes.steps_until(f, np.ones(2)) for f in factors] == [best, cautious]
    assert decimals(2 / 26, 4) == "0.0769"
    w1, w2 = np.random.default_rng(1).normal(size=(2, 50))
    u1, u2 = (w1 + w2) / np.sqrt(2), (w2 - w1) / np.sqrt(2)
    assert u1**2 + 25 * u2**2 == pytest.approx(13 * w1**2 - 24 * w1 * w2 + 13 * w2**2)


@pytest.mark.parametrize("module", [gradient, gradient_axes])
@pytest.mark.parametrize("width", [360, 600, 900])
def test_every_start_is_in_sight_on_a_narrow_page(module, width):
    explorer = module.explore()
    explorer.live.available_width = width
    ax = explorer.views.bowl.ax
    assert min(ax.get_xlim()[1], ax.get_ylim()[1]) == pytest.approx(2.5)
    assert explorer.live._size[0] == width


def test_the_readout_is_true_in_a_grid_of_states(turned):
    starts = itertools.cycle([(0.71, 2.12), (1.0, 1.0), (-1.0, 1.0), (0.0, 0.0), (0.0, -2.5)])
    shares, angles = (0.5, 1.0, 1.9, 2.0, 2.2), (0, 45, 46)
    for condition, share, axes in itertools.product((1, 2, 25, 100), shares, angles):
        w = np.array(next(starts))
        turned.set(condition=condition, share=share, axes=axes, w1=w[0], w2=w[1])
        text, lr = turned.readout, gradient_axes.step_size(condition, share)
        if not w.any():
            assert text == MINIMUM
            continue
        v = gradient_axes.in_axes(w, np.pi / 4)
        worst = np.abs(1 - lr * np.array([1, condition]))[np.abs(v) > 1e-9].max()
        if worst > 1 + 1e-9:
            assert text.endswith("descent diverges.")
        elif worst > 1 - 1e-9:
            assert "is the stability limit 2/L" in text
        elif worst < 1e-9:
            assert text.endswith("the first step ends at the minimum.")
        else:
            steps = int(text.rpartition(" steps reach")[0].rpartition(" ")[2])
            path = descend(quadratic((1, condition)), GradientDescent(lr), start=v, steps=steps)
            assert path.steps_to(1e-6 * (1 + 1e-9)) == steps
        assert ("contains no product" in text) == (axes == 45 or condition == 1)
