"""Where a descent ends on a landscape of lesson 10, and what kind of place that is, as text."""

import numpy as np

from ..formatting import decimals, listed, percent, significant, step_size, vector
from ..surfaces import catalogue
from .basins import STEPS, TOL

COUNTS = {1: "the global minimum", 2: "one of two global minima", 4: "one of four global minima"}


def curvatures(surface, w, h=1e-4):
    """The curvatures at w (d,), smallest first: the eigenvalues of the Hessian matrix.

    The matrix comes from central differences of the gradient, with spacing h.
    """
    steps = h * np.eye(len(w))
    hessian = np.array([surface.grad(w + e) - surface.grad(w - e) for e in steps]) / (2 * h)
    return np.linalg.eigvalsh((hessian + hessian.T) / 2)


def nearest(land, w):
    """The critical point nearest to w: its kind, its index among those of this kind, its place."""
    surface = land.surface
    kinds = {"minimum": land.minima, "saddle": surface.saddles, "maximum": surface.maxima}
    found = [
        (np.linalg.norm(place - w), kind, i, place)
        for kind, places in kinds.items()
        for i, place in enumerate(places.reshape(-1, len(w)))
    ]
    return min(found, key=lambda point: point[0])[1:]


def describe(land, lr, path):
    """Where this descent ends, and what kind of place that is, in one to three sentences."""
    start, end = path.w[0], path.w[-1]
    where = f"From {vector(start)}, descent with step size {step_size(lr)}"
    late = f"After {STEPS} steps from {vector(start)} with step size {step_size(lr)}, the ball is"
    if not np.isfinite(path.loss[-1]) or np.abs(end).max() > 100:
        return f"{where} diverges."
    jumps = np.abs(np.diff(path.w, axis=0)).max(axis=1)
    if jumps[-1] > 1e-4 and np.abs(end - path.w[-3]).max() < 1e-6 * jumps[-1]:
        ends = [vector(w.round(6), None if jumps[-1] > 0.02 else 2) for w in path.w[-2:]]
        return f"{where} ends in a cycle: the ball jumps between {listed(ends)} and never settles."
    kind, i, place = nearest(land, end)
    away, before = np.linalg.norm(path.w[[-1, -21]] - place, axis=1)
    slope = float(np.linalg.norm(land.surface.grad(end)))
    if kind == "minimum" and away <= TOL:
        point = minimum(land, i)
        if not jumps.any():
            kink = land.surface is catalogue["absolute value"]
            zero = "taken as 0 at the kink" if kink else "0 there"
            return f"The ball starts in {point}. The gradient is {zero}, so no step moves the ball."
        if away <= 0.005 and jumps[-1] < max(0.99 * jumps[-21], 1e-9):  # at a kink they stay long
            return f"{where} converges to {point}."
        trend = "" if away < before else " It is not getting closer."
        return f"{late} {f'{away:.1g} away from' if away > 1e-9 else 'in'} {point}.{trend}"
    if kind != "minimum" and away <= TOL and slope < 1e-2:
        point = f"the {'saddle' if kind == 'saddle' else 'top of the hill'} at {vector(place)}"
        why = f"{_signs(land, place)}, so this is no minimum."
        if not jumps.any():
            still = "The gradient there is 0, so no step moves the ball."
            return f"The ball starts on {point}. {still} However, {why}"
        if slope < 1e-6:
            return f"{where} converges to {point}. The gradient there is 0, but {why}"
        return f"{late} still close to {point}. The gradient is only {slope:.1g}, but {why}"
    return f"{late} {_on_its_way(land, lr, path, slope)}"


def minimum(land, i):
    """A minimum in words: its number, its place, its loss, and whether it is a global one."""
    name = f"minimum {i + 1} at {vector(land.minima[i])}"
    loss = decimals(float(land.surface.f(land.minima[i])))
    best = len(land.surface.minima)
    if i >= best:
        return f"{name}, a local minimum with loss {loss}; {_global_loss(land)}"
    what = "the only minimum" if len(land.minima) == 1 else COUNTS[best]
    return f"{name}, {what}, with loss {loss}"


def _signs(land, place):
    """The curvatures at a saddle or a maximum, and what their signs are."""
    values = curvatures(land.surface, place)
    names = f"the curvature{'s' if len(values) > 1 else ''} {listed([decimals(c) for c in values])}"
    if values.max() > 0:
        return f"{names} have different signs"
    return f"{names} {'are' if len(values) > 1 else 'is'} negative"


def _on_its_way(land, lr, path, slope):
    """What the ball does that is at no critical point after the last step."""
    end = path.w[-1]
    rest = f"The loss is {significant(path.loss[-1])}; {_global_loss(land)}."
    if not (np.diff(path.loss[-20:]) <= 0).all():
        return f"at {vector(end)} and still jumps. {rest}"
    if slope < 0.1 and np.abs(curvatures(land.surface, end)).max() < 0.5:
        return (
            f"still on the plateau, at {vector(end)}. The gradient there is only "
            f"{significant(slope, 2)}, so the next step is {lr * slope:.1g} long. {rest}"
        )
    return f"at {vector(end)} and still moves downhill. {rest}"


def _global_loss(land):
    loss = decimals(float(land.surface.f(land.minima[0])))
    return f"{_global(land)} has loss {loss}"


def _global(land):
    if len(land.surface.minima) > 1:
        return "a global minimum"
    return "the minimum" if len(land.minima) == 1 else "the global minimum"


def shares(land, which):
    """Which shares of the starts end in a global minimum, in a local one, and in none.

    which: as `basins.ends_in` finds it.
    """
    best, none = (which < len(land.surface.minima)).mean(), np.isnan(which).mean()
    local = (which >= len(land.surface.minima)).mean()  # nan is neither
    starts = f"{which.size} starts {'on the strip' if land.flat else 'spread over the map'}"
    if best == 1:
        return f"All {starts} end within {TOL} of {_global(land)}."
    if none == 1:
        return f"None of {starts} ends within {TOL} of a minimum."
    parts = [f"{percent(best)} end within {TOL} of {_global(land)}"]
    if local:
        parts.append(f"{percent(local)} within {TOL} of a local one")
    if none:
        parts.append(f"{percent(none)} near no minimum (blank)")
    return f"Of {starts}, {listed(parts)}."
