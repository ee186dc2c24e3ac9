"""Descent to exact values: what arithmetic says a path must be."""

import math

import numpy as np
import pytest

from gdlesson import GradientDescent, descend, sweep
from gdlesson.surfaces import quadratic

SQUARE = quadratic(2.0)  # f(w) = w², so one step multiplies w by 1 − 2·lr
VALLEY = quadratic((1.0, 25.0))


@pytest.mark.parametrize(
    "lr, tenth", [(0.2, 0.0604662), (0.05, 3.48678), (1.1, 61.9174), (0.5, 0.0), (1.0, 10.0)]
)
def test_ten_steps_on_the_square(lr, tenth):
    path = descend(SQUARE, GradientDescent(lr), start=10, steps=10)
    assert path.w.shape == (11, 1)
    assert float(f"{path.w[10, 0]:.6g}") == tenth
    assert path.w[:, 0] == pytest.approx(10 * (1 - 2 * lr) ** np.arange(11))


def test_lr_half_lands_in_one_step_and_one_is_a_two_cycle():
    assert descend(SQUARE, GradientDescent(0.5), start=10, steps=1).w[1, 0] == 0
    cycle = descend(SQUARE, GradientDescent(1.0), start=10, steps=1000)
    assert set(cycle.w[:, 0]) == {10.0, -10.0}
    assert not cycle.diverged


def test_the_border_on_the_valley_is_two_over_the_largest_curvature():
    for lr, factor in [(0.0799, 0.082), (0.0801, 12.1)]:
        path = descend(VALLEY, GradientDescent(lr), start=(1, 1), steps=1000)
        assert abs(path.w[-1, 1]) == pytest.approx(factor, rel=0.01)
    assert descend(VALLEY, GradientDescent(0.0801), start=(0, 1), steps=50).diverged
    assert not descend(VALLEY, GradientDescent(0.0799), start=(0, 1), steps=50).diverged


@pytest.mark.parametrize("kappa, best, inverse", [(25, 173, 330), (100, 691, 1341)])
def test_steps_to_a_millionth(kappa, best, inverse):
    bowl = quadratic((1.0, kappa))
    for lr, steps in [(2 / (1 + kappa), best), (1 / kappa, inverse)]:
        path = descend(bowl, GradientDescent(lr), start=(1, 1), steps=2000)
        assert path.steps_to(1e-6) == steps


def test_steps_to_says_never_and_refuses_what_it_cannot_know():
    path = descend(VALLEY, GradientDescent(0.001), steps=5)
    assert path.steps_to(1e-6) == math.inf
    with pytest.raises(ValueError, match="whole path"):
        descend(VALLEY, GradientDescent(0.001), steps=5, keep="last").steps_to(0.1)


def test_divergence_is_a_result_not_a_warning():
    path = descend(VALLEY, GradientDescent(1e300), steps=30)  # warnings are errors here
    assert path.diverged and not np.isfinite(path.w[-1]).any()
    assert path.loss.shape == (31,)
    assert "diverged" in repr(path)


def test_a_sweep_equals_its_runs_one_by_one_bit_for_bit():
    rates = np.linspace(0.001, 0.09, 7)
    together = descend(VALLEY, GradientDescent(**sweep(lr=rates)), steps=40)
    assert together.w.shape == (41, 7, 2)
    assert together.loss.shape == (41, 7)
    for i, lr in enumerate(rates):
        alone = descend(VALLEY, GradientDescent(lr), steps=40)
        assert (together.w[:, i] == alone.w).all()
        assert together.diverged[i] == alone.diverged
    last = descend(VALLEY, GradientDescent(**sweep(lr=rates)), steps=40, keep="last")
    assert (last.w == together.w[-1]).all()
    assert (last.diverged == together.diverged).all()
    assert last.loss.shape == (7,)


def test_sweep_shapes_every_combination():
    shaped = sweep(lr=np.linspace(0, 1, 3), beta=np.linspace(0, 0.9, 4), eps=1e-8)
    assert shaped["lr"].shape == (3, 1, 1)
    assert shaped["beta"].shape == (1, 4, 1)
    assert shaped["eps"] == 1e-8


def test_a_bare_array_of_step_sizes_is_refused_by_name():
    with pytest.raises(ValueError, match=r"write sweep\(lr=…\)"):
        descend(VALLEY, GradientDescent(np.array([0.1, 0.2])))


class WithoutStepSize:
    """An optimizer without a step size lr, such as Newton's method."""

    def init(self, w):
        return None

    def look(self, w, state):
        return w

    def step(self, w, state, g):
        return w - g, state

    def __repr__(self):
        return "WithoutStepSize()"


def test_schedule_project_and_batches():
    halves = descend(SQUARE, GradientDescent(0.5), start=8, steps=3, schedule=lambda t: 0.5)
    assert halves.w[:, 0] == pytest.approx([8, 4, 2, 1])
    kept = descend(
        SQUARE, GradientDescent(1.2), start=1, steps=9, project=lambda w: np.clip(w, -1, 1)
    )
    assert (np.abs(kept.w) <= 1).all()
    steeper = descend(SQUARE, GradientDescent(0.1), start=1, steps=2, batches=[SQUARE, VALLEY_1D])
    assert steeper.w[:, 0] == pytest.approx([1, 0.8, 0.8 - 0.1 * 25 * 0.8])
    assert steeper.g[:, 0] == pytest.approx([2, 20])


