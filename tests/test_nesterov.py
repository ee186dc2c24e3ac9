"""Lesson 12: one magnified step, the shares of both methods, and what is proved about them."""

import itertools
import re

import numpy as np
import pytest

from gdlesson import Momentum, Nesterov, descend, surfaces
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import nesterov, nesterov_shares


@pytest.fixture
def explorer():
    return nesterov.explore()


@pytest.mark.parametrize("step", [1, 2, 7, 40])
def test_the_magnified_step_is_that_step_of_the_path(explorer, step, monkeypatch):
    seen = []
    monkeypatch.setattr(explorer.views.zoom, "update", lambda *steps: seen.append(steps))
    explorer.set(step=10)
    explorer.set(step=step)
    carried, before, ahead, height = seen[-1]
    path = descend(nesterov.LANDS["κ = 25"], Nesterov(0.02, 0.8), steps=nesterov.STEPS)
    w = path.w
    np.testing.assert_allclose(ahead, w[step] - w[step - 1], atol=1e-12)
    lr, w = path.optimizer.lr, w[step - 1]
    np.testing.assert_allclose(before, carried - lr * path.problem.grad(w), atol=1e-12)
    np.testing.assert_allclose(ahead, carried - lr * path.problem.grad(w + carried), atol=1e-12)
    assert height == w[1]
    assert f"step {step} is" in explorer.readout or step == 1
    assert explorer.views.formula is not None


def test_the_velocity_crosses_the_bottom_in_the_steps_that_the_lesson_names():
    path = descend(nesterov.LANDS["κ = 25"], Nesterov(0.02, 0.8), steps=nesterov.STEPS)
    crosses = []
    for t in range(1, 11):
        diamond = path.w[t - 1, 1]
        ring = diamond + nesterov.one_step(path, t)[2][0, 1]
        crosses += [t] if diamond * ring < 0 else []
    assert crosses == [3, 7]


def test_both_paths_are_the_packages(explorer):
    surface = nesterov.LANDS["κ = 25"]
    expected = descend(surface, Nesterov(0.02, 0.8), steps=nesterov.STEPS)
    np.testing.assert_allclose(explorer.shown.step_numbers[:, :2], expected.w)
    rival = descend(surface, Momentum(0.02, 0.8), steps=nesterov.STEPS)
    np.testing.assert_allclose(explorer.views.extra.rival.get_xydata(), rival.w)
    assert (
        f"{expected.loss[-1]:.2g} with Nesterov and {rival.loss[-1]:.2g} with" in explorer.readout
    )


@pytest.mark.parametrize(
    "values, text",
    [
        ({}, "From the same point and velocity, step 2 is 0.46 long with Nesterov and 0.65 with "
             "momentum."),
        ({"step": 3}, "step 3 is 0.23 long with Nesterov and 0.4 with"),  # in the lesson's text
        ({"step": 8}, "step 8 is 0.126 long with Nesterov and 0.129 with"),  # digits that differ
        ({"step": 1}, "In step 1 the velocity is still 0, so both take the same step."),
        ({"beta": 0.0, "step": 4}, "In step 4 the velocity does not move the ball: both take the "
                                   "same step."),
        (
            {"share": 2.0},
            "Nesterov diverges, because its stability limit is 1.385/L; that of momentum is "
            "3.600/L.",
        ),
        ({"share": 1.36, "beta": 0.95}, "is 1.345/L; that of momentum"),  # in the text, too
        ({"share": 2.4, "beta": 0.0}, "is 2.000/L; momentum diverges too, above 2.000/L."),
        ({"w1": 0.0, "w2": 0.0}, "The ball starts at the minimum."),
    ],
)  # fmt: skip
def test_the_readout_describes_what_looking_ahead_does(explorer, values, text):
    explorer.set(**values)
    assert text in explorer.readout


