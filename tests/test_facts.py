"""The statements the lessons rest on, each with its start, its seed and the window it is read in.

Where a number comes from random draws the bound is several standard errors wide, computed from
the number of draws; the seeds are fixed all the same.
"""

import math
from itertools import combinations, count, pairwise, product

import numpy as np
import pytest

from gdlesson import (
    AdaGrad,
    Adam,
    AdamW,
    AMSGrad,
    GradientDescent,
    LinearRegression,
    LogisticRegression,
    Momentum,
    NAdam,
    Nesterov,
    Network,
    RMSProp,
    SoftmaxRegression,
    catalogue,
    cosine_decay,
    descend,
    digits,
    engel,
    inverse_decay,
    numerical_gradient,
    penguins,
    quadratic,
    standardise,
    step_decay,
    sweep,
)

PARABOLA = catalogue["parabola"]  # x², so L = 2
VALLEY = catalogue["elongated quadratic"]  # ½(x² + 25y²), so L = 25


def rate(path, first, last):
    """Mean factor a step on the distance to (0, 0), from step `first` to step `last`."""
    away = np.hypot(path.w[:, 0], path.w[:, 1])  # squares of 1e-200 would be 0
    return (away[last] / away[first]) ** (1 / (last - first))


class Gradient:
    """A problem of which only the gradient is known."""

    def __init__(self, grad):
        self.grad = grad


# Quadratics


def test_descent_converges_below_two_over_l_and_oscillates_above_one_over_l():
    for curvature in (0.3, 2.0, 25.0):
        bowl = quadratic(curvature)
        for factor in (0.01, 0.5, 0.99, 1.01, 1.5, 1.99):
            w = descend(bowl, GradientDescent(factor / curvature), start=1, steps=2000).w[:, 0]
            assert (w[1] < 0) == (factor > 1)
            assert abs(w[-1]) < 1e-8
        beyond = descend(bowl, GradientDescent(2.01 / curvature), start=1, steps=2000)
        assert beyond.diverged and beyond.w[1, 0] < 0


def test_two_percent_of_a_percent_around_the_border_of_the_valley():
    for lr, left in [(0.0799, 0.082), (0.0801, 12.1)]:  # start (1, 1), 1000 steps
        y = descend(VALLEY, GradientDescent(lr), start=(1, 1), steps=1000).last[1]
        assert abs(y) == pytest.approx(left, rel=0.005)
        assert abs(y) == pytest.approx(abs(1 - 25 * lr) ** 1000)


def test_on_the_parabola_one_half_lands_one_cycles_and_more_diverges():
    assert descend(PARABOLA, GradientDescent(0.5), start=10, steps=1).last == 0
    cycle = descend(PARABOLA, GradientDescent(1.0), start=10, steps=1001).w[:, 0]
    assert (cycle == np.where(np.arange(1002) % 2, -10, 10)).all()
    assert descend(PARABOLA, GradientDescent(1.05), start=10, steps=20).diverged


@pytest.mark.parametrize(
    "kappa, best, inverse, worst",
    [(25, 173, 330, 339), (100, 691, 1341, 1375), (1000, 6908, 13463, 13809)],
)
def test_best_step_and_one_over_l(kappa, best, inverse, worst):
    bowl = quadratic((1, kappa))
    at_best = descend(bowl, GradientDescent(2 / (1 + kappa)), start=(1, 1), steps=best)
    assert at_best.steps_to(1e-6) == best
    assert rate(at_best, 0, 100) == pytest.approx((kappa - 1) / (kappa + 1))
    at_inverse = descend(bowl, GradientDescent(1 / kappa), start=(1, 1), steps=inverse)
    assert at_inverse.steps_to(1e-6) == inverse
    assert rate(at_inverse, 1, 101) == pytest.approx(1 - 1 / kappa)
    from_worst = descend(bowl, GradientDescent(1 / kappa), start=(1, 1 / kappa), steps=worst)
    assert from_worst.steps_to(1e-6) == worst
    for lr in np.array([0.9, 0.99, 1.01, 1.02]) * 2 / (1 + kappa):  # no other step is as good
        other = descend(bowl, GradientDescent(lr), start=(1, 1), steps=2000)
        assert other.diverged or rate(other, 1000, 2000) > (kappa - 1) / (kappa + 1)


