"""The explorer of lesson 10: where descent ends, and what kind of place that is."""

import numpy as np
from matplotlib.colors import to_hex, to_rgb

from ..checking.probes import numbers
from ..descent import descend
from ..formatting import first_step
from ..live.controls import choice, dragged, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..views import (
    NORMAL,
    Column,
    Contours,
    Crosses,
    Curve,
    Formula,
    HeatMap,
    Line,
    LossOverSteps,
    Panel,
    Row,
)
from .base import Explorer
from .basins import LANDSCAPES, STEPS, TOL, basins_of, counted, ends_in
from .endings import curvatures, describe, shares
from .records import Shown, Views

MANTISSAS = (*range(10, 20), *range(20, 30, 2), 30, 33, 36, *range(40, 100, 5))
RATES = (*(round(m / 10**k, 6) for k in (4, 3, 2) for m in MANTISSAS), 1.0)  # 0.001, 0.0011, … 1

__all__ = ["LANDSCAPES", "Landscapes", "curvatures", "ends_in", "explore", "ridge_question"]

ridge_question = Prediction(
    question=(
        "A loss over one weight has two minima: a deep one at −1.30 and a shallow one at 1.13. "
        "Between them, at 0.17, is the top of a hill. From 1.8 with step size 0.05, descent ends "
        "in the shallow minimum, which is on the same side of the hill. Where does it end with "
        "step size 0.13?"
    ),
    choices=(
        "In the shallow minimum too, after fewer steps.",
        "In the deep minimum, because the first step jumps over the hill.",
        "On top of the hill, between the two minima.",
        "Nowhere, because it diverges.",
    ),
    answer="In the deep minimum, because the first step jumps over the hill.",
    because=(
        "The slope at 1.8 is 13.53, so the first step is 0.13 · 13.53 = 1.76 long and leads to "
        "0.04. This is on the other side of the hill, where the loss falls towards −1.30."
    ),
    about={"landscape": "quartic", "lr": 0.13, "w1": 1.8},
    name="ridge",
)


class Landscapes(Explorer):
    """A start and a step size on a landscape, and for every start the minimum it ends in."""

    primary = "lr"
    redrawn_by = adapts_to = ("landscape",)
    picture_only = ("w1", "w2")

    def make_controls(self):
        return {
            "landscape": choice(LANDSCAPES),
            "lr": stops("step size lr", RATES, 0.05),
            **dragged(2.0, w1=1.8, w2=0.0),
        }

    def buttons(self):
        start = {"landscape": "double well", "lr": 0.05, "w1": 1.2, "w2": 0.0}
        return {"To the saddle": lambda: self.set(**start)}

    def adapt(self, before, after):
        land = LANDSCAPES[after["landscape"]]
        new = {"lr": land.lr, "w1": land.start[0], "w2": land.start[1]}
        for name, (low, high) in zip(("w1", "w2"), land.surface.domain, strict=False):
            new[name] = {"min": low, "max": high, "value": new[name]}
        return new

    def disabled(self, values):
        return ("w2",) if LANDSCAPES[values["landscape"]].flat else ()

    def draw(self, page, landscape):
        land, palette = LANDSCAPES[landscape], page.palette
        surface, title = land.surface, f"loss {in_weights(land)}"
        if land.flat:
            formula, plane, ends, loss = page.panels(
                Line(),
                Row(
                    Column(Panel(234, y=title), Panel(36, "w", "where each start ends")),
                    Panel(200, "step", "loss above its global minimum, log scale", labels="10⁻⁶"),
                ),
            )
            path = Curve(plane, surface, palette)
            losses = LossOverSteps(loss, STEPS, palette, 1e-6, 1e2, predicted=False)
            extent, drag, along = (*surface.domain[0], 0, 1), self.on_drag("w1"), "x"
            number(plane, np.column_stack([land.minima, surface.f(land.minima)]), palette, (0, 22))
        else:
            formula, plane, ends = page.panels(
                Line(),
                Row(
                    Panel(342, "w₁ across, w₂ up", title),
                    Panel(342, "start: w₁ across, w₂ up", "where each start ends"),
                ),
            )
            path, losses = Contours(plane, surface, palette), None
            extent, drag, along = np.ravel(surface.domain), self.on_drag("w1", "w2"), "xy"
            number(plane, land.minima, palette, (15, 13))  # where the end of a path is not
        basins = HeatMap(ends, extent, palette, colours=tints(palette)[: len(land.minima)])
        if land.flat:
            ends.set_yticks([])
            plane.tick_params(labelbottom=False)  # the strip below has the same axis
        return Views(
            [
                Handle(path.trail.ball, drag, "start", along),
                Handle(basins.point, drag, "start, where it ends", along),
            ],
            path=path,
            map=basins,
            loss=losses,
            formula=Formula(formula, palette),
            yours=Crosses(ends, palette, size=5, joined=False),
            numbers=Numbers(ends, on_map(land.minima), palette),
        )

    def show(self, views, values):
        name, lr = values["landscape"], values["lr"]
        land, basins = LANDSCAPES[name], basins_of(name, lr)
        start = np.array([values["w1"], values["w2"]])[: len(land.surface.domain)]
        path = descend(land.surface, GradientDescent(lr), start, STEPS)
        views.path.update(path)
        views.map.update(basins.finest, on_map(start[None])[0])
        views.formula.update(*first_step(path, lr))
        if views.loss:
            views.loss.update(np.maximum(path.loss - land.surface.f(land.minima[0]), 0))
        yours = self.count(views.yours, name, lr)
        return Shown.along(path, f"{describe(land, lr, path)} {shares(land, basins.coarse)}{yours}")

    def count(self, crosses, name, lr):
        """Draw the starts of a learner's count_minima, and return a sentence with its count."""
        if not self.learner:
            return ""
        crosses.update(())
        starts, expected = counted(name, lr)
        if not len(starts):
            return " With this step size every start of your count diverges."
        grad = LANDSCAPES[name].surface.grad
        found, why = self.learner.call(
            lambda fn: numbers(fn(grad, starts.copy(), lr, STEPS, TOL)), (name, lr)
        )
        if why or found is None or found.ndim:
            return f" Your count is not shown: {why or 'the function returned no number'}."
        crosses.update(on_map(starts, 0.13))  # on a strip, below the numbers
        package = "as the package does" if found == expected else f"the package finds {expected}"
        return (
            f" Your function finds {float(found):g} different ends of the {len(starts)} descents "
            f"from the crosses, {package}."
        )

    def refine(self, views, values):
        basins = basins_of(values["landscape"], values["lr"])
        return refined(basins, views.map) if basins.fine is None else None


