"""Room of lesson 09: how a heavy ball goes faster."""

from functools import lru_cache

import numpy as np

from ..descent import descend, sweep
from ..formatting import percent, plural, vector
from ..live.controls import choice, dragged, slider
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent, Momentum, from_function
from ..surfaces import Surface, quadratic
from ..views import SMALL, Contours, Curve, HeatMap, LossDuel, axes_at
from .legacy import Formula, LegacyExplorer, Mine

STEPS = 150
SIDE = 120  # pixels along a side of the map
WIDEST = 4.0  # of the step size, in 1/L: the border 2(1 + β) at β = 1


def _slopes(w):
    return np.where(w < 1, 25 * w, np.where(w < 2, w + 24, 25 * w - 24))


def _three_slopes(w):
    x = w[..., 0]
    pieces = [12.5 * x**2, 0.5 * x**2 + 24 * x - 12]
    return np.where(x < 1, pieces[0], np.where(x < 2, pieces[1], 12.5 * x**2 - 24 * x + 36))


THREE_SLOPES = Surface(
    "three slopes", _three_slopes, _slopes, ((-4.0, 4.0),), np.zeros((1, 1)), np.array([3.3]),
    "Lessard, Recht and Packard 2016, arXiv 1408.3595",
)  # fmt: skip
LANDSCAPES = {
    **{f"κ = {k}": quadratic((1.0, k), start=[1.0, 1.0]) for k in (10, 25, 100)},
    "three slopes": THREE_SLOPES,
}
CURVATURES = {"κ = 10": 10, "κ = 25": 25, "κ = 100": 100, "three slopes": 25}  # L, with μ = 1

memory_question = Prediction(
    question=(
        "A ball slides along a valley that bends 25 times as much across as along. Plain descent "
        "at its best step size needs 173 steps to bring (1, 1) within a millionth of the way. Now "
        "every step also repeats 44 % of the step before. How many steps does the best such "
        "descent need?"
    ),
    choices=(
        "About 170: repeating an old step adds nothing new.",
        "About 100: the steps are almost twice as long.",
        "About 40.",
        "More than 173: the old steps carry it past the minimum.",
    ),
    answer="About 40.",
    because=(
        "Across the valley old and new steps point against each other and cancel, so the step size "
        "may be larger; along it they add up. Both together bring 44 steps."
    ),
    about={"land": "κ = 25", "share": 2.78, "beta": 0.44},
)