def grows(rule, bowl, start):
    """Whether the distance is larger in the second half of 2000 steps than in the first; None
    where it is the same."""
    w = np.nan_to_num(descend(bowl, rule, start, steps=2000).w, nan=np.inf)
    first, second = (np.abs(part).max() for part in (w[900:1000], w[1900:]))
    same = 0 < second < np.inf and np.isclose(first, second, rtol=1e-6, atol=0)
    return None if same else bool(second >= first > 0)


def test_the_readout_is_true_over_a_grid_of_states(explorer):
    shares, betas = (0.02, 0.5, 1.32, 1.34, 2.4), (0.0, 0.4, 0.99)
    starts = ((2.0, 1.0), (1.5, 0.0), (0.0, -1.0))
    for share, beta, (w1, w2) in itertools.product(shares, betas, starts):
        diverges = {
            rule.__name__: grows(rule(share / 25, beta), nesterov.LANDS["κ = 25"], [w1, w2])
            for rule in (Nesterov, Momentum)
        }
        for step in (1, 5):
            explorer.set(share=share, beta=beta, step=step, w1=w1, w2=w2)
            text = explorer.readout
            assert ("Nesterov diverges" in text) == diverges["Nesterov"], text
            assert ("momentum diverges" in text) == diverges["Momentum"], text
            lengths = re.search(r"is (\S+) long with Nesterov and (\S+) with momentum\.$", text)
            assert lengths or "same step" in text or "long with both methods" in text, text
            if lengths:
                path = descend(nesterov.LANDS["κ = 25"], Nesterov(share / 25, beta), [w1, w2], 60)
                w, before = path.w[step - 1], path.w[max(step - 2, 0)]
                carried = beta * (w - before)
                for number, place in zip(lengths.groups(), (w + carried, w), strict=True):
                    moved = carried - share / 25 * np.array([1, 25]) * place
                    assert float(number) == pytest.approx(np.linalg.norm(moved), rel=0.06), text
                assert lengths[1] != lengths[2], text


def test_the_ball_of_momentum_goes_farther_up_the_opposite_slope():
    """The prediction's answer, on parabolas: from w > 0 the velocity leads to w + carried < 0."""
    rng = np.random.default_rng(0)
    w, beyond, pull = (
        rng.uniform(0.01, 3, 1000),
        rng.uniform(0.01, 3, 1000),
        rng.uniform(0, 2, 1000),
    )
    carried = -(w + beyond)
    assert (carried - pull * w < carried - pull * -beyond).all()


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_the_limit_in_the_readout_is_the_measured_one(beta):
    surface, limit = nesterov.LANDS["κ = 25"], (2 + 2 * beta) / (1 + 2 * beta) / 25
    inside, outside = (
        descend(surface, Nesterov(share * limit, beta), steps=3000) for share in (0.99, 1.01)
    )
    assert not inside.diverged and outside.diverged


def test_nesterovs_best_and_the_drag(explorer):
    explorer.buttons()["Nesterov's best"]()
    assert (explorer.controls["share"].value, explorer.controls["beta"].value) == (1.32, 0.63)
    explorer.views.handles[0].moved(-9, 0.333)
    assert [explorer.controls[name].value for name in ("w1", "w2")] == [-2.5, 0.33]


def test_a_learners_rule_is_drawn_and_an_unwritten_one_is_not():
    right = nesterov.explore(mine=exercises()["nesterov_step"].reference)
    assert right.readout.endswith("Your path, drawn as crosses, is the same.")
    crosses = right.views.yours.line.get_xydata()
    np.testing.assert_allclose(crosses, right.shown.step_numbers[::2, :2])  # every second point

    def momentum(w, v, grad, lr, beta):
        v = beta * v + grad(w)
        return w - lr * v, v

    assert "is different." in nesterov.explore(mine=momentum).readout
    nothing = nesterov.explore(mine=lambda w, v, grad, lr, beta: None)
    assert "is not drawn: the function returned no points." in nothing.readout


