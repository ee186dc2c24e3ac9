"""Lesson 11: the map of step size and β, the roots that explain it, and a cycle that never ends."""

import re

import numpy as np
import pytest

from gdlesson import GradientDescent, Momentum, descend
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import momentum, momentum_slopes
from gdlesson.explorers import momentum_rates as theory
from gdlesson.explorers.learner import LearnerFunction
from gdlesson.explorers.momentum_readout import describe, describe_roots
from gdlesson.surfaces import THREE_SLOPES, numerical_gradient, quadratic
from gdlesson.views.scale import BANDS, banded

LS = (10, 25, 100)
SHARES, BETAS = theory.places()


@pytest.fixture(scope="module")
def made_once():
    return momentum.explore(), momentum_slopes.explore()


@pytest.fixture
def explorer(made_once):
    made_once[0].reset()
    return made_once[0]


@pytest.fixture
def slopes(made_once):
    made_once[1].reset()
    return made_once[1]


def distances(L, lr, beta, steps=300):
    path = descend(quadratic((1.0, L)), Momentum(lr, beta), steps=steps)
    return np.linalg.norm(path.w, axis=1) / np.sqrt(2)


@pytest.mark.parametrize("L", LS)
def test_the_roots_are_those_of_numpy_and_their_product_is_beta(L):
    rng = np.random.default_rng(0)
    for share, beta in zip(rng.uniform(0.02, 4, 100), rng.uniform(0, 0.99, 100), strict=True):
        for curvature in (1, L):
            lr = share / L
            pair = theory.roots(lr, beta, curvature)
            expected = np.roots([1, -(1 + beta - lr * curvature), beta])
            assert np.prod(pair) == pytest.approx(beta, abs=1e-12)
            np.testing.assert_allclose(np.sort(abs(pair)), np.sort(abs(expected)), atol=1e-6)
            assert pair.sum() == pytest.approx(1 + beta - lr * curvature)
            if abs(pair[0].imag) > 1e-9:
                np.testing.assert_allclose(abs(pair), np.sqrt(beta))


@pytest.mark.parametrize("L", LS)
def test_every_pixel_of_the_rates_is_what_a_long_run_shows(L):
    rates = theory.rates(L)
    for i in range(5, 100, 31):
        for j in range(3, 200, 47):
            beta, lr = BETAS[i], SHARES[j] / L
            away = distances(L, lr, beta, 240)
            if np.isnan(rates[i, j]):
                assert away[-1] > 1e-2  # it diverges, or stays at one distance
            elif away[80:].min() > 0 and rates[i, j] > 0.5:
                # complex roots turn, so the mean over many steps is near the rate only
                assert (away[240] / away[120]) ** (1 / 120) == pytest.approx(rates[i, j], abs=0.03)


@pytest.mark.parametrize("L", LS)
def test_a_finer_map_has_the_rates_of_the_sliders_at_their_places(L):
    fine = theory.rates(L, 4)
    assert fine.shape == (400, 800)
    np.testing.assert_allclose(fine[::4, 3::4], theory.rates(L), rtol=1e-12)


def test_the_map_is_covered_exactly_where_momentum_diverges(explorer):
    ax = explorer.views.map.image.axes
    (cover,) = ax.patches
    outline = cover.get_path()
    for share, beta in np.random.default_rng(3).uniform((0.05, 0), (3.95, 0.99), (200, 2)):
        largest = max(theory.radius(share / 25, beta, curvature) for curvature in (1, 25))
        assert outline.contains_point((share, beta)) == (largest > 1)
    assert cover.get_zorder() > explorer.views.map.image.get_zorder()


def test_the_readout_counts_the_steps_as_steps_to_does():
    rng = np.random.default_rng(2)
    places = [*zip(rng.uniform(0.1, 3, 25), rng.uniform(0, 0.9, 25), strict=True), (2.48, 0.52)]
    for share, beta in places:
        away, text = distances(25, share / 25, beta), describe(share, beta, 25)
        there = away <= 1e-6
        if share >= 2 * (1 + beta):
            assert "steps" not in text
        elif there.any():
            assert f"{there.argmax()} steps reach a millionth of it" in text
        else:
            assert "A millionth of it is not reached within 300 steps" in text


