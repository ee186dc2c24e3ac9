"""The explorer of lesson 11: momentum, on a map of step size and β."""

import numpy as np

from ..descent import descend
from ..live.controls import choice, slider
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import Momentum
from ..surfaces import quadratic
from ..views import (
    SMALL,
    ColourScale,
    Column,
    Contours,
    Crosses,
    HeatMap,
    Panel,
    RootPlane,
    Row,
    TwoSequences,
    banded,
    legend_above,
)
from .base import Explorer
from .learner import as_optimizer
from .momentum_rates import WIDEST, best, best_place, exactly, rates, roots
from .momentum_readout import describe, describe_roots
from .records import Shown, Views

STEPS = 150  # of the path
FIRST = 24  # of its steps are shown over the steps
FINER = 2  # squares of the map to one place of the sliders, each way
LANDS = {f"κ = {k}": quadratic((1.0, k), start=[1.0, 1.0]) for k in (10, 25, 100)}
CURVATURES = {"κ = 10": 10, "κ = 25": 25, "κ = 100": 100}  # L, with μ = 1
PICTURES = ("path", "roots")
LEGEND = ("best in the long run", "stability limit")

memory_question = Prediction(
    question=(
        "A ball slides along a valley that has 25 times the curvature across as along. Plain "
        "descent, with the step size that is best in the long run, needs 173 steps from (1, 1) "
        "until a millionth of the distance to the minimum remains. Now every step also repeats "
        "44 % of the step before. How many steps does this descent need, again with the step "
        "size that is best in the long run?"
    ),
    choices=(
        "About 170, because repeating an old step adds nothing new.",
        "About 100, because the steps are almost twice as long.",
        "About 40.",
        "More than 173, because the old steps carry the ball past the minimum.",
    ),
    answer="About 40.",
    because=(
        "Across the valley, old and new steps have opposite directions and partly cancel, so a "
        "larger step size still converges. Along the valley they add up. Together they need 44 "
        "steps."
    ),
    about={"land": "κ = 25", "share": 2.78, "beta": 0.44},
    name="memory",
)


class HeavyBall(Explorer):
    """A map of step size and β; next to it the path in the valley, or the roots and sequences."""

    primary = "share"
    redrawn_by = ("land", "picture")
    picture_only = ("picture",)  # a cell of the lesson is about one of them

    def make_controls(self):
        return {
            "land": choice(LANDS, "κ = 25"),
            "share": slider("step size lr, in 1/L", 1.0, 0.02, WIDEST, 0.02),
            "beta": slider("β", 0.0, 0.0, 0.99, width=400),
            "picture": choice(PICTURES, description="picture"),
        }

    def buttons(self):
        return {"Best step size and β": self.take_best, "Plain descent": lambda: self.set(beta=0.0)}

    def take_best(self):
        self.set(**best_place(CURVATURES[self.controls["land"].value]))

    def draw(self, page, land, picture):
        L, with_roots = CURVATURES[land], picture == "roots"
        left = Column(
            Panel(12, y="share left per step, in the long run"),
            Panel(300, "step size lr, in 1/L", "β", LEGEND),
        )
        if with_roots:
            scale, plane, complex_plane, steps = page.panels(
                Row(
                    left,
                    Column(
                        Panel(214, "real part", "imaginary part", RootPlane.legend, labels="−1"),
                        Panel(90, "step", "w₁ and w₂", labels="−1"),
                    ),
                ),
            )
        else:
            scale, plane, valley = page.panels(Row(left, Panel(340, "w₁", "w₂", labels="−2")))
        rates_map = draw_map(plane, scale, page.palette, L)
        handle = Handle(rates_map.point, self.on_drag("share", "beta"), "step size and β")
        if with_roots:
            return Views(
                [handle],
                map=rates_map,
                roots=RootPlane(complex_plane, page.palette),
                steps=TwoSequences(steps, FIRST, page.palette),
                yours=Crosses(steps, page.palette, 3, joined=False, ink=True),
            )
        return Views(
            [handle],
            map=rates_map,
            path=Contours(valley, LANDS[land], page.palette, 9, filled=False),
            yours=Crosses(valley, page.palette),
        )

    def show(self, views, values):
        surface, L = LANDS[values["land"]], CURVATURES[values["land"]]
        place = values["share"], values["beta"]
        lr, beta = exactly(*place, L)
        with_roots = values["picture"] == "roots"
        steps = FIRST if with_roots else STEPS
        path = descend(surface, Momentum(lr, beta), steps=steps)
        views.map.update(point=place)
        if with_roots:
            pairs = np.array([roots(lr, beta, curvature) for curvature in (1, L)])
            views.roots.update(pairs, beta)
            views.steps.update(path)
            text = describe_roots(pairs, beta)
        else:
            views.path.update(path)
            text = describe(*place, L)
        yours = self.compare(
            views.yours,
            lambda fn: descend(surface, as_optimizer(fn, lr=lr, beta=beta), steps=steps).w,
            path.w,
            over_steps if with_roots else None,
        )
        return Shown.along(path, text + yours)


