"""The second explorer of lesson 04: axes that are turned until two directions separate."""

from dataclasses import replace

import numpy as np

from ..descent import descend
from ..formatting import decimals, plural, significant, step_text
from ..formatting import step_size as text
from ..live.controls import choice, dragged, integers, slider, stops
from ..live.figure import Handle
from ..optimizers import GradientDescent
from ..surfaces import quadratic
from ..views import (
    Bowl,
    Column,
    Crosses,
    Distances,
    Factors,
    Formula,
    Line,
    LossOverSteps,
    Panel,
    Row,
    TurnedAxes,
)
from .base import Explorer
from .learner import ReturnedNothing
from .records import AT_MINIMUM, Shown, Views

CONDITIONS = (1, 2, 3, 5, 7, 10, 15, 25, 40, 60, 100)  # with μ = 1, so each is L as well
STEPS = 30
END = 2.2  # of the step sizes, in units of 1/L
GRID = 0.025  # of their slider
TURN = 45  # degrees by which the valley is turned
PARTS, SIZES = "two parts", "step sizes"
PICTURES = (PARTS, SIZES)
TOLERANCE = 1e-6  # of the distance at the start


class TurnedValley(Explorer):
    """A turned valley and axes to turn: in its own axes each coordinate is a parabola's."""

    primary = "axes"
    redrawn_by = ("picture",)
    adapts_to = ("condition",)
    picture_only = ("w1", "w2")
    best = False  # whether the button was pressed: then the best step size stays the best

    def make_controls(self):
        return {
            "picture": choice(PICTURES),
            "axes": integers("axes turned by °", 0, 0, 90),
            "share": slider("lr, in 1/L", 1.75, GRID, END, GRID, 320,
                            readout_format=".3f"),
            "condition": stops("ratio of curvatures κ", CONDITIONS, 25, 300),
            **dragged(2.5, w1=0.71, w2=2.12),
        }  # fmt: skip

    def buttons(self):
        return {"Best step size": self.take_best}

    def take_best(self):
        self.best = True
        self.set(share=best_share(self.controls["condition"].value))

    def adapt(self, before, after):
        was_best = np.isclose(before["share"], best_share(before["condition"]))
        return {"share": best_share(after["condition"])} if self.best and was_best else {}

    def draw(self, page, picture):
        names = (*TurnedAxes.names, "predicted")
        upper = Panel(128, "step", "share left of each coordinate", names, "10⁻¹²")
        if picture == SIZES:
            upper = Panel(128, "step size", "factor per step, |1 − lr·λ|", Factors.legend, "10⁻¹²")
        formula, land, above, loss = page.panels(
            Line(),
            Row(
                Panel(360, "w₁", "w₂"),
                Column(upper, Panel(128, "step", "loss", LossOverSteps.legend, "10⁻¹²")),
            ),
        )
        palette = page.palette
        bowl = Bowl(land, palette, plain=True)
        return Views(
            [Handle(bowl.trail.ball, self.on_drag("w1", "w2"), "start")],
            axes=TurnedAxes(land, palette),
            bowl=bowl,
            parts=Distances(above, TurnedAxes.names, STEPS, palette) if picture == PARTS else None,
            factors=Factors(above, palette, END) if picture == SIZES else None,
            loss=LossOverSteps(loss, STEPS, palette, floor=1e-6, ceiling=1e3),
            formula=Formula(formula, palette),
            yours=Crosses(land, palette, size=5, joined=False, ink=True),
        )

    def show(self, views, values):
        condition, axes = values["condition"], np.radians(values["axes"])
        valley = Valley(condition, axes - np.radians(TURN))
        lr = step_size(condition, values["share"])
        surface = quadratic((1.0, condition), np.radians(TURN), [values["w1"], values["w2"]])
        path = descend(surface, GradientDescent(lr), steps=STEPS)
        u = in_axes(path.w, axes)
        factors = 1 - lr * np.array([valley.first, valley.second])
        views.bowl.update(path, condition, np.radians(TURN))
        # The lines of the step sizes belong to the valley's own axes, whatever axes are drawn.
        views.axes.update(path.w, axes, grey=bool(views.factors) and not valley.separate)
        if values["picture"] == PARTS:
            views.parts.update(*shares_left(u, factors))
        else:
            views.factors.update(condition, lr * condition)
        views.loss.update(path.loss, valley.parts(u[0], lr).sum(axis=1))
        views.formula.update(*valley.formulas())
        yours = self.compare(views.yours, lambda fn: descend_by(fn, surface, lr), path.w)
        return Shown(
            describe(valley, lr, u[0], in_axes(path.start, np.radians(TURN))) + yours,
            step_text(2, "u = ({2}, {3}), loss {4:g}"),
            np.column_stack([path.w, u, path.loss]),
        )


