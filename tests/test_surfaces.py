"""Every surface: derivative against differences, listed points critical, many runs as one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdlesson import Adam, GradientDescent, Momentum, descend, sweep
from gdlesson.surfaces import catalogue, numerical_gradient, quadratic

ALL = [*catalogue.values(), quadratic(3.0), quadratic((2.0, 30.0), angle=0.7)]
NAMES = [surface.name for surface in ALL]
each = pytest.mark.parametrize("surface", ALL, ids=NAMES)


def grid(surface, n):
    """Points of the whole domain, borders and corners included: (n, d) or (n, n, d)."""
    axes = [np.linspace(low, high, n) for low, high in surface.domain]
    return np.stack(np.meshgrid(*axes, indexing="ij"), -1)


def hessian(surface, w, h=1e-5):
    columns = [surface.grad(w + h * e) - surface.grad(w - h * e) for e in np.eye(w.shape[-1])]
    return np.stack(columns, -1) / (2 * h)


@each
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_the_gradient_is_the_slope_everywhere_in_the_domain(surface, data):
    w = np.array([data.draw(st.floats(low, high)) for low, high in surface.domain])
    if surface.name in ("Ackley", "absolute value") and np.linalg.norm(w) < 1e-2:
        return  # a kink at 0: its own test below
    expected = numerical_gradient(surface.f, w, 1e-6)
    scale = 1 + np.abs(expected).max() + abs(surface.f(w))
    assert np.abs(surface.grad(w) - expected).max() < 1e-8 * scale


@each
def test_no_warning_and_finite_at_any_point_of_the_domain(surface):
    w = grid(surface, 101)  # warnings are errors here; 101 puts 0 among the points
    assert np.isfinite(surface.f(w)).all()
    assert np.isfinite(surface.grad(w)).all()


@each
def test_listed_points_are_critical_and_of_the_kind_they_are_listed_as(surface):
    for kind in ("minima", "local", "saddles", "maxima"):
        for w in getattr(surface, kind):
            # Points are written with 13 digits; the slope left over is that times the curvature.
            bend = np.linalg.eigvalsh(hessian(surface, w))
            assert np.linalg.norm(surface.grad(w)) < 1e-11 * (1 + np.abs(bend).max())
            if surface.name in ("Ackley", "absolute value"):
                continue  # no curvature at a kink
            down, up = bend.min() < -1e-3, bend.max() > 1e-3
            assert (down, up) == {"saddles": (True, True), "maxima": (True, False)}.get(
                kind, (False, True)
            ), (kind, w)


@each
def test_nothing_in_the_domain_lies_below_the_listed_minima(surface):
    if surface.name == "saddle":
        assert len(surface.minima) == 0
        return
    lowest = surface.f(surface.minima)
    assert lowest == pytest.approx(lowest[0], abs=1e-12)
    assert (surface.f(grid(surface, 301)) >= lowest[0] - 1e-12).all()
    for radius in (1e-1, 1e-2, 1e-3):
        turns = np.linspace(0, 2 * np.pi, 32)
        ring = np.stack([np.cos(turns), np.sin(turns)], -1)[:, : len(surface.domain)]
        for w in [*surface.minima, *surface.local]:
            assert (surface.f(w + radius * ring) >= surface.f(w)).all()


@each
def test_newton_from_many_starts_finds_the_listed_points_and_no_others(surface):
    if surface.name in ("Ackley", "absolute value"):
        return  # kinks; Ackley's many local minima are not listed
    d = len(surface.domain)
    w = grid(surface, 400 if d == 1 else 40).reshape(-1, d) + 1e-3  # off the axes of symmetry
    with np.errstate(all="ignore"):
        for _ in range(60):
            bend = hessian(surface, w)
            lost = ~np.isfinite(bend).all((1, 2)) | (np.abs(np.linalg.det(bend)) < 1e-12)
            w[lost], bend[lost] = np.inf, np.eye(d)
            w = w - np.linalg.solve(bend, surface.grad(w)[..., None])[..., 0]
        low, high = np.array(surface.domain).T
        found = w[(np.abs(surface.grad(w)) < 1e-9).all(-1) & ((w >= low) & (w <= high)).all(-1)]
    lowest, highest = np.linalg.eigvalsh(hessian(surface, found)).T[[0, -1]]
    kinds = {
        "minima and local": (lowest > 1e-3, [*surface.minima, *surface.local]),
        "saddles": ((lowest < -1e-3) & (highest > 1e-3), surface.saddles),
        "maxima": (highest < -1e-3, surface.maxima),
    }
    for kind, (those, listed) in kinds.items():
        if surface.name == "Rastrigin" and kind != "minima and local":
            continue  # only its minima are listed
        away = np.abs(found[those][:, None] - np.reshape(listed, (1, -1, d))).max(-1)
        assert those.any() == (len(listed) > 0), kind
        assert not those.any() or (away.min(0).max() < 1e-9 and away.min(1).max() < 1e-9), kind


@each
def test_the_record_is_complete(surface):
    d = len(surface.domain)
    assert surface.start.shape == (d,)
    assert surface.minima.shape[1] == d
    assert surface.source and surface.formula
    low, high = np.array(surface.domain).T
    assert ((surface.start >= low) & (surface.start <= high)).all()
    assert surface.f(surface.start).shape == ()
    assert surface.grad(surface.start).shape == (d,)
    many = np.zeros((4, 5, 3, d))
    assert surface.f(many).shape == (4, 5, 3)
    assert surface.grad(many).shape == (4, 5, 3, d)


@each
def test_points_may_be_integers_and_lists(surface):
    w = [1] * len(surface.domain)
    assert (surface.grad(w) == surface.grad(np.ones(len(w)))).all()
    assert surface.f(w) == surface.f(np.ones(len(w)))


@each
@pytest.mark.parametrize("optimizer", [GradientDescent, Momentum, Adam])
def test_a_grid_of_runs_equals_the_runs_one_by_one_bit_for_bit(surface, optimizer):
    rates = np.array([0.0003, 0.002, 0.04])
    starts = grid(surface, 7).reshape(-1, 1, len(surface.domain))
    together = descend(surface, optimizer(**sweep(lr=rates)), start=starts, steps=25)
    for i, start in enumerate(starts[:, 0]):
        for j, lr in enumerate(rates):
            alone = descend(surface, optimizer(lr), start=start, steps=25)
            np.testing.assert_array_equal(together.w[:, i, j], alone.w)
            np.testing.assert_array_equal(together.g[:, i, j], alone.g)
            np.testing.assert_array_equal(together.loss[:, i, j], alone.loss)


def test_at_a_kink_the_gradient_is_zero():
    ackley = catalogue["Ackley"]
    assert (ackley.grad((0, 0)) == 0).all()
    for radius in (1e-3, 1e-9, 1e-150):  # and a cone of slope 4/√2 beside it
        for way in ((1, 0), (0, -1), (-0.6, 0.8)):
            slope = ackley.grad(radius * np.array(way))
            assert slope == pytest.approx(np.array(way) * 4 / np.sqrt(2), abs=1e-9 + 60 * radius)
    assert catalogue["Ackley"].f((0, 0)) == 0
    assert catalogue["absolute value"].grad([0])[0] == 0


def test_a_turned_quadratic_is_the_same_bowl_turned():
    straight, turned = quadratic((1, 25)), quadratic((1, 25), angle=np.pi / 6)
    axis = np.array([np.cos(np.pi / 6), np.sin(np.pi / 6)])
    assert turned.f(axis) == pytest.approx(straight.f((1, 0)))
    assert turned.grad(axis) == pytest.approx(axis)
    across = np.array([-axis[1], axis[0]])
    assert turned.grad(across) == pytest.approx(25 * across)


def test_numerical_gradient_of_many_points_at_once():
    surface = catalogue["Himmelblau"]
    w = grid(surface, 9)
    assert numerical_gradient(surface.f, w) == pytest.approx(surface.grad(w), abs=1e-5)
    assert numerical_gradient(surface.f, [1, 2]).shape == (2,)


@pytest.mark.parametrize("h", [0, -1e-5, np.nan, "small", (1e-5, 1e-5)])
def test_numerical_gradient_refuses_a_spacing_that_makes_no_sense(h):
    with pytest.raises(ValueError, match="h must be a positive number, got"):
        numerical_gradient(catalogue["Booth"].f, [1.0, 2.0], h)


def test_numerical_gradient_wants_an_axis_of_coordinates():
    with pytest.raises(ValueError, match="last axis of coordinates"):
        numerical_gradient(lambda w: w**2, 1.0)


def test_an_unknown_name_lists_what_there_is():
    with pytest.raises(KeyError, match=r"no surface is called 'rosenbrok'.*Rosenbrock, Beale"):
        catalogue["rosenbrok"]
    assert "rosenbrok" not in catalogue and catalogue.get("rosenbrok") is None


@pytest.mark.parametrize(
    "make, sentence",
    [
        (lambda: quadratic((1, 2, 3)), "curvatures must be one or two finite numbers"),
        (lambda: quadratic((1, np.inf)), "curvatures must be one or two finite numbers"),
        (lambda: quadratic((1, 2), angle=np.nan), "angle must be a finite number"),
        (lambda: quadratic(1, angle=0.1), "0 for a parabola"),
        (lambda: quadratic((1, 2), start=1), r"start must have shape \(2,\), got shape \(1,\)"),
        (
            lambda: catalogue["Booth"].f(np.zeros((4, 3))),
            r"Booth takes points of shape \(..., 2\), got shape \(4, 3\)",
        ),
        (lambda: catalogue["parabola"].grad(3.0), r"parabola takes points of shape \(..., 1\)"),
    ],
)
def test_bad_input_gets_one_sentence(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()