@pytest.mark.parametrize("L", LS)
def test_the_places_of_the_best_values_stand_for_exactly_these(L):
    assert theory.exactly(theory.plain_share(L), 0.0, L) == (2 / (L + 1), 0.0)
    assert theory.exactly(theory.plain_share(L), 0.1, L) == (theory.plain_share(L) / L, 0.1)
    assert theory.exactly(*theory.best_place(L).values(), L) == theory.best(L)
    assert abs(theory.plain_share(L) - 2 * L / (L + 1)) <= 0.01 + 1e-9


@pytest.mark.parametrize("L", LS)
def test_no_place_is_faster_in_the_long_run_than_the_star(L):
    lr, beta = theory.best(L)
    star = (np.sqrt(L) - 1) / (np.sqrt(L) + 1)
    assert theory.radius(lr, beta, 1) == pytest.approx(star)
    assert theory.radius(lr, beta, L) == pytest.approx(star)
    assert np.nanmin(theory.rates(L)) >= star - 1e-12
    for curvature in (1, L):  # both dotted lines go through it
        assert (1 - np.sqrt(lr * curvature)) ** 2 == pytest.approx(beta)
    assert 2 * (1 + theory.best(25)[1]) == pytest.approx(2.889, abs=5e-4)


def test_the_stability_limit_is_where_minus_one_is_a_root():
    for beta in (0.0, 0.3, 0.9):
        limit = 2 * (1 + beta) / 25
        assert theory.roots(limit, beta, 25)[0] == pytest.approx(-1)
        assert theory.radius(0.99 * limit, beta, 25) < 1 < theory.radius(1.01 * limit, beta, 25)


@pytest.mark.parametrize("land, steps", [("κ = 10", 27), ("κ = 25", 44), ("κ = 100", 93)])
def test_the_best_place_is_reached_by_its_button_and_needs_that_many_steps(explorer, land, steps):
    explorer.set(land=land)
    explorer.buttons()["Best step size and β"]()
    assert f"{steps} steps reach a millionth of it" in explorer.readout
    assert "No other step size and β are better in the long run" in explorer.readout
    explorer.buttons()["Plain descent"]()
    assert explorer.controls["beta"].value == 0


@pytest.mark.parametrize(
    "share, beta, text",
    [
        (1.0, 0.0, "without oscillating, and in the long run 96 % of the distance remains after"),
        (1.92, 0.0, "92 % of the distance remains after each step. 173 steps reach a millionth"),
        (3.0, 0.5, "at the stability limit 2(1 + β)/L = 3.00/L, the ball jumps across the valley"),
        (3.5, 0.5, "above the stability limit 2(1 + β)/L = 3.00/L, momentum diverges."),
        (0.5, 0.9, "oscillates along the valley and across it,"),
        (2.3, 0.2, "crosses the valley at every step,"),
        (2.0, 0.4, "oscillates across the valley, but not along it,"),
        (2.74, 0.46, "37 steps reach a millionth of it."),
        (2.78, 0.9, "236 steps reach a millionth of it."),
        (0.1, 0.1, "A millionth of it is not reached within 300 steps."),
    ],
)
def test_the_readout_names_the_regime(share, beta, text):
    assert text in describe(share, beta, 25)


def test_the_readout_agrees_with_the_map_everywhere():
    rates = theory.rates(25)
    for i in range(1, 100, 14):
        for j in range(1, 200, 21):
            text = describe(SHARES[j], BETAS[i], 25)
            if np.isnan(rates[i, j]):
                assert "momentum diverges" in text or "at the stability limit" in text
            else:
                (share,) = re.findall(r"run ([\d.]+) % of the distance remains", text)
                assert float(share) == pytest.approx(100 * rates[i, j], abs=0.56)