def explore(after=None, mine=None, **values):
    """Explore a turned valley in axes that can be turned (lesson 04).

    after: a Prediction to answer or skip first. mine: your numerical_gradient(f, w, h), with which
    the same descent is run and drawn as crosses. values: first values of the controls: picture,
    "two parts" or "step sizes"; axes, from 0 to 90 degrees; share, the step size in units of 1/L,
    from 0.025 to 2.2; condition, κ, one of 1, 2, 3, 5, 7, 10, 15, 25, 40, 60, 100; w1 and w2, the
    start, from −2.5 to 2.5. Raises ValueError for other values.
    """
    return TurnedValley(after, mine, **values)


class Valley:
    """The valley ½(v₁² + L·v₂²) in axes u turned by an angle from its own axes v.

    There it is ½(first·u₁² + 2·product·u₁u₂ + second·u₂²): `first` and `second` are the curvatures
    along the two axes, and without `product` the coordinates are separate.
    """

    def __init__(self, L, angle):
        cos, sin = np.cos(angle), np.sin(angle)
        self.L, self.first, self.second = L, cos**2 + L * sin**2, sin**2 + L * cos**2
        self.product = (L - 1) * sin * cos
        self.separate = abs(self.product) < 1e-9

    def parts(self, u, lr):
        """The loss ½·c·u²·(1 − lr·c)²ᵗ of each axis alone: (STEPS + 1, 2). u: (2,), the start."""
        curvatures, t = np.array([self.first, self.second]), np.arange(STEPS + 1)[:, None]
        return 0.5 * curvatures * u**2 * (1 - lr * curvatures) ** (2 * t)

    def formulas(self):
        """The valley as a formula of u₁ and u₂, and a shorter way to write it."""
        first, second = (decimals(c, 1) for c in (self.first, self.second))
        middle = ""
        if not self.separate:
            sign = "−" if self.product < 0 else "+"
            middle = f" {sign} {self.size} *u*₁*u*₂"
        short = f"*f* = ½({first} *u*₁²{middle} + {second} *u*₂²)"
        return f"In these axes {short}", short

    @property
    def size(self):
        """The number before the product u₁u₂, without its sign: never 0.0 where there is one."""
        number = 2 * abs(self.product)
        return decimals(number, 1) if number >= 0.05 else significant(number, 1)


def in_axes(w, angle):
    """A point (2,) or a path (n, 2) in axes turned by this angle, in radians, of the same shape."""
    x, y = w[..., 0], w[..., 1]
    u = np.stack([np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x], -1)
    largest = np.abs(np.atleast_2d(u)).max(axis=0)
    return np.where(largest < 1e-9, 0.0, u)  # less is rounding, of a ball on an axis of the valley


def shares_left(u, factors):
    """The shares left of each coordinate at the start: measured, and by a factor of its own.

    u: (steps + 1, 2); factors: (2,). Each is a list of two rows (steps + 1,), empty for a
    coordinate that is 0 at the start.
    """
    steps = np.arange(len(u))
    away = np.abs(u[0]) > 1e-9
    measured = [np.abs(row / row[0]) if far else [] for row, far in zip(u.T, away, strict=True)]
    with np.errstate(under="ignore"):
        predicted = [np.abs(factor) ** steps if far else []
                     for factor, far in zip(factors, away, strict=True)]  # fmt: skip
    return measured, predicted