@pytest.mark.parametrize("kappa", [5, 25, 100])
def test_exact_line_search_from_the_worst_start(kappa):
    bowl, w = quadratic((1, kappa)), np.array([kappa, 1.0])
    for _ in range(20):
        g = bowl.grad(w)
        lr = g @ g / (g @ (g * [1, kappa]))
        after = descend(bowl, GradientDescent(lr), start=w, steps=1).last
        assert bowl.f(after) / bowl.f(w) == pytest.approx(((kappa - 1) / (kappa + 1)) ** 2)
        assert bowl.grad(after) @ g == pytest.approx(0, abs=1e-10 * (g @ g))
        w = after


def heavy_ball(kappa):
    root = math.sqrt(kappa)
    return Momentum(4 / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2)


@pytest.mark.parametrize("kappa, steps", [(25, 44), (100, 93)])
def test_heavy_ball_at_its_best(kappa, steps):
    path = descend(quadratic((1, kappa)), heavy_ball(kappa), start=(1, 1), steps=3000)
    assert path.steps_to(1e-6) == steps
    radius = (math.sqrt(kappa) - 1) / (math.sqrt(kappa) + 1)
    rates = [rate(path, a, 2 * a) for a in (25, 50, 100, 200, 400, 800)]
    assert all(a > b > radius for a, b in pairwise(rates))  # slowly, from above
    assert rates[-1] == pytest.approx(radius, rel=2e-3)


def test_heavy_ball_rates_as_measured():
    path = descend(VALLEY, heavy_ball(25), start=(1, 1), steps=200)
    assert rate(path, 24, 44) == pytest.approx(0.687, abs=5e-4)
    assert rate(path, 100, 200) == pytest.approx(0.671, abs=5e-4)


@pytest.mark.parametrize(
    "rule, border",
    [
        (Momentum, lambda beta, L: 2 * (1 + beta) / L),
        (Nesterov, lambda beta, L: (2 + 2 * beta) / ((1 + 2 * beta) * L)),
    ],
)
@pytest.mark.parametrize("L", [2.0, 25.0])
def test_the_border_of_stability_with_momentum(rule, border, L):
    for beta in (0.0, 0.3, 0.5, 0.9, 0.99):
        bowl = quadratic(L)
        inside = descend(bowl, rule(0.995 * border(beta, L), beta), start=1, steps=10_000)
        outside = descend(bowl, rule(1.005 * border(beta, L), beta), start=1, steps=10_000)
        assert abs(inside.last[0]) < 1e-6
        assert outside.diverged and not abs(outside.last[0]) < 1e6


@pytest.mark.parametrize("kappa, steps", [(25, 73), (100, 155)])
def test_nesterov_at_its_best(kappa, steps):
    root = math.sqrt(kappa)
    rule = Nesterov(1 / kappa, (root - 1) / (root + 1))
    path = descend(quadratic((1, kappa)), rule, start=(1, 1), steps=1600)
    assert path.steps_to(1e-6) == steps
    rates = [rate(path, a, 2 * a) for a in (50, 100, 200, 400, 800)]
    assert all(a > b > 1 - 1 / root for a, b in pairwise(rates))
    assert rates[-1] == pytest.approx(1 - 1 / root, rel=2e-3)