FORMS = (
    "v = beta * v + grad(w - beta * v * lr); return w - lr * v, v",
    "ahead = w - lr * (beta * v); new = grad(ahead) + v * beta; return w - new * lr, new",
    "u = beta * np.asarray(v); return w - lr * (u + (g := grad(w - lr * u))), u + g",
    "y = w - lr * beta * v; g = grad(y); return y - lr * g, beta * v + g",
    "d = -lr * beta * v; g = grad(w + d); return w + d - lr * g, g - d / lr",
    "v = np.add(np.multiply(beta, v), grad(np.subtract(w, lr * beta * v))); return (w - lr * v, v)",
)


@pytest.mark.parametrize("form", FORMS)
def test_right_forms_of_the_step_are_accepted(form):
    assert checked(form).status == "passed"


@pytest.mark.parametrize(
    "form, mistake",
    [
        ("v = beta * v + grad(w); return w - lr * v, v", "no look ahead"),
        ("v = beta * v + grad(w - beta * v); return w - lr * v, v", "looks too far, without lr"),
        ("v = beta * v + grad(w - lr * v); return w - lr * v, v", "looks too far, without beta"),
        ("v = beta * v + grad(w + lr * beta * v); return w - lr * v, v", "looks behind"),
        ("g = grad(w - lr * beta * v); v = beta * v + g; return w - lr * g, v",
         "only the gradient"),
        ("g = grad(w); v = beta * v + g; return w - lr * (g + beta * v), v", "PyTorch's form"),
        ("v = beta * v + grad(w - lr * beta * v); return w + lr * v, v", "uphill"),
        ("v = beta * v; g = grad(w - lr * beta * v); v = v + g; return w - lr * v, v",
         "beta twice in the look-ahead"),
        ("n = beta * v + grad(w); return w - lr * (beta * v + grad(w - lr * beta * v)), n",
         "one gradient for w, another for v"),
        ("n = beta * v + grad(w); return w - lr * n, beta * v + grad(w - lr * beta * v)",
         "one gradient for w, another for v"),
    ],
)  # fmt: skip
def test_wrong_forms_of_the_step_are_named(form, mistake):
    assert checked(form).mistake == mistake


def checked(form):
    lines = "\n    ".join(form.split("; "))
    space = {"np": np}
    exec(f"def nesterov_step(w, v, grad, lr, beta):\n    {lines}", space)
    return exercises()["nesterov_step"].check(space["nesterov_step"])


# --- the shares


@pytest.mark.parametrize("beta", [0.0, 0.45, 0.63, 0.9])
def test_a_share_is_the_size_of_the_larger_root(beta):
    for x in (0.01, 0.3, 0.999, 1.0, 1.3, 2.5, 3.9):
        rest = 1 - x
        for share, roots in (
            (nesterov_shares.nesterov_share, np.roots([1, -(1 + beta) * rest, beta * rest])),
            (nesterov_shares.momentum_share, np.roots([1, -(1 + beta - x), beta])),
        ):
            np.testing.assert_allclose(share(x, beta), abs(roots).max(), atol=1e-9)


def test_the_share_is_the_measured_rate_and_the_ends_decide():
    lr, beta = 1.25 / 25, 0.6
    loss = descend(surfaces.quadratic((1, 25)), Nesterov(lr, beta), steps=200).loss
    measured = (loss[200] / loss[100]) ** (1 / 200)  # of the distance: the root of the loss's
    ends = np.array([lr, 25 * lr])
    assert measured == pytest.approx(nesterov_shares.nesterov_share(ends, beta).max(), abs=0.01)
    between = np.linspace(*ends, 1001)
    for share in (nesterov_shares.nesterov_share, nesterov_shares.momentum_share):
        for memory in (0.0, 0.3, 0.6, 0.95):
            assert share(between, memory).max() <= share(ends, memory).max() + 1e-12


