"""Run an optimizer on a problem and record its path. Imports NumPy only, no other module.

Points have layout (..., d): the last axis is the coordinate, every axis before it is an
independent run, so that one call descends from ten thousand starts or with ten thousand step
sizes at once.
"""

import copy
import math
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import Any

import numpy as np


def descend(
    problem,
    optimizer,
    start=None,
    steps=100,
    batches=None,
    schedule=None,
    project=None,
    keep="all",
):
    """Take `steps` steps of `optimizer` on `problem` and return the `Path`.

    problem: any object with `f` ((..., d) → (...)) and `grad` ((..., d) → (..., d)).
    optimizer: any object with `init(w)`, `look(w, state)` and `step(w, state, g) → (w, state)`.
      An optimizer whose `wants_grad` is true receives the batch's gradient function instead of g.
    start: shape (d,) or (*runs, d); `problem.start` when not given. A number is taken as (1,).
    batches: an iterable of problems; step t takes its gradient from the t-th of them.
    schedule: `schedule(t)`, t from 0, is a factor on `optimizer.lr` at step t; the optimizer must
      have an `lr`.
    project: called on the point after each step, to keep it in a set.
    keep: "all" points, or only the "last" (for large sweeps).

    Divergence is a result, not an error: points may become inf or nan, and no warning escapes.
    Raises ValueError or TypeError, in one sentence, for invalid arguments.
    """
    if keep not in ("all", "last"):
        raise ValueError(f'keep must be "all" or "last", got {keep!r}')
    if isinstance(steps, bool) or not isinstance(steps, (int, np.integer)) or steps < 0:
        raise ValueError(f"steps must be a whole number, 0 or more, got {steps!r}")
    _check_parts(problem, optimizer, schedule, project)
    first = _first_point(problem, optimizer, start)
    w, all_w, all_g = first.copy(order="K"), None, None
    if keep == "all":
        all_w, all_g = _record(steps + 1, w), _record(steps, w)
        all_w[0] = w
    supply = None if batches is None else _iterator(batches)
    rule = optimizer if schedule is None else copy.copy(optimizer)  # its lr is changed below
    takes_function = getattr(optimizer, "wants_grad", False)
    batch, g = problem, np.full_like(w, np.nan)
    state = optimizer.init(w)
    with np.errstate(all="ignore"):
        for t in range(steps):
            if supply is not None:
                batch = next(supply, None)
                if batch is None:
                    raise ValueError(f"batches ran out: {steps} steps need {steps}, got {t}")
            if schedule is not None:
                object.__setattr__(rule, "lr", optimizer.lr * schedule(t))  # it may be frozen
            if takes_function:
                grad = _Recorded(batch.grad, g)
                w, state = rule.step(w, state, grad)
                g = grad.last
            else:
                g = batch.grad(rule.look(w, state))
                w, state = rule.step(w, state, g)
            if project is not None:
                w = project(w)
            if t == 0:
                _check_shapes(first.shape, g, w)
            if all_w is not None:
                all_w[t + 1] = w
                all_g[t] = g
    if keep == "last":
        all_w, all_g = w, g
    return Path(problem, optimizer, int(steps), first, all_w, all_g, keep)


def sweep(**hyper):
    """Shape one-dimensional arrays of hyper-parameters so that every combination is a run.

    `sweep(lr=a, beta=b)` with a of length n and b of length m returns {"lr": (n, 1, 1),
    "beta": (1, m, 1)}, which `descend` runs as (n, m) independent descents. Numbers pass through.
    Raises ValueError for an array of more than one axis or an empty one.
    """
    arrays = {k: np.asarray(v, float) for k, v in hyper.items() if np.ndim(v) > 0}
    for name, values in arrays.items():
        if values.ndim != 1 or values.size == 0:
            raise ValueError(f"sweep takes one row of values for {name}, got shape {values.shape}")
    shaped = dict(hyper)
    for axis, (name, values) in enumerate(arrays.items()):
        shape = [1] * (len(arrays) + 1)
        shape[axis] = values.size
        shaped[name] = values.reshape(shape)
    return shaped


@dataclass(frozen=True, repr=False, eq=False)
class Path:
    """The points of a descent, with their losses and gradients.

    w: (steps + 1, *runs, d), or (*runs, d) when only the last point is kept.
    g: (steps, *runs, d), the gradients that were used, or (*runs, d), the last of them.
    start: (*runs, d).
    """

    problem: Any
    optimizer: Any
    steps: int
    start: np.ndarray
    w: np.ndarray
    g: np.ndarray
    keep: str = "all"

    @cached_property
    def loss(self):
        """Loss of every kept point on the whole problem, shape `w.shape[:-1]`."""
        with np.errstate(all="ignore"):
            return np.asarray(self.problem.f(self.w))

    @property
    def last(self):
        """The last point, (*runs, d)."""
        return self.w[-1] if self.keep == "all" else self.w

    @cached_property
    def diverged(self):
        """Whether each run ended somewhere not finite, or higher than it started; shape runs."""
        with np.errstate(all="ignore"):
            before = np.asarray(self.problem.f(self.start))
            after = self.loss[-1] if self.keep == "all" else self.loss
            lower = after <= before + 1e-9 * np.abs(before)  # rounding is no divergence
            inside = np.isfinite(after) & np.isfinite(self.last).all(-1)
        diverged = ~(inside & lower)
        return diverged if diverged.ndim else bool(diverged)

    def steps_to(self, tol):
        """First step whose distance to the nearest minimum is at most `tol` times the start's.

        A whole number for one run, an array of shape runs for several; inf where it never gets
        there. Raises ValueError where the problem lists no minima or the path was not kept.
        """
        minima = getattr(self.problem, "minima", None)
        if minima is None or len(minima) == 0:
            raise ValueError("steps_to needs a problem that lists its minima: this one does not")
        if self.keep != "all":
            raise ValueError('steps_to needs the whole path: call descend with keep="all"')
        with np.errstate(all="ignore"):
            away = self.w[..., None, :] - np.asarray(minima, float)
            distance = np.sqrt((away**2).sum(-1)).min(-1)
            there = distance <= tol * distance[0]
        first = np.where(there.any(0), there.argmax(0), np.inf)
        if first.ndim:
            return first
        return int(first) if np.isfinite(first) else math.inf

    def __repr__(self):
        name = getattr(self.problem, "name", type(self.problem).__name__)
        runs = self.start.shape[:-1]
        many = f"{math.prod(runs):,} runs of " if runs else ""
        steps = "1 step" if self.steps == 1 else f"{self.steps} steps"
        head = f"Path: {many}{steps} of {self.optimizer!r} on {name}"
        if runs:
            return f"{head}, {np.count_nonzero(self.diverged):,} diverged"
        with np.errstate(all="ignore"):
            before, after = float(self.problem.f(self.start)), float(self.problem.f(self.last))
        end = ", diverged" if self.diverged else ""
        return f"{head}, loss {before:.4g} → {after:.4g}{end}"


