"""The second explorer of lesson 13: where Newton's step goes wrong, and what damping changes."""

from dataclasses import dataclass

import numpy as np

from ..descent import descend
from ..formatting import decimals, plural, significant
from ..live.controls import choice, slider
from ..live.figure import Handle
from ..newton import DampedNewton, Newton
from ..surfaces import Surface, catalogue
from ..views import Curve, Lines, Panel, Row, in_sight, legend_above
from .base import Explorer
from .records import Shown, Views

STEPS = 20
NEAR = 1e-6  # of a point where the slope is 0
NEWTON, DAMPED = "Newton", "damped"
NAMES = {True: "Newton's", False: "Damped"}


@dataclass(frozen=True)
class Land:
    """A loss over one weight: surface, its formula, curvature(w) → float, and a first w."""

    surface: Surface
    formula: str
    curvature: object
    start: float

    def hessian(self, w):
        """(1,) → (1, 1), as Newton's method takes it."""
        return np.array([[self.curvature(w[0])]])

    @property
    def flat(self):
        """Name → places where the slope is 0."""
        surface = self.surface
        minima = np.ravel([*surface.minima, *surface.local])
        return {"minimum": minima, "maximum": np.ravel(surface.maxima)}


ROOT = Surface(
    name="root",
    f=lambda w: np.sqrt(1 + w[..., 0] ** 2),
    grad=lambda w: w / np.sqrt(1 + w**2),
    domain=((-3.0, 3.0),),
    minima=np.zeros((1, 1)),
    start=np.array([1.1]),
    source="any textbook on optimization",
)
LANDS = {
    "two valleys": Land(catalogue["quartic"], "w⁴ − 3w² + w", lambda w: 12 * w**2 - 6, 1.8),
    # never quite 0, which has no inverse, where a path that diverges is far away
    "root": Land(ROOT, "√(1 + w²)", lambda w: max((1 + w**2) ** -1.5, 1e-300), 1.1),
}


class NewtonSteps(Explorer):
    """A loss over one weight: Newton's steps, plain or damped, and the first local parabola."""

    primary = "w"
    redrawn_by = adapts_to = ("curve",)

    def make_controls(self):
        land = LANDS["two valleys"]
        return {
            "curve": choice(LANDS),
            "method": choice((NEWTON, DAMPED), description="steps"),
            "w": slider("start w", land.start, *land.surface.domain[0]),
        }

    def adapt(self, before, after):
        land = LANDS[after["curve"]]
        low, high = land.surface.domain[0]
        return {"w": {"min": low, "max": high, "value": land.start}}

    def draw(self, page, curve):
        land, palette = LANDS[curve], page.palette
        names = ("local parabola at the start",)
        kinds = [kind for kind, places in land.flat.items() if len(places)]
        left, right = page.panels(
            Row(
                Panel(300, "w", f"loss {land.formula}", names),
                Panel(300, "step", "w after each step", kinds),
            )
        )
        view = Curve(left, land.surface, palette)
        low, high = left.get_ylim()
        left.set_ylim(low - 0.22 * (high - low), high)  # a vertex is seen below the curve too
        (parabola,) = left.plot([], [], "--", color=palette.other, lw=2, zorder=3)
        # hollow: the end of the path may be under it
        (vertex,) = left.plot([], [], "D", mfc="none", mec=palette.other, ms=9, mew=2, zorder=6)
        legend_above(left, [parabola], names)
        right.set(xlim=(-0.4, STEPS + 0.4), ylim=land.surface.domain[0])
        right.set_xticks(range(0, STEPS + 1, 5))
        styles = {"minimum": ("-", palette.other), "maximum": (":", palette.ball)}
        lines = []
        for kind in kinds:
            dash, colour = styles[kind]
            for w in land.flat[kind]:
                line = right.axhline(w, ls=dash, color=colour, lw=1.6, zorder=2)
            lines.append(line)
        legend_above(right, lines, kinds)
        (position,) = right.plot([], [], "o-", color=palette.path, lw=1.4, ms=4.5, zorder=4)
        return Views(
            [Handle(view.trail.ball, self.on_drag("w"), "start", "x")],
            curve=view,
            lines=Lines(("position",), position=position, parabola=parabola, vertex=vertex),
        )

    def show(self, views, values):
        land = LANDS[values["curve"]]
        f = land.surface.f
        plain = values["method"] == NEWTON
        method = Newton(land.hessian) if plain else DampedNewton(land.hessian, f)
        path = descend(land.surface, method, start=[values["w"]], steps=STEPS)
        views.curve.update(path)
        steps = np.column_stack([np.arange(STEPS + 1), path.w[:, 0]])
        views.lines.position.set_data(*in_sight(steps, views.lines.position.axes).T)
        self._parabola(views, land, values["w"])
        return Shown.along(path, describe(land, path, plain))

    def _parabola(self, views, land, w):
        """Draw the local parabola at w as far as it is in the picture, and its vertex."""
        ax, f = views.curve.ax, land.surface.f(np.array([w]))
        slope, curvature = land.surface.grad(np.array([w]))[0], land.curvature(w)
        places = np.linspace(*ax.get_xlim(), 401)
        heights = f + slope * (places - w) + curvature / 2 * (places - w) ** 2
        low, high = ax.get_ylim()
        seen = (heights >= low) & (heights <= high)
        views.lines.parabola.set_data(places, np.where(seen, heights, np.nan))
        end = w - slope / curvature
        views.lines.vertex.set_data([end], [f - slope**2 / curvature / 2])
        if not abs(end) < 1e3:  # far away: not in the picture
            views.lines.vertex.set_data([], [])


def explore(after=None, **values):
    """Explore where Newton's steps lead on a loss over one weight (lesson 13).

    after: a Prediction to answer or skip first. values: first values of the controls: curve,
    "two valleys" or "root"; method, "Newton" or "damped"; w, the start, from −2 to 2, on the root
    from −3 to 3. Raises ValueError for other values.
    """
    return NewtonSteps(after, **values)


def describe(land, path, plain):
    """Where the steps end, and at which kind of point."""
    w = path.w[:, 0]
    start, curvature = decimals(w[0]), land.curvature(w[0])
    name = f"{NAMES[plain]} steps from {start}"
    bends = f"The curvature at the start is {significant(curvature, 2)}"
    for kind, places in land.flat.items():
        for place in places:
            near = np.abs(w - place) <= NEAR
            if near[-1]:
                return f"{name} {_arrival(kind, place, near)}. {bends}{_reason(curvature, plain)}."
    if plain and abs(abs(w[0]) - 1) < 1e-9:
        return f"{name} jump between 1 and −1 without end. {bends}."
    if abs(w[1]) > abs(w[0]) and (not np.isfinite(w[-1]) or abs(w[-1]) > 1e3):
        first = ", ".join(significant(x, 3) for x in w[1:4])
        return f"{name} lead to {first} and diverge. {bends}."
    return f"{name} have not converged after {plural(STEPS, 'step')}. {bends}."


def _arrival(kind, place, near):
    steps = int((~near[::-1]).argmax()) if not near.all() else len(near)
    first = len(near) - steps
    where = f"the {kind} {decimals(place)}"
    if not first:
        return f"begin at {where} and stay there"
    return f"come within a millionth of {where} after {plural(first, 'step')}"


def _reason(curvature, plain):
    if curvature > 0:
        return ""
    if plain:
        return ", so the first step points uphill"
    return ", so the first step follows minus the gradient"