@pytest.mark.parametrize("kappa", [5, 25, 100])
def test_the_best_of_each_method_is_the_best_of_a_grid(kappa):
    root, wide = np.sqrt(kappa), np.sqrt(3 * kappa + 1)
    for best, share, least in (
        (nesterov.best_for_nesterov, nesterov_shares.nesterov_share, 1 - 2 / wide),
        (
            nesterov_shares.best_for_momentum,
            nesterov_shares.momentum_share,
            (root - 1) / (root + 1),
        ),
    ):
        size, beta = best(kappa)
        worst = share(np.array([size / kappa, size]), beta).max()
        assert worst == pytest.approx(least, abs=1e-7)  # two equal roots lose half the digits
        sizes, betas = np.meshgrid(np.linspace(0.5, 1.5, 201) * size, np.linspace(0, 0.99, 199))
        of_grid = np.maximum(share(sizes / kappa, betas), share(sizes, betas)).min()
        assert least - 1e-9 < of_grid < least + 0.02


def test_the_buttons_and_the_readout_of_the_shares():
    explorer = nesterov_shares.explore()
    explorer.buttons()["Momentum's best"]()
    assert "Nesterov diverges, because its stability limit is 1.526/L" in explorer.readout
    assert (
        "With momentum 67 % of the distance is left after each step, in the long run."
        in explorer.readout
    )
    explorer.buttons()["Nesterov's best"]()
    assert (
        "77 % of the distance is left after each step with Nesterov, and 79 % with momentum."
        in explorer.readout
    )
    explorer.set(beta=0.9, share=3.9)  # both limits are in the lesson's text
    assert "is 1.357/L" in explorer.readout and "is 3.800/L" in explorer.readout
    explorer.views.handles[0].moved(1.234, 0)
    assert explorer.controls["share"].value == 1.23
    assert explorer.views.shares.ball.get_ydata()[0] < -0.1  # it covers no share, not even 0


@pytest.mark.parametrize(
    "share, drawn, above",
    [(1.0, (2, 2), (0, 0)), (1.9, (2, 1), (0, 1)), (3.9, (1, 1), (1, 1)), (4.0, (1, 1), (1, 1))],
)
def test_a_share_above_the_picture_is_a_triangle(share, drawn, above):
    shares = nesterov_shares.explore(beta=0.5, share=share).views.shares
    assert tuple(len(line.get_xdata()) for line in (shares.old, shares.new)) == drawn
    assert tuple(len(line.get_xdata()) for line in shares.above) == above
    for line in shares.above:
        assert all(1 < y < shares.top for y in line.get_ydata())
        assert all(abs(x - share) < 0.2 and x < 4 for x in line.get_xdata())
    old, new = (set(line.get_xdata()) for line in shares.above)
    assert not old & new  # next to each other


def test_the_names_of_the_upright_lines_are_inside_and_above_no_curve():
    shares = nesterov_shares.explore(beta=0.9, share=3.9).views.shares
    mu, L = shares.labels
    assert mu.xy == (3.9 / 25, shares.top) and L.xy[0] < 3.9 and L.xy[1] < 0.9
    assert mu.get_bbox_patch().get_visible() and not L.get_bbox_patch().get_visible()


def test_the_bend_of_the_curve_in_the_picture_is_at_one_ninth():
    """Nesterov's roots are complex between it and 1; below it they are real."""
    at = np.array([1 / 9 - 1e-3, 1 / 9 + 1e-3, 0.5, 0.999])
    sizes, complex_sizes = nesterov_shares.nesterov_share(at, 0.5), np.sqrt(0.5 * (1 - at))
    assert sizes[0] > complex_sizes[0] + 0.01
    np.testing.assert_allclose(sizes[1:], complex_sizes[1:])


def test_the_readout_of_the_shares_is_true_over_a_grid_of_states():
    explorer = nesterov_shares.explore()
    for share, beta, condition in itertools.product(
        (0.02, 1.0, 1.36, 2.0, 3.8, 4.0), (0.0, 0.63, 0.9), ("κ = 5", "κ = 100")
    ):
        explorer.set(share=share, beta=beta, condition=condition)
        L = nesterov_shares.CONDITIONS[condition]
        first, _, second = explorer.readout.partition(". ")
        second = second or first  # both in one sentence
        for rule, text in ((Nesterov, first), (Momentum, second)):
            growing = grows(rule(share / L, beta), surfaces.quadratic((1, L)), [1, 1])
            assert ("diverges" in text) == bool(growing), explorer.readout
            assert ("does not converge" in text) == (growing is None), explorer.readout


