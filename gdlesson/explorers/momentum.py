"""The explorer of lesson 11: momentum, on a map of step size and β."""

from functools import lru_cache

import numpy as np

from ..descent import descend, sweep
from ..formatting import bracketed, decimals, percent, plural, significant
from ..live.controls import choice, dragged, slider
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent, Momentum
from ..surfaces import THREE_SLOPES, quadratic
from ..views import (
    SMALL,
    Column,
    Contours,
    Crosses,
    Curve,
    Formula,
    HeatMap,
    Line,
    LossDuel,
    Panel,
    Row,
)
from .base import Explorer
from .learner import as_optimizer
from .records import AT_MINIMUM, Shown, Views

STEPS = 150
SIDE = 120  # pixels along each side of the map
WIDEST = 4.0  # of the step size, in 1/L: the stability limit 2(1 + β) at β = 1


LANDSCAPES = {
    **{f"κ = {k}": quadratic((1.0, k), start=[1.0, 1.0]) for k in (10, 25, 100)},
    "three slopes": THREE_SLOPES,
}
CURVATURES = {"κ = 10": 10, "κ = 25": 25, "κ = 100": 100, "three slopes": 25}  # L, with μ = 1

memory_question = Prediction(
    question=(
        "A ball slides along a valley that has 25 times the curvature across as along. Plain "
        "descent with its best step size needs 173 steps from (1, 1) until a millionth of the "
        "distance to the minimum remains. Now every step also repeats 44 % of the step before. "
        "How many steps does this descent need with its best step size?"
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
    """A map of step size and β, each pixel the measured rate of one run; and one run as a path."""

    primary = "share"
    redrawn_by = adapts_to = ("land",)
    picture_only = ("w1", "w2")

    def make_controls(self):
        return {
            "land": choice(LANDSCAPES, "κ = 25"),
            "share": slider("step size lr, in 1/L", 1.0, 0.02, WIDEST, 0.02),
            "beta": slider("β", 0.0, 0.0, 0.99, width=400),
            **dragged(4.0, w1=1.0, w2=1.0),
        }

    def buttons(self):
        return {"Best step size and β": self.take_best, "Plain descent": lambda: self.set(beta=0.0)}

    def take_best(self):
        self.set(**best_place(CURVATURES[self.controls["land"].value]))

    def adapt(self, before, after):
        return dict(zip(("w1", "w2"), LANDSCAPES[after["land"]].start.tolist(), strict=False))

    def draw(self, page, land):
        surface, L = LANDSCAPES[land], CURVATURES[land]
        one, legend = surface is THREE_SLOPES, ("plain, its best", "with this β")
        formula, plane, place, loss = page.panels(
            Line(),
            Row(
                Panel(376, "step size lr, in 1/L", "β; darker is faster"),
                Column(
                    Panel(186, *(("w", "loss") if one else ("w₁", "w₂"))),
                    Panel(114, "step", "loss, log scale", legend, labels="10⁻¹²"),
                ),
            ),
        )
        rates_map = draw_map(plane, page.palette, land, L)
        path = (Curve if one else Contours)(place, surface, page.palette)
        drag = self.on_drag("w1") if one else self.on_drag("w1", "w2")
        return Views(
            [
                Handle(rates_map.point, self.on_drag("share", "beta"), "step size and β"),
                Handle(path.trail.ball, drag, "start", "x" if one else "xy"),
            ],
            map=rates_map,
            path=path,
            losses=LossDuel(loss, STEPS, page.palette, legend),
            formula=Formula(formula, page.palette),
            yours=Crosses(place, page.palette),
        )

    def show(self, views, values):
        surface, L = LANDSCAPES[values["land"]], CURVATURES[values["land"]]
        lr, beta = exactly(values["share"], values["beta"], L)
        start = np.array([values["w1"], values["w2"]])[: len(surface.domain)]
        path = descend(surface, Momentum(lr, beta), start, STEPS)
        plain = descend(surface, GradientDescent(2 / (1 + L)), start, STEPS)
        views.path.update(path)
        views.losses.update(plain.loss, path.loss)
        views.map.update(point=(values["share"], values["beta"]))
        views.formula.update(*second_step(path, lr, beta))
        yours = self.compare(
            views.yours,
            lambda fn: descend(surface, as_optimizer(fn, lr=lr, beta=beta), start, STEPS).w,
            path.w,
            lambda w: w if w.shape[1] > 1 else np.column_stack([w[:, 0], surface.f(w)]),
        )
        text = cycles if surface is THREE_SLOPES else describe
        return Shown.along(path, text(path, values["share"], values["beta"], L) + yours)


def explore(after=None, mine=None, **values):
    """Explore momentum on a map of its step size and β (lesson 11).

    after: a Prediction to answer or skip first. mine: your momentum_step(w, v, g, lr, beta), whose
    path is drawn as crosses. values: first values of the controls: land, "κ = 10", "κ = 25",
    "κ = 100" or "three slopes"; share, the step size in units of 1/L, from 0.02 to 4; beta from 0
    to 0.99; w1 and w2, the start, from −4 to 4. Raises ValueError for other values.
    """
    return HeavyBall(after, mine, **values)


def draw_map(ax, palette, land, L):
    """The map of `rates` as a view, with the stability limit, the best point and double roots."""
    best = best_place(L)
    low = (np.sqrt(L) - 1) / (np.sqrt(L) + 1)
    view = HeatMap(ax, (0, WIDEST, 0, 1), palette, limits=(low, 1), still=rates(land))
    ax.set(xlim=(0, WIDEST), ylim=(0, 1))
    beta = np.linspace(0, 1, 60)
    ax.plot(2 * (1 + beta), beta, "-", color=palette.ball, lw=1.8, zorder=3)
    share = np.linspace(0, WIDEST, 120)
    for curvature in (1 / L, 1):
        double_root = (1 - np.sqrt(share * curvature)) ** 2
        ax.plot(share, double_root, ":", color=palette.ink, lw=1.2, zorder=3)
    ax.plot([best["share"]], [best["beta"]], "*", color=palette.paper, ms=17,
            mec=palette.ink, mew=1.2, zorder=4)  # fmt: skip
    style = {"fontsize": SMALL, "zorder": 4}
    parabola = land != "three slopes"
    ax.annotate("diverges" if parabola else "ends no nearer", (3.4, 0.22), ha="center", **style)
    ax.annotate("2(1 + β)/L", (2 * 1.1, 0.1), (8, -4), textcoords="offset points", **style)
    name = "best" if parabola else "a parabola's best"
    ax.annotate(name, (best["share"], best["beta"]), (20, -16), textcoords="offset points",
                **style)  # fmt: skip
    return view


@lru_cache(maxsize=4)
def rates(land):
    """The share of the distance that remains after each step, measured: (SIDE, SIDE), β upwards.

    SIDE² runs of 150 steps from the landscape's start, each with its own step size and β; nan where
    a run ends farther away than it started. It is the mean factor per step.
    """
    surface, middle = LANDSCAPES[land], (np.arange(SIDE) + 0.5) / SIDE
    grid = sweep(beta=middle, lr=WIDEST * middle / CURVATURES[land])
    last = descend(surface, Momentum(**grid), steps=STEPS, keep="last").last
    with np.errstate(all="ignore"):
        left = np.linalg.norm(last, axis=-1) / np.linalg.norm(surface.start)
        return np.where(left < 1, left ** (1 / STEPS), np.nan)


def best_place(L):
    """The place of the controls nearest to the best step size and β for curvatures from 1 to L."""
    root = np.sqrt(L)
    share, beta = 4 * L / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2
    return {"share": round(round(share / 0.02) * 0.02, 2), "beta": round(beta, 2)}


def exactly(share, beta, L):
    """lr and β of a place on the map; the place nearest to the best ones stands for these."""
    best = best_place(L)
    if np.isclose(share, best["share"]) and np.isclose(beta, best["beta"]):
        root = np.sqrt(L)
        return 4 / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2
    return share / L, beta


def radius(lr, beta, curvature):
    """The share of the distance that remains per step in the long run, along one curvature.

    The larger absolute value of the roots of z² − (1 + β − lr·c)z + β = 0 (Polyak 1964).
    """
    return np.abs(np.roots([1, -(1 + beta - lr * curvature), beta])).max()


def second_step(path, lr, beta):
    """The second update of the last coordinate with its numbers: the first that has a memory."""
    w = "*w*₂" if path.w.shape[1] > 1 else "*w*"
    v, g = path.g[0, -1], path.g[1, -1]
    new_v = beta * v + g
    total = decimals(new_v)
    memory = f"*v* ← {beta:.2f} · {bracketed(decimals(v))} + {bracketed(decimals(g))} = {total}"
    old, new = (decimals(w_t) for w_t in path.w[1:3, -1])
    step = f"{w} ← {old} − {lr:.3f} · {bracketed(total)} = {new}"
    return f"Second step: {memory},  {step}", f"{memory},  {step}", memory


def describe(path, share, beta, L):
    """How fast this place of the map is in the long run, and in these steps."""
    lr, beta = exactly(share, beta, L)
    name = f"With step size {share:.2f}/L and β = {beta:.2f}"
    limit = f"2(1 + β)/L = {2 * (1 + beta):.2f}/L"
    worst = max(radius(lr, beta, curvature) for curvature in (1, L))
    away = np.linalg.norm(path.w, axis=1)
    if not away[0]:
        return AT_MINIMUM
    if worst > 1 + 1e-9:
        return (
            f"{name}, above the stability limit {limit}, momentum diverges. In the long run the "
            f"distance grows by {percent(worst - 1)} per step."
        )
    if worst > 1 - 1e-9:
        return (
            f"{name}, at the stability limit {limit}, the ball jumps across the valley, and this "
            "distance never gets shorter."
        )
    there = away <= 1e-6 * away[0]
    after = (
        f"a millionth of it remains after {plural(int(there.argmax()), 'step')}"
        if there.any()
        else f"{percent(away[-1] / away[0])} of it remains after {STEPS} steps"
    )
    best = (np.sqrt(L) - 1) / (np.sqrt(L) + 1)
    rest = f"With the best step size and β it is {percent(best)}."
    if np.isclose(worst, best, rtol=1e-6):
        plain = percent((L - 1) / (L + 1))
        rest = f"No other step size and β are faster in the long run; plain descent leaves {plain}."
    return (
        f"{name} the ball {movement(lr, beta, L)}. In the long run {percent(round(worst, 3))} of "
        f"the distance remains after each step; {after}. {rest}"
    )


def movement(lr, beta, L):
    """Whether the ball oscillates along the valley and across it (complex roots), or does not."""
    along, across = ((1 + beta - lr * c) ** 2 < 4 * beta - 1e-9 for c in (1, L))
    if along and across:
        return "oscillates along the valley and across it"
    if across:
        return "oscillates across the valley, but not along it"
    if along:
        return "oscillates along the valley, but not across it"
    if lr * L > 1 + beta + 1e-9:
        return "crosses the valley at every step"
    return "approaches the minimum without oscillating"


def cycles(path, share, beta, L):
    """Where descent on the three slopes ends: at the minimum, in a cycle, or nowhere."""
    name, w = f"With step size {share:.2f}/L and β = {beta:.2f}", path.w[:, 0]
    if not np.isfinite(w[-1]) or abs(w[-1]) > 1e3:
        return f"{name} momentum diverges."
    if abs(w[-1]) < 1e-3:
        near = np.abs(w) <= 1e-3
        first = STEPS + 1 - int((~near[::-1]).argmax()) if not near.all() else 0
        return (
            f"{name} momentum converges to the minimum. It is within 0.001 of it after "
            f"{plural(first, 'step')}."
        )
    for period in (2, 3, 4, 5):
        if np.abs(w[-period:] - w[-2 * period : -period]).max() < 1e-3:
            places = ", ".join(decimals(x) for x in w[-period:])
            return (
                f"{name} momentum ends in the cycle {places} and never converges, although the "
                "loss has only one minimum, at 0."
            )
    end = decimals(w[-1]) if abs(w[-1]) >= 0.005 else significant(w[-1], 1)
    return f"{name} the ball is at {end} after {STEPS} steps, not yet at the minimum 0."