def explore(after=None, mine=None, **values):
    """Explore momentum on a map of its step size and β (lesson 11).

    after: a Prediction to answer or skip first. mine: your momentum_step(w, v, g, lr, beta), whose
    path is drawn as crosses. values: first values of the controls: land, "κ = 10", "κ = 25" or
    "κ = 100"; share, the step size in units of 1/L, from 0.02 to 4; beta from 0 to 0.99; picture,
    "path" or "roots". Raises ValueError for other values.
    """
    return HeavyBall(after, mine, **values)


def over_steps(w):
    """Points (n, 2) as the places (2n, 2) of both coordinates over their steps."""
    steps = np.arange(len(w))
    return np.concatenate([np.column_stack([steps, each]) for each in w.T])


def draw_map(ax, scale, palette, L):
    """The map as a view: its colours with their scale, the stability limit, double roots, best."""
    lr, beta = best(L)
    low = float(np.sqrt(beta))
    # Where momentum diverges, the squares are covered, so that the limit is a straight edge.
    shown = banded(np.nan_to_num(rates(L, FINER), nan=1.0), (low, 1))
    half = 0.01 / FINER
    view = HeatMap(ax, (half, WIDEST + half, -half / 2, 1 - half / 2), palette, (low, 1),
                   still=shown)  # fmt: skip
    ax.fill([2 - half, WIDEST, WIDEST], [-half / 2, 1, -half / 2], color=palette.regimes[2],
            lw=0, zorder=2)  # fmt: skip
    ColourScale(scale, view.image, ticks(low))
    ax.set(xlim=(0, WIDEST), ylim=(-0.03, 1), xticks=range(5), yticks=(0, 0.5, 1))
    heights = np.linspace(0, 1, 60)
    (limit,) = ax.plot(2 * (1 + heights), heights, "-", color=palette.ball, lw=1.8, zorder=3)
    share = np.linspace(0, WIDEST, 240)
    for curvature in (1 / L, 1):
        double_root = (1 - np.sqrt(share * curvature)) ** 2
        ax.plot(share, double_root, ":", color=palette.ink, lw=1.3, zorder=3)
    (star,) = ax.plot([lr * L], [beta], "*", ms=21, color=palette.paper, mec=palette.ink, mew=1.1,
                      ls="", zorder=4)  # fmt: skip  # the ball does not hide it
    legend_above(ax, [star, limit], LEGEND)
    ax.annotate("diverges", (3.4, 0.22), ha="center", fontsize=SMALL, zorder=4, color=palette.ink)
    return view


def ticks(low):
    """Where the colour scale is labelled, from the lowest share to all of it."""
    some = [n / 10 for n in range(6, 10) if n / 10 > low + 0.06]
    return [(low, f"{100 * low:.0f} %"), *((n, f"{100 * n:.0f} %") for n in some), (1, "100 %")]