class HeavyBall(LegacyExplorer):
    """A map of step size and β, each pixel a run's measured rate; and one place on it as a path."""

    height, narrow_height = 500, 1010
    primary = "share"
    redrawn_by = ("land",)
    picture_only = ("w1", "w2")

    def __init__(self, after=None, mine=None, **values):
        self.mine = Mine(mine)
        super().__init__(after, **values)
        self.live.colours = 48

    def make_controls(self):
        return {
            "land": choice(LANDSCAPES, "κ = 25"),
            "share": slider("step size lr, in 1/L", 1.0, 0.02, WIDEST, 0.02),
            "beta": slider("β", 0.0, 0.0, 0.99, width=400),
            **dragged(4.0, w1=1.0, w2=1.0),
        }

    def buttons(self):
        return {
            "To the best place": lambda: self.set(**best_place(self.L)),
            "Plain descent": lambda: self.set(beta=0.0),
        }

    @property
    def L(self):
        return CURVATURES[self.controls["land"].value]

    def adapt(self, name):
        start = LANDSCAPES[self.controls["land"].value].start
        self.controls["w1"].value = start[0]
        if len(start) > 1:
            self.controls["w2"].value = start[1]

    def draw(self, figure, palette, values):
        surface, L = LANDSCAPES[values["land"]], CURVATURES[values["land"]]
        left, gap, top = 46, 60, 72
        room = self.width - left - 18
        half = room if self.narrow else (room - gap) // 2
        across, down = (left, top + 466) if self.narrow else (left + half + gap, top)
        plane = axes_at(
            figure, left, top, half, 376, palette, "step size lr, in 1/L",
            "β, and what share of the distance a step keeps",
        )  # fmt: skip
        land = axes_at(
            figure, across, down, half, 186, palette, "w" if surface is THREE_SLOPES else "w₁",
            "loss" if surface is THREE_SLOPES else "w₂",
        )  # fmt: skip
        loss = axes_at(figure, across, down + 262, half, 114, palette, "step", "loss, log scale")
        self._draw_map(plane, palette, values["land"], L)
        self.land = (Curve if surface is THREE_SLOPES else Contours)(land, surface, palette)
        self.losses = LossDuel(loss, STEPS, palette, ("plain, its best", "with this β"))
        self.formula = Formula(plane, (0, -60), room, palette)
        along = "x" if surface is THREE_SLOPES else "xy"
        handles = [
            Handle(self.map.point, self.drag, "step size and β"),
            Handle(self.land.trail.ball, self.move, "start", along),
        ]
        return [
            self.map,
            self.land,
            self.losses,
            self.formula,
            self.mine.on(land, palette),
        ], handles

    def _draw_map(self, ax, palette, land, L):
        best = best_place(L)
        low = (np.sqrt(L) - 1) / (np.sqrt(L) + 1)
        self.map = HeatMap(ax, (0, WIDEST, 0, 1), palette, limits=(low, 1))
        self.map.update(rates(land))
        self.map.moving.remove(self.map.image)  # it stands still, below the lines drawn on it
        ax.set(xlim=(0, WIDEST), ylim=(0, 1))
        beta = np.linspace(0, 1, 60)
        ax.plot(2 * (1 + beta), beta, "-", color=palette.ball, lw=1.8, zorder=3)
        share = np.linspace(0, WIDEST, 120)
        for curvature in (1 / L, 1):
            swings = (1 - np.sqrt(share * curvature)) ** 2
            ax.plot(share, swings, ":", color=palette.ink, lw=1.2, zorder=3)
        ax.plot([best["share"]], [best["beta"]], "*", color=palette.paper, ms=17,
                mec=palette.ink, mew=1.2, zorder=4)  # fmt: skip
        style = {"fontsize": SMALL, "color": palette.ink, "zorder": 4}
        parabola = land != "three slopes"
        ax.annotate("diverges" if parabola else "ends no nearer", (3.4, 0.22), ha="center", **style)
        ax.annotate("2(1 + β)/L", (2 * 1.1, 0.1), (8, -4), textcoords="offset points", **style)
        name = "best" if parabola else "a parabola's best"
        ax.annotate(name, (best["share"], best["beta"]), (20, -16), textcoords="offset points",
                    **style)  # fmt: skip

    def drag(self, share, beta):
        share, beta = np.clip(share, 0.02, WIDEST), np.clip(beta, 0, 0.99)
        self.set(share=round(float(share) / 0.02) * 0.02, beta=round(float(beta), 2))

    def move(self, x, y):
        x, y = np.clip([x, y], -4, 4)
        two = len(self.path.start) > 1
        self.set(w1=round(float(x), 2), **({"w2": round(float(y), 2)} if two else {}))

    def show(self, values):
        land, L = values["land"], CURVATURES[values["land"]]
        surface = LANDSCAPES[land]
        lr, beta = exactly(values["share"], values["beta"], L)
        start = np.array([values["w1"], values["w2"]])[: len(surface.domain)]
        path = self.path = descend(surface, Momentum(lr, beta), start, STEPS)
        plain = descend(surface, GradientDescent(2 / (1 + L)), start, STEPS)
        self.land.update(path)
        self.losses.update(plain.loss, path.loss)
        self.map.update(point=(values["share"], values["beta"]))
        self.formula.update(*second_step(path, lr, beta))
        mine = self.mine.update(
            lambda fn: _yours(fn, surface, start, lr, beta),
            path.w,
            lambda w: w if w.shape[1] > 1 else np.column_stack([w[:, 0], surface.f(w)]),
        )
        said = cycles if surface is THREE_SLOPES else describe
        return said(path, values["share"], values["beta"], L) + mine

    def each_step(self):
        """w and the loss after every step."""
        d = self.path.w.shape[1]
        w = "({0}, {1})" if d > 1 else "{0}"
        said = f"Step {{step}} of {{steps}}: w = {w}, loss {{{d}:g}}."
        return said, np.column_stack([self.path.w, self.path.loss])


def _yours(fn, surface, start, lr, beta):
    """The path of a learner's momentum_step; None where nothing comes back."""
    if fn(start.copy(), np.zeros(len(start)), surface.grad(start), lr, beta) is None:
        return None
    return descend(surface, from_function(fn, lr=lr, beta=beta), start, STEPS).w


def explore(after=None, mine=None, **values):
    """The explorer of lesson 09.

    after: a Prediction to answer or skip first. mine: your momentum_step(w, v, g, lr, beta), whose
    path is drawn beside the package's. values: controls to begin with, by name.
    """
    return HeavyBall(after, mine, **values)


@lru_cache(maxsize=4)
def rates(land):
    """What share of the distance a step keeps, measured over 150 steps: (SIDE, SIDE), β upwards.

    One descent of SIDE² runs from the landscape's start, each with its step size and β; nan where
    it ends farther away than it began.
    """
    surface, middle = LANDSCAPES[land], (np.arange(SIDE) + 0.5) / SIDE
    grid = sweep(beta=middle, lr=WIDEST * middle / CURVATURES[land])
    last = descend(surface, Momentum(**grid), steps=STEPS, keep="last").last
    with np.errstate(all="ignore"):
        left = np.linalg.norm(last, axis=-1) / np.linalg.norm(surface.start)
        return np.where(left < 1, left ** (1 / STEPS), np.nan)


