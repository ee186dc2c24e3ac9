"""Lesson 13: Newton's step, plain and damped, and its two explorers."""

import itertools

import numpy as np
import pytest

from gdlesson import DampedNewton, GradientDescent, Newton, descend, quadratic
from gdlesson.exercises import curvature as curvature_exercises
from gdlesson.exercises.curvature import newton_step, rescaled_step
from gdlesson.explorers import curvature, newton
from gdlesson.surfaces import catalogue

MINIMUM = "The ball starts at the minimum. The gradient there is 0, so no step moves the ball."
METHODS = (curvature.DESCENT, curvature.DIAGONAL, curvature.NEWTON)
STARTS = [(0.4, 1.2), (1.0, -1.0), (-2.5, 0.3), (0.0, 2.0)]


@pytest.fixture(scope="module")
def turned():
    return curvature.explore()


@pytest.fixture(scope="module")
def curves():
    return newton.explore()


def test_newtons_step_solves_a_quadratic_of_any_size_in_one_step():
    rng = np.random.default_rng(3)
    for d in (1, 2, 7):
        A = rng.normal(size=(d, d))
        H, minimum = A @ A.T + np.eye(d), rng.normal(size=d)
        w = rng.normal(size=d)
        step, _ = Newton(lambda w, H=H: H).step(w, None, H @ (w - minimum))
        assert step == pytest.approx(minimum)
        assert newton_step(w, H @ (w - minimum), H) == pytest.approx(minimum)


def test_newtons_method_takes_one_run_and_a_matrix_with_an_inverse():
    bowl = quadratic((1.0, 25.0))
    with pytest.raises(ValueError, match=r"one point of shape \(d,\), got shape \(3, 2\)"):
        descend(bowl, Newton(lambda w: np.eye(2)), start=np.ones((3, 2)))
    with pytest.raises(np.linalg.LinAlgError):
        descend(bowl, Newton(lambda w: np.zeros((2, 2))))


@pytest.mark.parametrize("name", ["double well", "Himmelblau", "Rosenbrock", "saddle"])
def test_no_damped_step_raises_the_loss_or_points_uphill(name):
    surface, h = catalogue[name], 1e-5

    def hessian(w):
        H = [(surface.grad(w + h * e) - surface.grad(w - h * e)) / (2 * h) for e in np.eye(2)]
        return (np.array(H) + np.transpose(H)) / 2

    rng = np.random.default_rng(1)
    for _ in range(20):
        start = rng.uniform(-2, 2, 2)
        path = descend(surface, DampedNewton(hessian, surface.f), start, steps=15)
        assert (np.diff(path.loss) <= 0).all()
        slopes = (path.g * np.diff(path.w, axis=0)).sum(axis=1)
        assert (slopes <= 1e-12).all()  # 0 up to rounding, once it is at the minimum


def test_a_damped_step_in_a_valley_is_newtons():
    bowl = quadratic((1.0, 25.0), np.pi / 6, [1.3, 0.4])
    H = curvature.hessian(25, np.pi / 6)
    assert descend(bowl, DampedNewton(lambda w: H, bowl.f), steps=1).last == pytest.approx([0, 0])


def test_a_damped_step_may_end_at_a_saddle():
    H = np.diag([2.0, -2.0])
    damped = DampedNewton(lambda w: H, lambda w: w[0] ** 2 - w[1] ** 2)
    for w in np.array([[2.0, 1.0], [1.0, 0.9]]):
        step, _ = damped.step(w, None, H @ w)
        assert step.tolist() == [0, 0]


def test_the_hessian_is_that_of_the_valley():
    for L, degrees in itertools.product((1, 10, 100), (0, 20, 45, 90)):
        angle = np.radians(degrees)
        columns = quadratic((1.0, L), angle).grad(np.eye(2))
        assert curvature.hessian(L, angle) == pytest.approx(columns)
    assert curvature.hessian(25, np.pi / 4) == pytest.approx(np.array([[13, -12], [-12, 13]]))


def remaining(H, B, lr=1.0):
    """The share of the distance that remains after a step in the long run."""
    return np.abs(np.linalg.eigvals(np.eye(2) - lr * np.linalg.solve(B, H))).max()