class Kinked:
    """Convex, gradient 25x below 1, x + 24 from 1 to 2, 25x − 24 above (Lessard et al. 2016)."""

    start = np.array([3.3])
    minima = np.zeros((1, 1))

    def f(self, w):
        x = w[..., 0]
        middle, right = 0.5 * x**2 + 24 * x - 12, 12.5 * x**2 - 24 * x + 36
        return np.where(x < 1, 12.5 * x**2, np.where(x < 2, middle, right))

    def grad(self, w):
        return np.where(w < 1, 25 * w, np.where(w < 2, w + 24, 25 * w - 24))


def test_heavy_ball_can_cycle_on_a_convex_function():
    problem = Kinked()
    for w in ([0.3], [1.5], [2.5], [-2]):
        assert problem.grad(np.array(w)) == pytest.approx(numerical_gradient(problem.f, w))
    w = descend(problem, Momentum(1 / 9, 4 / 9), steps=3000).w[:, 0]
    assert w[-6:] == pytest.approx([-1.802, 2.116, 0.647] * 2, abs=5e-4)
    assert np.abs(w[300:-3] - w[303:]).max() < 1e-12  # for ever
    for rule in (GradientDescent(2 / 26), Nesterov(1 / 25, 2 / 3)):
        assert abs(descend(problem, rule, steps=500).last[0]) < 1e-9
    for rule in (GradientDescent(1 / 9), Nesterov(1 / 9, 4 / 9)):
        assert descend(problem, rule, steps=500).diverged


# Noise


def noisy(h, sigma, rng):
    """½hx² measured with noise, for ever."""
    problem = Gradient(lambda w: h * w + rng.normal(0, sigma, w.shape))
    return (problem for _ in count())


@pytest.mark.parametrize(
    "optimizer, expected",
    [
        (GradientDescent(0.1), 0.0526),
        (GradientDescent(0.5), 0.5 / 1.5),
        (Momentum(0.1, 0.9), 0.5135),
        (Momentum(0.1, 0.5), 0.1 * 1.5 / (0.5 * 2.9)),
    ],
)
def test_stationary_variance_of_a_constant_step(optimizer, expected):
    """h = σ = 1; start 0, 20,000 runs, seed 0, read at step 400."""
    beta, lr = getattr(optimizer, "beta", 0), optimizer.lr
    formula = lr * (1 + beta) / ((1 - beta) * (2 * (1 + beta) - lr))
    assert formula == pytest.approx(expected, rel=1e-3)
    runs = 20_000
    path = descend(
        quadratic(1.0),
        optimizer,
        start=np.zeros((runs, 1)),
        steps=400,
        batches=noisy(1, 1, np.random.default_rng(0)),
        keep="last",
    )
    standard_error = formula * math.sqrt(2 / runs)
    assert path.last.var() == pytest.approx(formula, abs=4 * standard_error)


def test_stationary_variance_scales_with_noise_and_curvature():
    """h = 4, σ = 3, lr = 0.05; start 0, 20,000 runs, seed 1, read at step 200."""
    path = descend(
        quadratic(4.0),
        GradientDescent(0.05),
        start=np.zeros((20_000, 1)),
        steps=200,
        batches=noisy(4, 3, np.random.default_rng(1)),
        keep="last",
    )
    formula = 0.05 * 9 / (4 * (2 - 0.2))
    assert path.last.var() == pytest.approx(formula, abs=4 * formula * math.sqrt(2 / 20_000))


def test_variance_of_a_mini_batch_gradient_over_every_possible_batch():
    rng = np.random.default_rng(2)
    problem = LinearRegression(rng.normal(size=6), rng.normal(size=6))
    w = np.array([0.7, -0.2])
    one_by_one = np.array([problem.on(i).grad(w) for i in range(6)])
    for B in (1, 2, 3):
        with_replacement = [problem.on(list(rows)).grad(w) for rows in product(range(6), repeat=B)]
        without = [problem.on(list(rows)).grad(w) for rows in combinations(range(6), B)]
        assert np.var(with_replacement, axis=0) == pytest.approx(one_by_one.var(0) / B)
        expected = one_by_one.var(0, ddof=1) / B * (1 - B / 6)
        assert np.var(without, axis=0) == pytest.approx(expected)