def descend_by(fn, surface, lr):
    """The points of the same descent, its slopes measured by a learner's numerical_gradient.

    fn(f, w, h) → (d,), an array or a list. Returns (STEPS + 1, d). Raises ReturnedNothing if `fn`
    returns None.
    """
    if fn(surface.f, surface.start.copy(), 1e-5) is None:
        raise ReturnedNothing("numerical_gradient returned no gradient")
    measured = replace(surface, grad=lambda w: np.asarray(fn(surface.f, w.copy(), 1e-5), float))
    return descend(measured, GradientDescent(lr), steps=STEPS).w


def best_step(mu, L):
    """2/(μ + L), the fixed step size with the smallest factor in the slower direction."""
    return 2 / (mu + L)


def best_share(condition):
    """The place on the slider, lr·L, that means the best step size."""
    return round(best_step(1, condition) * condition / GRID) * GRID


def step_size(condition, share):
    """lr = share/L for μ = 1 and L = condition; the place nearest to the best one is the best one.

    A browser's slider has only the places of its grid, and 2/(μ + L) is on none of them.
    """
    best = np.isclose(share, best_share(condition))
    return best_step(1, condition) if best else share / condition


def steps_until(factors, v, share=TOLERANCE):
    """The first step after which the distance is at most this share of the start's.

    v: (2,), the start in the valley's own axes; factors: (2,), of each per step, sizes below 1.
    """
    goal = share * (1 + 1e-9) * np.hypot(*v)

    def left(t):
        return np.hypot(*(v * np.abs(factors) ** t))

    low, high = 0, 1
    while left(high) > goal:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if left(middle) > goal else (low, middle)
    return high


def describe(valley, lr, u, v):
    """Whether the coordinates are separate in these axes, and what the step size does.

    u, v: (2,), the start in these axes and in the valley's own.
    """
    if not v.any():
        return AT_MINIMUM
    if valley.separate:
        begin = "In these axes the formula contains no product u₁u₂"
        if valley.L == 1:
            begin = "In a round bowl the formula contains no product u₁u₂ in any axes"
        begin += f", so the coordinates are separate: {_factors(valley, lr, u)}."
    else:
        sign = "−" if valley.product < 0 else ""
        begin = (
            f"In these axes the formula contains the product {sign}{valley.size} u₁u₂, so the step "
            "of each coordinate depends on the other one, too."
        )
    return f"{begin} {_outcome(valley.L, lr, v)}"


def _factors(valley, lr, u):
    """What a step does to each coordinate: in axes in which they are separate."""
    factors = 1 - lr * np.array([valley.first, valley.second])
    pairs = list(zip(TurnedAxes.names, factors, u, strict=True))
    steps = " and ".join(f"{name} by {_factor(each)}" for name, each, x in pairs if x)
    resting = "".join(f", and {name} stays 0" for name, _, x in pairs if not x)
    return f"each step multiplies {steps}{resting}"


def _factor(x):
    """A factor with two decimals, or more where two would make it 1."""
    places = next((p for p in range(2, 6) if round(abs(x), p) != 1), 2)
    return decimals(x, places)


def _size(lr):
    return text(lr) if lr >= 0.001 else significant(lr, 2)


def _outcome(L, lr, v):
    factors = 1 - lr * np.array([1.0, L])
    worst, everywhere = np.abs(factors[v != 0]).max(), np.abs(factors).max()
    best = np.isclose(lr, best_step(1, L), rtol=1e-9)
    name = f"The best step size, {_size(lr)}," if best else f"Step size {_size(lr)}"
    if worst > 1 + 1e-9:
        return f"{name} is above the stability limit 2/L = {text(2 / L)}, so descent diverges."
    if worst > 1 - 1e-9:
        return f"{name} is the stability limit 2/L, so the ball never gets to the minimum."
    if worst < 1e-9:
        return f"With step size {_size(lr)} the first step ends at the minimum."
    steps = plural(steps_until(factors, v), "step")
    start = " from this start" if everywhere > 1 - 1e-9 else ""
    reach = "reaches" if steps == "1 step" else "reach"
    return f"{name} converges{start}: {steps} {reach} a millionth of the distance."