@pytest.mark.parametrize(
    "share, beta, text",
    [
        (2.78, 0.44, "roots are 0.67 twice, across it −0.67 twice. The largest size is 0.67 = √β"),
        (2.0, 0.7, "0.81 ± 0.21i, across it −0.15 ± 0.82i. The largest size is 0.84 = √β"),
        (1.0, 0.0, "0.96 and 0.00, across it 0.00 twice. The largest size is 0.96, so in the long"),
        (3.0, 0.5, "The root −1 has the size 1, so the ball jumps across the valley"),
        (4.0, 0.0, "One has a size above 1, |z| = 3.00, so momentum diverges."),
        (0.02, 0.0, "The largest size is 0.999,"),
    ],
)
def test_the_readout_names_the_roots(share, beta, text):
    lr, beta = theory.exactly(share, beta, 25)
    pairs = np.array([theory.roots(lr, beta, curvature) for curvature in (1, 25)])
    assert text in describe_roots(pairs, beta)


def test_the_regimes_are_those_of_the_roots_and_the_picture_shows_these(explorer):
    explorer.set(picture="roots")
    plane = explorer.views.roots
    rng = np.random.default_rng(0)
    for share, beta in zip(rng.uniform(0.02, 4, 60), rng.uniform(0, 0.99, 60), strict=True):
        explorer.set(share=share, beta=beta)
        both = [np.roots([1, -(1 + beta - share * c), beta]) for c in (1 / 25, 1)]
        along, across = (np.iscomplex(pair).any() for pair in both)
        text = theory.movement(share / 25, beta, 25)
        assert text.startswith("oscillates") == bool(along or across)
        if text.startswith("crosses"):
            assert (both[1].real <= 0).all()
        if text.startswith("approaches"):
            assert (np.concatenate(both).real >= 0).all()
        for drawn, arrow, pair in zip(plane.pairs, plane.beyond, both, strict=True):
            there = np.sort_complex(pair[pair.real > plane.left])
            x, y = drawn.get_data()
            shown = np.sort_complex(np.asarray(x) + 1j * np.asarray(y))
            np.testing.assert_allclose(shown, there, atol=1e-6)
            assert len(arrow.get_xdata()) == (len(there) < 2)


def test_the_colour_scale_has_the_bands_of_the_map(explorer):
    values = np.array([[0.68, 0.7, 0.99, np.nan]])
    bands = banded(values, (0.6, 1))
    assert np.isnan(bands[0, 3]) and np.abs(bands - values)[0, :3].max() <= 0.2 / BANDS + 1e-12
    assert len(np.unique(banded(np.linspace(0.6, 1, 900), (0.6, 1)))) == BANDS
    scale = next(ax for ax in explorer.figure.axes if "share left" in ax.get_title("left"))
    shown = explorer.views.map.image.get_array().compressed()
    in_scale = scale.collections[0].get_array()
    assert all(np.isclose(in_scale, x).any() for x in np.unique(shown))


def test_the_ball_ends_in_a_cycle_on_three_slopes(slopes):
    assert "ends in the cycle −1.80, 2.12, 0.65 and never converges" in slopes.readout
    slopes.set(w1=2.0)
    assert "momentum converges to the minimum" in slopes.readout
    slopes.set(w1=3.3, share=2.5)
    assert "momentum converges to the minimum" in slopes.readout
    slopes.buttons()["Best for a bowl"]()
    assert "cycle" in slopes.readout
    slopes.set(w1=0.0)
    assert "starts at the minimum" in slopes.readout
    plain = descend(THREE_SLOPES, GradientDescent(2 / 26), 3.3, steps=1000)
    assert abs(plain.last[0]) < 1e-12