def test_two_rescaled_steps_multiply_the_point_by_one_number():
    for L, degrees in itertools.product((2, 25, 100), (5, 20, 45, 70)):
        H = curvature.hessian(L, np.radians(degrees))
        (a, b), (_, c) = H
        w = np.array([0.7, -1.9])
        for _ in range(2):
            w = rescaled_step(w, H @ w, np.diag(H), 1.0)
        assert w == pytest.approx(b**2 / (a * c) * np.array([0.7, -1.9]))
        D, share = np.diag(np.diag(H)), (L - 1) / (L + 1)
        assert remaining(H, D) ** 2 == pytest.approx(b**2 / (a * c))
        # with two weights step size 1 is the best one, and then never slower than descent
        assert min(remaining(H, D, lr) for lr in np.linspace(0.05, 1.95, 39)) == pytest.approx(
            remaining(H, D)
        )
        assert remaining(H, D) <= share + 1e-12
        assert (remaining(H, D) == pytest.approx(share)) == (degrees == 45)


EQUAL = " The two numbers are equal, so this is plain descent."
SLOW = "After every two steps 85 % of the distance remains; 173 steps reach a millionth of it."
ROUND = (
    "As the valley has the same curvature in all directions, the first step reaches the minimum."
)


@pytest.mark.parametrize(
    "values, readout",
    [
        ({}, f"In the valley turned by 45° plain descent has its best step size, 0.0769. {SLOW}"),
        (
            {"condition": 1, "turn": 9},
            f"In the valley turned by 9° plain descent has its best step size, 1.000. {ROUND}",
        ),
        (
            {"method": "diagonal"},
            f"The gradient is divided by 13.0 along w₁ and by 13.0 along w₂. {SLOW}{EQUAL}",
        ),
        (
            {"method": "diagonal", "turn": 20},
            "The gradient is divided by 3.8 along w₁ and by 22.2 along w₂. After every two steps "
            "70 % of the distance remains; 80 steps reach a millionth of it.",
        ),
        (
            {"method": "diagonal", "turn": 90},
            "The gradient is divided by 25.0 along w₁ and by 1.0 along w₂. As H is diagonal, the "
            "first step reaches the minimum.",
        ),
        (
            {"method": "Newton", "turn": 33, "condition": 100},
            "Newton's step divides by the whole of H, so the first step reaches the minimum in the "
            "valley turned by 33°, as in every other.",
        ),
        ({"w1": 0.0, "w2": 0.0}, MINIMUM),
    ],
)
def test_the_readout_describes_the_step(turned, values, readout):
    turned.reset()
    turned.set(**values)
    assert turned.readout == readout


def test_the_legend_names_the_step(turned):
    for method in METHODS:
        turned.set(method=method)
        (legend,) = [ax.get_legend() for ax in turned.figure.axes if ax.get_legend()]
        assert [text.get_text() for text in legend.get_texts()] == ["descent, best step", method]


def test_the_steps_that_the_readout_counts_are_the_steps_it_takes():
    for L, degrees, start in itertools.product((1, 3, 25, 100), (0, 1, 20, 45, 80, 90), STARTS):
        angle = np.radians(degrees)
        surface, H = quadratic((1.0, L), angle, start), curvature.hessian(L, angle)
        for method in METHODS:
            B = curvature.divisor(method, L, angle)
            steps, _ = curvature.steps_until(H, B, surface.start)
            M, w = np.eye(2) - np.linalg.solve(B, H), surface.start
            away = [np.linalg.norm(w)]
            for _ in range(steps):
                w = M @ w
                away.append(np.linalg.norm(w))
            near = np.array(away) <= 1e-6 * (1 + 1e-7) * away[0]
            assert near[-1] and not near[:-1].any()
    valley = quadratic((1.0, 25.0), np.pi / 4, [0.4, 1.2])
    best = descend(valley, GradientDescent(1 / 13), steps=200)
    assert best.steps_to(1e-6) == 173  # the prediction's number


def test_newton_needs_one_step_in_every_valley(turned):
    turned.set(method="Newton")
    for L, degrees, (w1, w2) in itertools.product((1, 10, 100), (0, 17, 45), STARTS[:2]):
        turned.set(condition=L, turn=degrees, w1=w1, w2=w2)
        assert turned.shown.step_numbers[1, :2] == pytest.approx([0, 0], abs=1e-12)