def hyper_parameters(optimizer):
    """Name → value of an optimizer's numeric fields; empty for an object that is no dataclass."""
    if not is_dataclass(optimizer):
        return {}
    values = {f.name: getattr(optimizer, f.name) for f in fields(optimizer)}
    return {k: v for k, v in values.items() if isinstance(v, (int, float, np.ndarray, np.generic))}


def _first_point(problem, optimizer, start):
    """The start as floats, checked against the problem and spread over the runs."""
    given = getattr(problem, "start", None) if start is None else start
    if given is None:
        raise ValueError("this problem has no start of its own: pass a start to descend")
    try:
        w = np.atleast_1d(np.asarray(given, float))
    except (TypeError, ValueError):
        raise ValueError(f"start must be numbers of shape (..., d), got {given!r}") from None
    if not np.isfinite(w).all():
        raise ValueError(f"start must be finite numbers, got {given!r}")
    expected = np.shape(getattr(problem, "start", None) if start is not None else w)
    if expected and w.shape[-1] != expected[-1]:
        name = getattr(problem, "name", type(problem).__name__)
        count = "1 coordinate" if expected[-1] == 1 else f"{expected[-1]} coordinates"
        raise ValueError(f"{name} has {count} on the last axis, got a start of shape {w.shape}")
    hyper = hyper_parameters(optimizer)
    for name, value in hyper.items():
        if np.ndim(value) and np.shape(value)[-1] != 1:
            raise ValueError(
                f"{name} of shape {np.shape(value)} would be one value per coordinate: "
                f"for one run per value write sweep({name}=…), which adds a last axis of 1"
            )
    shapes = [w.shape[:-1], *(np.shape(v)[:-1] for v in hyper.values())]
    try:
        runs = np.broadcast_shapes(*shapes)
    except ValueError:
        many = " and ".join(str(shape) for shape in shapes if shape)
        raise ValueError(
            f"starts and hyper-parameters must describe the same runs, got runs of shape {many}"
        ) from None
    first = _layout(runs, w.shape[-1])
    first[...] = w
    return first


def _check_parts(problem, optimizer, schedule, project):
    """Raise TypeError for an argument that lacks a method or attribute it needs."""
    if isinstance(optimizer, type):
        name = optimizer.__name__
        raise TypeError(f"optimizer must be made first, as {name}(lr=0.1), got the class {name}")
    roles = [
        ("problem", problem, ("grad",)),  # f only where a loss is asked for
        ("optimizer", optimizer, ("init", "look", "step")),
    ]
    for role, given, methods in roles:
        if not all(callable(getattr(given, method, None)) for method in methods):
            raise TypeError(f"{role} must have {', '.join(methods)}, got {given!r}")
    for role, given in [("schedule", schedule), ("project", project)]:
        if given is not None and not callable(given):
            raise TypeError(f"{role} must be a function, got {given!r}")
    if schedule is not None and not hasattr(optimizer, "lr"):
        raise TypeError(
            f"schedule is a factor on optimizer.lr, and {optimizer!r} has no lr: "
            "pass an optimizer with a step size, or no schedule"
        )


def _iterator(batches):
    try:
        return iter(batches)
    except TypeError:
        expected = "an iterable of problems, such as problem.batches(32, rng)"
        raise TypeError(f"batches must be {expected}, got {batches!r}") from None


def _check_shapes(expected, g, w):
    """Raise ValueError where a first gradient or point would be broadcast to other runs."""
    for what, got in [("the gradient", np.shape(g)), ("the point after a step", np.shape(w))]:
        if got != expected:
            raise ValueError(f"{what} must have the start's shape {expected}, got shape {got}")


def _layout(runs, d):
    """Memory for (*runs, d), transposed where the runs outnumber the coordinates.

    NumPy works along the longest axis in memory: ten thousand runs of two coordinates are two
    long rows, not ten thousand short ones. Arrays computed from them have the same layout.
    """
    return np.empty((d, *runs[::-1])).T if math.prod(runs) > d else np.empty((*runs, d))


def _record(steps, w):
    """An empty array for `steps` arrays like w, each with the memory layout of w."""
    if w.flags.c_contiguous:
        return np.empty((steps, *w.shape))
    reversed_axes = np.empty((steps, *w.shape[::-1]))
    return reversed_axes.transpose(0, *range(w.ndim, 0, -1))


class _Recorded:
    """A gradient function that records its last value, for the path."""

    def __init__(self, grad, last):
        self.grad, self.last = grad, last

    def __call__(self, w):
        self.last = self.grad(w)
        return self.last