def test_the_readout_of_the_three_slopes_is_true_everywhere(slopes):
    rng = np.random.default_rng(1)
    for _ in range(25):
        place = {"share": rng.uniform(0.02, 4), "beta": rng.uniform(0, 0.99)}
        slopes.set(**place, w1=rng.uniform(-4, 4))
        w = descend(
            THREE_SLOPES, Momentum(place["share"] / 25, place["beta"]),
            slopes.values["w1"], steps=2000,
        ).w[:, 0]  # fmt: skip
        with np.errstate(all="ignore"):
            if "converges to" in slopes.readout:
                assert abs(w[-1]) < 1e-3
            elif "cycle" in slopes.readout:
                assert 0.05 < np.abs(w[-10:]).max() < 10
            elif "diverges" in slopes.readout:
                assert not np.abs(w[-1]) < 1e3


def test_the_three_slopes_are_one_loss_and_its_gradient():
    for w in (-2.0, 0.5, 0.999, 1.5, 2.5):
        at = np.array([w])
        slope = numerical_gradient(THREE_SLOPES.f, at)
        np.testing.assert_allclose(slope, THREE_SLOPES.grad(at), rtol=1e-6)
    for left, right, curvature in momentum_slopes.PIECES:
        inside = np.linspace(left, right, 5)[1:-1, None]
        above, below = THREE_SLOPES.grad(inside + 1e-3), THREE_SLOPES.grad(inside - 1e-3)
        np.testing.assert_allclose((above - below) / 2e-3, curvature, rtol=1e-6)
    for joint in (1.0, 2.0):  # no jump
        below, above = (THREE_SLOPES.f(np.array([joint + e])) for e in (-1e-9, 1e-9))
        assert below == pytest.approx(above, abs=1e-6)


def test_noise_floors_at_one_step_size_and_at_one_effective_step_size():
    def floor(lr, beta):
        return lr * (1 + beta) / (2 * (1 - beta) * (2 * (1 + beta) - lr))

    assert [round(floor(*place), 4) for place in ((0.1, 0), (0.1, 0.9), (0.01, 0.9))] == [
        0.0263, 0.2568, 0.0251,
    ]  # fmt: skip
    # The mean of w² is twice the mean loss: 0.0526 and 0.0501, from the covariance of (w, v).
    for lr, beta in ((0.1, 0.0), (0.1, 0.9), (0.01, 0.9)):
        A = np.array([[1 - lr, -lr * beta], [1, beta]])
        b = np.array([-lr, 1.0])
        spread = np.linalg.solve(np.eye(4) - np.kron(A, A), np.kron(b, b))[0]
        assert spread == pytest.approx(2 * floor(lr, beta))


def test_the_point_and_the_ball_are_dragged(explorer, slopes):
    (point,) = explorer.views.handles
    point.moved(9, -1)
    assert explorer.controls["share"].value == 4.0 and explorer.controls["beta"].value == 0
    slopes.views.handles[0].moved(-0.5, 2.25)
    assert slopes.shown.step_numbers[0, 0] == -0.5
    slopes.reset()
    assert slopes.values["w1"] == 3.3


@pytest.mark.parametrize("make", [momentum.explore, momentum_slopes.explore])
def test_a_learners_rule_is_drawn_and_an_unwritten_one_is_not(make):
    right = make(mine=exercises()["momentum_step"].reference, beta=0.5)
    assert right.readout.endswith("Your path, drawn as crosses, is the same.")
    right.learner = LearnerFunction(lambda w, v, g, lr, beta: (w - lr * g, v))
    right.set(beta=0.6)
    assert "is different." in right.readout
    right.learner = LearnerFunction(lambda w, v, g, lr, beta: None)
    right.set(beta=0.5)
    assert "is not drawn: the function returned no points." in right.readout


def test_a_learners_rule_is_drawn_over_the_steps_too():
    both = momentum.explore(mine=exercises()["momentum_step"].reference, picture="roots")
    assert both.readout.endswith("Your path, drawn as crosses, is the same.")
    assert len(both.views.yours.line.get_xdata()) == 2 * (momentum.FIRST + 1)