def test_a_learners_functions_take_the_steps_of_the_picture():
    same = "Your path, drawn as crosses, is the same."
    missing = "Your path is not drawn: one number for each coordinate is not the whole of H."
    whole, each = (curvature.explore(mine=fn, turn=20) for fn in (newton_step, rescaled_step))
    for method in METHODS:
        whole.set(method=method)
        assert whole.readout.endswith(same)
        each.set(method=method)
        assert each.readout.endswith(missing if method == curvature.NEWTON else same)

    def diagonal_only(w, g, H):
        return w - g / np.diag(H)

    def unwritten(w, g, H): ...

    def table(w, g, H):
        return w - g / H

    explorer = curvature.explore(mine=diagonal_only, method="Newton")
    assert explorer.readout.endswith("is different.")
    assert "still to be written" in curvature.explore(mine=unwritten).readout
    assert "Your path is not drawn: " in curvature.explore(mine=table, method="Newton").readout


def test_the_prediction_is_about_a_state_that_confirms_it(turned):
    question = curvature.turned_question
    assert question.answer == "173, as before." and question.name == "turned_valley"
    turned.reset()
    turned.set(**question.about)
    assert "173 steps" in turned.readout


BEND = "The curvature at the start is"
BOTH = "come within a millionth of the"


@pytest.mark.parametrize(
    "values, readout",
    [
        ({}, f"Newton's steps from 1.80 {BOTH} minimum 1.13 after 5 steps. {BEND} 33."),
        (
            {"w": 0.3},
            f"Newton's steps from 0.30 {BOTH} maximum 0.17 after 3 steps. {BEND} −4.9, so the "
            "first step points uphill.",
        ),
        (
            {"w": 0.71},
            f"Newton's steps from 0.71 {BOTH} minimum 1.13 after 14 steps. {BEND} 0.049.",
        ),
        (
            {"w": 0.3, "method": "damped"},
            f"Damped steps from 0.30 {BOTH} minimum 1.13 after 5 steps. {BEND} −4.9, so the first "
            "step follows minus the gradient.",
        ),
        (
            {"curve": "root"},
            f"Newton's steps from 1.10 lead to −1.33, 2.36, −13.1 and diverge. {BEND} 0.3.",
        ),
        (
            {"curve": "root", "w": 1.0},
            f"Newton's steps from 1.00 jump between 1 and −1 without end. {BEND} 0.35.",
        ),
        (
            {"curve": "root", "w": 0.99},
            f"Newton's steps from 0.99 {BOTH} minimum 0.00 after 7 steps. {BEND} 0.36.",
        ),
        (
            {"curve": "root", "method": "damped"},
            f"Damped steps from 1.10 {BOTH} minimum 0.00 after 3 steps. {BEND} 0.3.",
        ),
        (
            {"curve": "root", "w": 0.0},
            f"Newton's steps from 0.00 begin at the minimum 0.00 and stay there. {BEND} 1.",
        ),
    ],
)
def test_the_readout_describes_where_the_steps_end(curves, values, readout):
    curves.reset()
    curves.set(**values)
    assert curves.readout == readout


def followed(curve, w):
    """Newton's steps by their formulas: −w³, and (8w³ − 1)/(12w² − 6) in the two valleys."""
    for _ in range(newton.STEPS):
        w = max(-1e90, min(1e90, -(w**3))) if curve == "root" else (8 * w**3 - 1) / (12 * w**2 - 6)
        yield w


@pytest.mark.parametrize("curve", newton.LANDS)
def test_the_readout_is_true_from_every_start(curves, curve):
    curves.set(curve=curve)
    land = newton.LANDS[curve]
    low, high = land.surface.domain[0]
    flat = {"minimum": (-1.300839566, 1.130901123), "maximum": (0.1699384433,)}
    flat = flat if curve != "root" else {"minimum": (0.0,)}
    for w, plain in itertools.product(np.round(np.linspace(low, high, 41), 2), (True, False)):
        curves.set(w=w, method=newton.NEWTON if plain else newton.DAMPED)
        text, losses = curves.readout, curves.shown.step_numbers[:, 1]
        if not plain:
            assert (np.diff(losses) <= 0).all() and "minimum" in text
            continue
        end = list(followed(curve, w))[-1]
        kinds = [k for k, places in flat.items() if min(abs(end - p) for p in places) < 1e-5]
        others = ("diverge", "without end", "not converged")
        assert kinds[0] in text if kinds else any(words in text for words in others)
        assert ("points uphill" in text) == (land.curvature(w) < 0 and bool(kinds))