VALLEY_1D = quadratic(25.0)


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        ({"steps": -1}, "steps must be a whole number, 0 or more, got -1"),
        ({"steps": 2.5}, "steps must be a whole number"),
        ({"start": (1, 2, 3)}, r"2 coordinates on the last axis, got a start of shape \(3,\)"),
        ({"start": "here"}, "start must be numbers"),
        ({"start": (1, math.nan)}, "start must be finite"),
        ({"keep": "some"}, 'keep must be "all" or "last"'),
        ({"batches": [VALLEY], "steps": 3}, "batches ran out: 3 steps need 3, got 1"),
    ],
)
def test_bad_input_gets_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        descend(VALLEY, GradientDescent(0.01), **arguments)


@pytest.mark.parametrize("lr", [-0.1, math.nan, math.inf, "fast"])
def test_a_step_size_that_makes_no_sense_is_refused(lr):
    with pytest.raises(ValueError, match="lr must be finite and 0 or more"):
        GradientDescent(lr)


def test_anything_with_f_and_grad_descends():
    class Bowl:
        def f(self, w):
            return (w**2).sum(-1)

        def grad(self, w):
            return 2 * w

    path = descend(Bowl(), GradientDescent(0.5), start=(3, 4), steps=1)
    assert (path.last == 0).all()
    with pytest.raises(ValueError, match="no start of its own"):
        descend(Bowl(), GradientDescent(0.5))


def test_a_thousand_runs_of_two_coordinates_are_laid_out_along_the_runs():
    rates, starts = np.linspace(0, 0.05, 30), np.ones((40, 1, 2))
    path = descend(VALLEY, GradientDescent(**sweep(lr=rates)), start=starts, steps=3)
    assert path.w.shape == (4, 40, 30, 2) and path.start.shape == (40, 30, 2)
    assert path.w[0].strides[-1] == path.w[0].nbytes // 2  # the coordinate is the outer axis
    assert path.w.strides[0] == path.w[0].nbytes
    assert path.loss.shape == (4, 40, 30)


def test_the_start_is_not_changed_by_an_optimizer_that_writes_into_it():
    class InPlace(GradientDescent):
        def step(self, w, state, g):
            w -= self.lr * g
            return w, state

    given = np.array([1.0, 1.0])
    path = descend(VALLEY, InPlace(0.01), start=given, steps=5)
    assert (path.w == descend(VALLEY, GradientDescent(0.01), start=given, steps=5).w).all()
    assert (path.start == 1).all() and (given == 1).all()


def test_a_schedule_leaves_the_optimizer_as_it_was():
    rule = GradientDescent(0.02)
    descend(VALLEY, rule, steps=5, schedule=lambda t: 1 / (1 + t))
    assert rule.lr == 0.02 and set(vars(rule)) == {"lr"}


def test_zero_steps_stay_at_the_start():
    path = descend(VALLEY, GradientDescent(0.02), steps=0)
    assert path.w.shape == (1, 2) and path.g.shape == (0, 2)
    assert (descend(VALLEY, GradientDescent(0.02), steps=0, keep="last").last == 1).all()


class Of:
    """A problem with a gradient that answers anything."""

    name, start = "of", np.ones(2)

    def __init__(self, grad):
        self.grad = grad

    def f(self, w):
        return (w**2).sum(-1)


class Bare:
    """An optimizer that is no dataclass, with an array for lr."""

    lr = np.ones((3, 1))

    def init(self, w):
        return None

    def look(self, w, state):
        return w

    def step(self, w, state, g):
        return w - self.lr * g, state


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        ((VALLEY, GradientDescent), r"made first, as GradientDescent\(lr=0.1\), got the class"),
        ((Of(lambda w: 1.0), GradientDescent(0.1)), r"shape \(2,\), got shape \(\)"),
        ((Of(lambda w: w[:, None]), GradientDescent(0.1)), r"gradient must have .* shape \(2, 1\)"),
        ((VALLEY, Bare()), r"point after a step must have .* \(2,\), got shape \(3, 2\)"),
        (
            (VALLEY, GradientDescent(0.1), None, 3, VALLEY),
            "batches must be an iterable of problems",
        ),
    ],
)
def test_what_does_not_fit_together_gets_one_sentence(arguments, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        descend(*arguments)


@pytest.mark.parametrize(
    "problem, optimizer, more, sentence",
    [
        (VALLEY, 0.1, {}, "optimizer must have init, look, step, got 0.1"),
        (None, GradientDescent(0.1), {}, "problem must have grad, got None"),
        (GradientDescent(0.1), VALLEY, {}, "problem must have grad"),
        (VALLEY, GradientDescent(0.1), {"schedule": 0.5}, "schedule must be a function, got 0.5"),
        (
            VALLEY,
            WithoutStepSize(),
            {"schedule": lambda t: 0.5},
            "schedule .* has no lr",
        ),
        (VALLEY, GradientDescent(0.1), {"project": 1}, "project must be a function, got 1"),
    ],
)
def test_parts_that_cannot_play_their_part(problem, optimizer, more, sentence):
    with pytest.raises(TypeError, match=sentence):
        descend(problem, optimizer, **more)


def test_runs_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"the same runs, got runs of shape \(4,\) and \(3,\)"):
        descend(VALLEY, GradientDescent(**sweep(lr=[0.1, 0.2, 0.3])), start=np.ones((4, 2)))


def test_a_quadratic_that_bends_down_has_no_minimum():
    assert quadratic((1.0, -1.0)).minima.shape == (0, 2)
    with pytest.raises(ValueError, match="lists its minima"):
        descend(quadratic(-2.0), GradientDescent(0.1), steps=3).steps_to(0.1)