# --- what the lesson says is proved


def test_the_rate_for_convex_losses_holds():
    w, v, h = np.ones(200), np.zeros(200), np.geomspace(1e-7, 1, 200)  # curvatures; L = 1
    for t in range(2000):
        v = (t - 1) / (t + 2) * v
        v = v + h * (w - v)
        w = w - v
        assert (h * w**2 / 2 <= 2 / (t + 2) ** 2).all()


@pytest.mark.parametrize("kappa", [25, 100])
def test_the_rate_for_strongly_convex_losses_holds(kappa):
    root = np.sqrt(kappa)
    rule = Nesterov(1 / kappa, (root - 1) / (root + 1))
    bound = (kappa + 1) / 2 * (1 - 1 / root) ** np.arange(201)
    for h in np.linspace(1, kappa, 9):
        loss = descend(surfaces.quadratic(h), rule, steps=200).loss
        assert (loss <= bound).all()
    if kappa == 25:  # the three slopes are strongly convex, too
        loss = descend(surfaces.THREE_SLOPES, rule, [3.3], steps=200).loss
        assert (loss <= 3.3**2 * bound).all()


def test_the_three_slopes_as_the_lesson_describes_them():
    slopes = surfaces.THREE_SLOPES
    starts = np.linspace(-10, 10, 41)[:, None]
    common = descend(slopes, Nesterov(1 / 25, 2 / 3), starts, steps=300)
    assert (np.abs(common.last) < 1e-6).all()
    ends = [
        descend(slopes, Momentum(lr, 4 / 9), [3.3], steps=1000).last[0] for lr in (4 / 36, 1 / 25)
    ]
    assert min(abs(ends[0] - point) for point in (-1.80, 2.12, 0.65)) < 0.005
    assert abs(ends[1]) < 1e-9


@pytest.mark.parametrize("lr_lambda", [1.1, 1.4, 3.0])
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.95])
def test_beyond_one_the_negative_root_is_the_larger_one(lr_lambda, beta):
    u = lr_lambda - 1
    root = -((1 + beta) * u + np.sqrt((1 + beta) ** 2 * u**2 + 4 * beta * u)) / 2
    assert abs(root) == pytest.approx(float(nesterov_shares.nesterov_share(lr_lambda, beta)))
    assert root == pytest.approx(np.roots([1, (1 + beta) * u, -beta * u]).min())


@pytest.mark.parametrize("t", [1, 3, 10])
def test_the_lower_bound_holds_for_the_best_point_of_the_gradients(t):
    """On Nesterov's worst quadratic, t gradients reach only the first t of 2t + 1 weights."""
    d = 2 * t + 1
    A = 2 * np.eye(d) - np.eye(d, k=1) - np.eye(d, k=-1)  # L = 4: f = ½wᵀAw − w₁
    one = np.eye(d)[0]
    least = np.linalg.solve(A, one)
    reached = np.zeros(d)
    reached[:t] = np.linalg.solve(A[:t, :t], one[:t])

    def f(w):
        return w @ A @ w / 2 - w[0]

    assert f(reached) - f(least) >= 3 * 4 * (least @ least) / (32 * (t + 1) ** 2)


def test_pytorchs_iterates_are_our_look_ahead_points():
    grad, lr, beta = surfaces.catalogue["Rosenbrock"].grad, 0.0005, 0.9
    rule = Nesterov(lr, beta)
    w, v = np.array([-1.0, 1.0]), np.zeros(2)
    p, b = w, v
    for _ in range(50):
        np.testing.assert_allclose(p, rule.look(w, v), atol=1e-12)
        w, v = rule.step(w, v, grad(rule.look(w, v)))
        g = grad(p)
        b = beta * b + g
        p = p - lr * (g + beta * b)