def test_newtons_first_step_leads_to_the_vertex_of_the_local_parabola(curves):
    for curve, w in [("two valleys", 1.8), ("two valleys", 0.3), ("root", 0.9), ("root", 1.1)]:
        curves.set(curve=curve, w=w)
        lines = curves.views.lines
        (vertex,) = lines.vertex.get_xdata()
        assert vertex == pytest.approx(next(followed(curve, w)))
        x, y = lines.parabola.get_data()
        seen = np.isfinite(y)
        extreme = y[seen][np.abs(x[seen] - vertex).argmin()]
        assert lines.vertex.get_ydata()[0] == pytest.approx(extreme, abs=0.02)


@pytest.mark.parametrize("w, end", [(0.70, -1.3008), (0.71, 1.1309), (-0.71, -1.3008)])
def test_a_path_that_comes_back_from_far_away_is_drawn_to_its_end(curves, w, end):
    curves.set(curve="two valleys", method="Newton", w=w)
    trail = curves.views.curve.trail
    assert trail.end.get_xdata()[-1] == pytest.approx(end, abs=1e-3)
    drawn, path = trail.line.get_xdata(), np.array([w, *followed("two valleys", w)])
    inside = np.abs(path) <= 2
    assert drawn[inside] == pytest.approx(path[inside]) and inside.sum() > 8


def test_the_vertex_at_the_first_start_is_in_the_picture(curves):
    for curve in newton.LANDS:
        curves.set(curve="two valleys" if curve == "root" else "root")
        curves.set(curve=curve)  # which begins at its own start
        low, high = curves.views.curve.ax.get_ylim()
        (height,) = curves.views.lines.vertex.get_ydata()
        assert low + 0.04 * (high - low) < height < high


def test_the_first_zigzag_is_in_the_picture(turned):
    turned.reset()
    turned.set(method="diagonal", turn=20)
    for width in (360, 600, 900):
        turned.live.available_width = width
        (left, right), (low, high) = (
            turned.views.bowl.ax.get_xlim(),
            turned.views.bowl.ax.get_ylim(),
        )
        x, y = turned.views.bowl.trail.line.get_data()
        assert left < x.min() and x.max() < right and low < y.min() and y.max() < high


def test_slips_that_numpy_or_two_edits_would_name_badly():
    def table_second(w, g, H):
        return w - np.linalg.solve(g, H)

    def point_divided(w, g, scale, lr):
        return w / scale - lr * g

    newtons, rescaled = curvature_exercises.EXERCISES
    assert newtons.check(table_second).message.endswith(
        "NumPy needs a table as the first argument here: which of your arrays is one?"
    )
    assert rescaled.check(point_divided).mistake == "the point is divided, not the gradient"


def test_slope_and_curvature_of_the_losses_are_their_derivatives():
    h = 1e-5
    for land in newton.LANDS.values():
        for w in (-1.7, -0.4, 0.2, 1.3):
            up, here, down = (land.surface.grad(np.array([x]))[0] for x in (w + h, w, w - h))
            f_up, f_down = (land.surface.f(np.array([x])) for x in (w + h, w - h))
            assert (f_up - f_down) / (2 * h) == pytest.approx(here, abs=1e-7)
            assert (up - down) / (2 * h) == pytest.approx(land.curvature(w), abs=1e-7)


@pytest.mark.parametrize("width", [360, 600, 900])
def test_the_pictures_fit_every_page(turned, curves, width):
    for explorer in (turned, curves):
        explorer.live.available_width = width
        assert explorer.live._size[0] == width


def test_the_numbers_of_the_lesson():
    H, w = np.array([[13.0, -12.0], [-12.0, 13.0]]), np.array([2.0, 1.0])
    assert (H @ w).tolist() == [14, -11]
    assert np.linalg.solve(H, H @ w) == pytest.approx(w)
    assert 144 / 169 == pytest.approx((24 / 26) ** 2) == pytest.approx(0.852, abs=5e-4)
    saddle, w = np.diag([2.0, -2.0]), np.array([1.0, 2.0])
    p = np.linalg.solve(saddle, saddle @ w)
    assert (w - p).tolist() == [0, 0] and -(saddle @ w) @ p == 6 and w[0] ** 2 - w[1] ** 2 == -3
    nines = np.full((3, 3), 0.9) + 0.1 * np.eye(3)  # ones on the diagonal, so rescaled already
    assert np.linalg.eigvalsh(nines).max() == pytest.approx(2.8)  # above 2: step size 1 diverges
    assert 64 * 32 + 32 + 32 * 10 + 10 == 2410 and 8 * (10**6) ** 2 == 8 * 10**12