def best_place(L):
    """The controls' place nearest to the best step size and β for curvatures from 1 to L."""
    root = np.sqrt(L)
    share, beta = 4 * L / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2
    return {"share": round(round(share / 0.02) * 0.02, 2), "beta": round(beta, 2)}


def exactly(share, beta, L):
    """lr and β of a place on the map; the place nearest to the best ones is the best ones."""
    best = best_place(L)
    if np.isclose(share, best["share"]) and np.isclose(beta, best["beta"]):
        root = np.sqrt(L)
        return 4 / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2
    return share / L, beta


def radius(lr, beta, curvature):
    """What share of the distance a step keeps in the long run, along one curvature.

    The larger root of z² − (1 + β − lr·c)z + β = 0 (Polyak 1964).
    """
    return np.abs(np.roots([1, -(1 + beta - lr * curvature), beta])).max()


def second_step(path, lr, beta):
    """The second update of the last coordinate, with its numbers: the first that has a memory."""
    d = path.w.shape[1]
    v = path.g[0, -1]
    old, g, new = path.w[1, -1], path.g[1, -1], path.w[2, -1]
    w = "*w*₂" if d > 1 else "*w*"
    said = [vector([x]) for x in (v, g, beta * v + g, old, beta * v + g, new)]
    said = [f"({x})" if x.startswith("−") and i in (0, 1, 4) else x for i, x in enumerate(said)]
    memory = f"*v* ← {beta:.2f} · {said[0]} + {said[1]} = {said[2]}"
    step = f"{w} ← {said[3]} − {lr:.3f} · {said[4]} = {said[5]}"
    return f"Second step: {memory},  {step}", f"{memory},  {step}", memory


def describe(path, share, beta, L):
    """How fast this place of the map is, and in which way it goes."""
    lr, beta = exactly(share, beta, L)
    name = f"Step size {share:.2f}/L, β {beta:.2f}"
    keeps = [radius(lr, beta, curvature) for curvature in (1, L)]
    worst = max(keeps)
    if worst > 1 + 1e-9:
        return (
            f"{name}: above 2(1 + β)/L = {2 * (1 + beta):.2f}/L, it diverges. In the long run the "
            f"distance grows by {100 * (worst - 1):.2g} % a step."
        )
    if worst > 1 - 1e-9:
        return f"{name}: on the border 2(1 + β)/L, it jumps across the valley for ever."
    swings = [(1 + beta - lr * c) ** 2 < 4 * beta - 1e-9 for c in (1, L)]
    how = {
        (True, True): "swings along the valley and across it",
        (False, True): "glides along the valley and swings across it",
        (True, False): "swings along the valley",
        (False, False): "glides along the valley"
        + (" and jumps across it" if lr * L > 1 + 1e-9 else ""),
    }[tuple(swings)]
    away = np.linalg.norm(path.w, axis=1)
    if not away[0]:
        return f"{name}: the start is the minimum, and no step moves it."
    there = away <= 1e-6 * away[0]
    after = (
        f"a millionth of it is left after {plural(int(there.argmax()), 'step')}"
        if there.any()
        else f"after {STEPS} steps {away[-1] / away[0]:.1g} of it is left"
    )
    root = np.sqrt(L)
    if np.isclose(worst, (root - 1) / (root + 1), rtol=1e-6):
        rest = f"No place on the map is faster; plain descent keeps {percent((L - 1) / (L + 1))}."
    else:
        rest = f"The best place keeps {percent((root - 1) / (root + 1))}."
    return (
        f"{name}: {how}. In the long run a step keeps {percent(round(worst, 3))} of the distance; "
        f"{after}. {rest}"
    )


def cycles(path, share, beta, L):
    """Where descent on the three slopes ends: in the minimum, in a cycle, or nowhere."""
    name, w = f"Step size {share:.2f}/L, β {beta:.2f}", path.w[:, 0]
    if not np.isfinite(w[-1]) or abs(w[-1]) > 1e3:
        return f"{name}: it diverges."
    if abs(w[-1]) < 1e-3:
        near = np.abs(w) <= 1e-3
        first = STEPS + 1 - int((~near[::-1]).argmax()) if not near.all() else 0
        return f"{name}: it comes to the minimum, within 0.001 after {plural(first, 'step')}."
    for period in (2, 3, 4, 5):
        if np.abs(w[-period:] - w[-2 * period : -period]).max() < 1e-3:
            places = ", ".join(vector([x]) for x in w[-period:])
            return f"{name}: it goes round {places} for ever, though the loss has one minimum, 0."
    return f"{name}: after {STEPS} steps it is at {vector(w[-1:])}, and not at the minimum 0 yet."