def test_the_mean_of_batch_means_is_not_the_mean():
    x = np.arange(10.0)
    problem = LinearRegression(x, x)  # at w = b = 0 the loss is the mean of x²
    means = [problem.on(slice(i, i + 4)).f([0, 0]) for i in (0, 4, 8)]
    assert np.mean(means) == pytest.approx(35.83, abs=0.005)
    assert problem.f([0, 0]) == 28.5


def test_draws_with_replacement_miss_a_third_of_the_rows():
    n, repeats = 1000, 400
    expected = 1 - (1 - 1 / n) ** n
    assert expected == pytest.approx(0.632, abs=5e-4)
    draws = np.random.default_rng(3).integers(n, size=(repeats, n))
    seen = np.mean([np.unique(row).size / n for row in draws])
    assert seen == pytest.approx(expected, abs=4 * math.sqrt(0.0973 / n / repeats))


SCHEDULES = {  # lr, its factor at step t, mean final loss as the lessons quote it
    "constant 0.1": (0.1, lambda t: 1, 2.6e-2),
    "constant 0.01": (0.01, lambda t: 1, 2.5e-3),
    "cosine": (0.1, lambda t: cosine_decay(1, t, 10_000), 4.0e-4),
    "thirds": (0.1, lambda t: step_decay(1, t, 0.1, 3334), 2.5e-4),
    "one over t": (0.5, lambda t: inverse_decay(1, t, 4), 6.7e-5),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules_against_noise(name):
    """½w², σ = 1, start 5, 10⁴ steps, 2000 runs, seed 4: the mean final loss."""
    lr, schedule, quoted = SCHEDULES[name]
    mean, variance = 5.0, 0.0
    for t in range(10_000):  # what the mean and the variance of w do in a step
        step = lr * schedule(t)
        mean, variance = (1 - step) * mean, (1 - step) ** 2 * variance + step**2
    expected = 0.5 * (variance + mean**2)
    assert float(f"{expected:.1e}") == quoted
    rng, runs = np.random.default_rng(4), 2000
    loss = descend(
        quadratic(1.0),
        GradientDescent(lr),
        start=np.full((runs, 1), 5.0),
        steps=10_000,
        batches=noisy(1, 1, rng),
        schedule=schedule,
        keep="last",
    ).loss
    assert loss.mean() == pytest.approx(expected, abs=4 * expected * math.sqrt(2 / runs))


# Adaptive methods


@pytest.mark.parametrize("scale", [1.0, 1e3, 1e6])
@pytest.mark.parametrize(
    "optimizer, moved",
    [
        (Adam(0.1), 1.0),
        (AdaGrad(0.1), 1.0),
        (RMSProp(0.1, 0.9), 3.16),
        (RMSProp(0.1, 0.99), 10.0),
        (Adam(0.1, bias_correction=False), 3.16),
    ],
)
def test_the_first_step_does_not_know_the_gradients_scale(scale, optimizer, moved):
    constant = Gradient(lambda w: np.full_like(w, scale))
    path = descend(constant, optimizer, start=0, steps=1)
    assert -path.last[0] / 0.1 == pytest.approx(moved, abs=0.005)


def test_without_bias_correction_the_first_steps_are_too_long():
    constant = Gradient(np.ones_like)
    steps = -np.diff(descend(constant, Adam(1, bias_correction=False), start=0, steps=100).w[:, 0])
    assert steps[0] == pytest.approx(3.16, abs=0.005)
    assert steps.argmax() + 1 == 12 and steps.max() == pytest.approx(6.57, abs=0.005)
    assert -np.diff(descend(constant, Adam(1), start=0, steps=100).w[:, 0]) == pytest.approx(1)


def test_adagrad_on_a_constant_gradient_takes_steps_of_lr_over_root_t():
    w = descend(Gradient(np.ones_like), AdaGrad(1.0), start=0, steps=100).w[:, 0]
    assert -np.diff(w) == pytest.approx(1 / np.sqrt(np.arange(1, 101)))
    assert -w[-1] == pytest.approx(18.59, abs=0.005)


def test_adam_does_not_see_the_scale_but_sees_the_axes():
    """Start (1.3, 0.9), 40 steps, lr 0.05, ε = 0; curvatures 1 and 25."""
    start, steps, adam = np.array([1.3, 0.9]), 40, Adam(0.05, eps=0)
    straight, thousandfold = quadratic((1, 25)), quadratic((1000, 25_000))
    path = descend(straight, adam, start=start, steps=steps).w
    scaled = descend(thousandfold, adam, start=start, steps=steps).w
    np.testing.assert_allclose(scaled, path, rtol=0, atol=1e-10)

    angle = np.pi / 6
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = quadratic((1, 25), angle=angle)
    for rule, follows in [(GradientDescent(0.05), True), (Momentum(0.01), True), (adam, False)]:
        path = descend(straight, rule, start=start, steps=steps).w
        other = descend(turned, rule, start=start @ turn, steps=steps).w
        gap = np.abs(other - path @ turn).max()
        assert gap < 1e-12 if follows else gap > 0.05


def reddi(t):
    """Gradient 4 at t = 1, 4, 7, …, and −1 otherwise; t from 0 here."""
    return Gradient(lambda w: np.full_like(w, 4.0 if t % 3 == 0 else -1.0))


def test_adam_fails_on_a_convex_problem_and_amsgrad_does_not():
    """x clipped to [−1, 1], start 1, lr = 0.2/√t, 1000 steps; the best point is −1."""
    ends = {}
    for rule in (Adam, AMSGrad):
        optimizer = rule(0.2, beta1=0, beta2=1 / 17, bias_correction=False)
        ends[rule] = descend(
            reddi(0),
            optimizer,
            start=1,
            steps=1000,
            batches=map(reddi, count()),
            schedule=lambda t: 1 / math.sqrt(t + 1),
            project=lambda w: np.clip(w, -1, 1),
        ).last[0]
    # The last step is one of the uphill third: 1 − lr·4/√(16·16/17 + …) = 0.99349.
    assert ends[Adam] == pytest.approx(0.99349, abs=5e-6)
    assert ends[AMSGrad] == -1


def test_a_late_spike():
    """NAdam, lr 0.1, Himmelblau from (−4, −4), 400 steps.

    The spike grows out of a mean square near 0 and so out of rounding: another way to write the
    same sums moves it between steps 261 and 270 and its height between 0.20 and 0.24.
    """
    loss = descend(catalogue["Himmelblau"], NAdam(0.1), start=(-4, -4), steps=400).loss
    peak = 240 + loss[240:300].argmax()
    assert loss[:peak].min() < 1e-16
    assert 255 <= peak <= 275 and 0.15 < loss[peak] < 0.3
    assert loss[peak:].min() < 1e-20


def test_without_a_gradient_adamw_decays_and_adam_with_l2_walks():
    """10 steps, lr 0.01, weight decay 0.1, start 1."""
    nothing, l2 = Gradient(np.zeros_like), Gradient(lambda w: 0.1 * w)
    decayed = descend(nothing, AdamW(0.01, weight_decay=0.1), start=1, steps=10).last[0]
    assert decayed == pytest.approx(0.99004, abs=5e-6) == pytest.approx(0.999**10, abs=5e-6)
    walked = descend(l2, Adam(0.01), start=1, steps=10).w[:, 0]
    assert -np.diff(walked) == pytest.approx(0.01, rel=0.01)


# Derivatives by differences


def sine(w):
    return np.sin(w[..., 0])


def errors(hs):
    """Forward and central error of the derivative of sin at 1."""
    forward = np.array([(math.sin(1 + h) - math.sin(1)) / h for h in hs])
    central = np.array([numerical_gradient(sine, [1.0], h)[0] for h in hs])
    return np.abs(forward - math.cos(1)), np.abs(central - math.cos(1))


def test_errors_of_differences_fall_with_slope_one_and_two():
    hs = np.logspace(-4, -1, 31)
    forward, central = errors(hs)
    assert np.polyfit(np.log(hs), np.log(forward), 1)[0] == pytest.approx(1, abs=0.02)
    assert np.polyfit(np.log(hs), np.log(central), 1)[0] == pytest.approx(2, abs=0.02)


def test_the_best_spacings_and_that_smaller_is_worse():
    """Medians over a factor of 2 either side, since single errors are lucky or not."""

    def typical(h, which):
        return np.median(errors(np.geomspace(h / 2, 2 * h, 201))[which])

    forward = {h: typical(h, 0) for h in (1.5e-11, 1.5e-10, 1.5e-8, 1.5e-6, 1.5e-5)}
    central = {h: typical(h, 1) for h in (6e-9, 6e-8, 6e-6, 6e-4, 6e-3)}
    assert min(forward, key=forward.get) == 1.5e-8 and forward[1.5e-8] < 2e-8
    assert min(central, key=central.get) == 6e-6 and central[6e-6] < 1e-11
    (tiny, best), (_, best_central) = errors([1e-15, 6e-6])
    assert tiny / math.cos(1) == pytest.approx(0.027, abs=5e-4)
    assert best_central / math.cos(1) == pytest.approx(2e-11, abs=5e-12) and best > best_central


# Surfaces


def test_rosenbrocks_minimum_is_a_narrow_valley():
    surface = catalogue["Rosenbrock"]
    at = np.array([1.0, 1.0])
    H = np.stack([numerical_gradient(lambda w, i=i: surface.grad(w)[..., i], at) for i in (0, 1)])
    low, high = np.linalg.eigvalsh((H + H.T) / 2)
    assert high / low == pytest.approx(2508, abs=0.5)
    assert 2 / high == pytest.approx(0.001997, abs=5e-7)


VALUES = [  # name, minima, value there
    ("elongated quadratic", [(0, 0)], 0),
    ("Booth", [(1, 3)], 0),
    ("Matyas", [(0, 0)], 0),
    ("Rosenbrock", [(1, 1)], 0),
    ("Beale", [(3, 0.5)], 0),
    (
        "Himmelblau",
        [
            (3, 2),
            (3.58442834033, -1.84812652696),
            (-3.77931025338, -3.28318599129),
            (-2.80511808695, 3.13131251825),
        ],
        0,
    ),
    ("three-hump camel", [(0, 0)], 0),
    (
        "six-hump camel",
        [(0.08984201310, -0.71265640302), (-0.08984201310, 0.71265640302)],
        -1.03162845349,
    ),
    ("double well", [(0, 1), (0, -1)], 0),
    ("Styblinski-Tang", [(-2.903534027771, -2.903534027771)], -78.33233140754),
    ("McCormick", [(0.5 - math.pi / 3, -0.5 - math.pi / 3)], -1.913222954981),
    ("Rastrigin", [(0, 0)], 0),
    ("Ackley", [(0, 0)], 0),
    ("Goldstein-Price", [(0, -1)], 3),
    ("parabola", [(0,)], 0),
    ("quartic", [(-1.300839565942,)], -3.513905038935),
    ("plateau", [(0,)], 0),
    ("absolute value", [(0,)], 0),
    ("Forrester", [(0.7572487578,)], -6.020740055767),
]


@pytest.mark.parametrize("name, minima, value", VALUES, ids=[name for name, _, _ in VALUES])
def test_global_minima_and_their_value(name, minima, value):
    surface = catalogue[name]
    assert surface.minima == pytest.approx(np.array(minima), abs=5e-11)
    assert surface.f(surface.minima) == pytest.approx([value] * len(minima), abs=1e-11)


def test_other_critical_points_the_lessons_name():
    assert set(catalogue) == {name for name, _, _ in VALUES} | {"saddle"}
    assert catalogue["Beale"].saddles == pytest.approx(
        np.array([(0, 1), (0.1005379373, -2.6445135850)]), abs=1e-10
    )
    himmelblau = catalogue["Himmelblau"]
    assert himmelblau.maxima == pytest.approx(np.array([(-0.27084459067, -0.92303855648)]))
    assert len(himmelblau.saddles) == 4
    camel = np.array([1.74755234583, -0.87377617292])
    assert catalogue["three-hump camel"].local == pytest.approx(np.array([camel, -camel]))
    assert catalogue["quartic"].local == pytest.approx(np.array([[1.130901122630]]))
    assert catalogue["quartic"].maxima == pytest.approx(np.array([[0.1699384433]]))
    assert catalogue["Forrester"].local == pytest.approx(np.array([[0.1425891893]]))
    rastrigin = catalogue["Rastrigin"]
    every = np.concatenate([rastrigin.minima, rastrigin.local])
    assert len(np.unique(every, axis=0)) == 121 and np.abs(every).max() < 5.12


def test_the_saddle_has_no_floor():
    path = descend(catalogue["saddle"], GradientDescent(0.1), steps=500)
    assert path.loss[-1] < -1e30 and len(catalogue["saddle"].minima) == 0


def test_a_start_on_the_axis_of_the_double_well_ends_on_the_saddle():
    well = catalogue["double well"]
    for x in (-1.3, 0.4, 1.2):
        assert descend(well, GradientDescent(0.1), start=(x, 0), steps=300).last == pytest.approx(
            [0, 0], abs=1e-15
        )
    for y in (-1e-6, 1e-6):
        last = descend(well, GradientDescent(0.1), start=(1.2, y), steps=300).last
        assert last == pytest.approx([0, math.copysign(1, y)], abs=1e-9)


def test_a_constant_step_on_the_absolute_value_ends_in_a_two_cycle_as_wide_as_lr():
    w = descend(catalogue["absolute value"], GradientDescent(0.3), start=2.0, steps=101).w[:, 0]
    assert np.abs(np.diff(w[-50:])) == pytest.approx(0.3)
    assert np.abs(w[-50:-2] - w[-48:]).max() < 1e-14 and w[-1] * w[-2] < 0


# Data


def table(*columns, rows=slice(None)):
    data = penguins()
    return standardise(np.column_stack([data[name][rows] for name in columns]))[0]


def test_flipper_length_and_body_mass():
    data = penguins()
    x, y = data["flipper_length_mm"], data["body_mass_g"]
    raw = LinearRegression(x, y)
    w = raw.closed_form()
    assert w == pytest.approx([50.153266, -5872.0927], rel=1e-8)
    assert raw.f(w) == pytest.approx(153789.68, abs=0.005)
    assert 1 - raw.f(w) / y.var() == pytest.approx(0.76209, abs=5e-6)
    low, high = raw.curvatures()
    assert high / low == pytest.approx(8.4e6, rel=0.005)
    assert 2 / high == pytest.approx(2.46e-5, rel=0.005)

    scaled = LinearRegression(standardise(x)[0], standardise(y)[0])
    assert np.divide(*scaled.curvatures()) == pytest.approx(1)
    assert scaled.closed_form() == pytest.approx([0.872979, 0], abs=5e-7)
    path = descend(scaled, GradientDescent(0.1), steps=150)  # from (0, 0)
    assert path.last == pytest.approx(scaled.closed_form(), abs=1e-12)
    back = standardise(y)[2] / standardise(x)[2]  # to grams per millimetre
    assert path.last[0] * back == pytest.approx(50.153266, rel=1e-8)


@pytest.mark.parametrize(
    "columns, without, positive, loss, accuracy",
    [
        (("bill_depth_mm", "body_mass_g"), None, ("sex", "male"), 0.246753, 0.892),
        (("bill_length_mm", "bill_depth_mm"), "Gentoo", ("species", "Chinstrap"), 0.043671, 0.972),
    ],
)
def test_logistic_regression_on_penguins(columns, without, positive, loss, accuracy):
    data = penguins()
    rows = data["species"] != without
    label = (data[positive[0]] == positive[1])[rows]
    problem = LogisticRegression(table(*columns, rows=rows), label)
    path = descend(problem, Nesterov(1.0, 0.9), steps=10_000)
    assert np.abs(path.g[-1]).max() < 1e-9
    assert path.loss[-1] == pytest.approx(loss, abs=5e-7)
    assert problem.accuracy(path.last) == pytest.approx(accuracy, abs=5e-4)


def test_where_a_line_separates_the_labels_the_weights_grow_for_ever():
    species = penguins()["species"]
    rows = species != "Chinstrap"
    X = table("bill_depth_mm", "flipper_length_mm", rows=rows)
    problem = LogisticRegression(X, species[rows] == "Gentoo")
    path = descend(problem, Nesterov(1.0, 0.9), steps=20_000)
    size = np.linalg.norm(path.w, axis=-1)
    assert problem.accuracy(path.last) == 1
    assert (np.diff(size[[100, 1000, 5000, 10_000, 20_000]]) > 0.5).all()
    assert (np.diff(path.loss[[100, 1000, 5000, 10_000, 20_000]]) < 0).all()


def test_three_species_by_softmax():
    names = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
    labels = np.unique(penguins()["species"], return_inverse=True)[1]
    problem = SoftmaxRegression(table(*names), labels)
    path = descend(problem, GradientDescent(0.5), steps=100)  # from 0
    assert path.loss[[10, 100]] == pytest.approx([0.230532, 0.062675], abs=5e-7)
    assert problem.accuracy(path.last) == pytest.approx(0.985, abs=5e-4)


def test_engel_breaks_a_naive_step_size():
    data = engel()
    problem = LinearRegression(data["income"], data["foodexp"])
    assert problem.closed_form() == pytest.approx([0.48517842, 147.47538852], rel=1e-7)
    assert descend(problem, GradientDescent(1e-5), steps=100).diverged
    assert not descend(problem, GradientDescent(8e-7), steps=100).diverged


def test_a_network_learns_the_digits():
    """64-32-10, tanh, Adam at 0.01, batches of 32, seed 0, 15 epochs over the first 480."""
    data = digits()
    problem = Network(data["pixels"] / 16, data["label"], (64, 32, 10), seed=0)
    train, test = problem.on(slice(0, 480)), problem.on(slice(480, 600))
    path = descend(train, Adam(0.01), steps=225, batches=train.batches(32, 0), keep="last")
    assert test.accuracy(problem.start) < 0.25
    assert train.accuracy(path.last) > 0.99 and test.accuracy(path.last) > 0.85


def test_penguins_by_mini_batches_at_many_step_sizes_at_once():
    """Standardised flipper and mass, batch 32, seed 5, five epochs: runs share their batches."""
    data = penguins()
    x, y = (standardise(data[name])[0] for name in ("flipper_length_mm", "body_mass_g"))
    problem = LinearRegression(x, y)
    rules = GradientDescent(**sweep(lr=np.array([0.001, 0.01, 0.1])))
    path = descend(problem, rules, steps=55, batches=problem.batches(32, 5))
    best = problem.f(problem.closed_form())
    assert path.loss[-1, 0] > path.loss[-1, 1] > best
    assert path.loss[-1, 2] == pytest.approx(best, rel=0.05)