def explore(after=None, mine=None, **values):
    """Explore where descent ends on six landscapes (lesson 10).

    after: a Prediction to answer or skip first. mine: your count_minima(grad, starts, lr, steps,
    tol), whose starts are drawn as crosses and whose count is compared with the package's. values:
    first values of the controls: landscape, "quartic", "plateau", "kink", "double well",
    "Himmelblau" or "Styblinski-Tang"; lr, one of 0.001, 0.0011, … 1; w1 and w2, the start, inside
    the landscape's domain (w2 has no effect where there is one weight). Raises ValueError for
    other values.
    """
    return Landscapes(after, mine, **values)


class Numbers:
    """The numbers of the minima on a map, in rings.

    They lie above the colours of the map, which change, and so they are drawn with what moves.
    """

    def __init__(self, ax, places, palette):
        rings = ax.plot(
            *np.transpose(places), "o", color=palette.paper, ms=13, mec=palette.ink, mew=0.8,
            zorder=4.4,
        )  # fmt: skip
        self.moving = [*rings, *number(ax, places, palette, ring=False)]


def number(ax, places, palette, offset=(0, 0), ring=True):
    """Write the number of each place at this offset, in points; returns the texts."""
    style = {"boxstyle": "circle,pad=0.15", "fc": palette.paper, "ec": palette.ink, "lw": 0.8}
    return [
        ax.annotate(
            str(i), place, offset, textcoords="offset points", ha="center", va="center",
            fontsize=NORMAL, weight="bold", zorder=4.5, bbox=style if ring else None,
        )
        for i, place in enumerate(places, start=1)
    ]  # fmt: skip


def on_map(points, height=0.5):
    """Points (n, d) as places (n, 2) on a map, or at this height of a strip."""
    return np.column_stack([points, np.full(len(points), height)])[:, :2]


def refined(basins, heat_map):
    """A generator that makes the fine map of these basins, and shows it at the end."""
    yield from basins.refine()
    heat_map.update(basins.fine)


def tints(palette):
    """A quiet colour for each of four minima; they differ in lightness as well."""
    paper = np.array(to_rgb(palette.paper))
    inks = (palette.path, 0.55), (palette.other, 0.3), (palette.ball, 0.42), (palette.faint, 0.75)
    return [to_hex(paper + share * (np.array(to_rgb(ink)) - paper)) for ink, share in inks]


def in_weights(land):
    """The formula of the surface, with the weights for its coordinates."""
    names = {"x": "w"} if land.flat else {"x": "w₁", "y": "w₂"}
    return "".join(names.get(letter, letter) for letter in land.surface.formula)
