"""Room of lesson 08: when descent gets stuck."""

from dataclasses import dataclass

import numpy as np
from matplotlib.colors import to_hex, to_rgb

from ..descent import descend
from ..formatting import first_step, percent, step_size, vector
from ..live.controls import choice, dragged, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..surfaces import Surface, catalogue
from ..views import NORMAL, Contours, Curve, HeatMap, LossOverSteps, axes_at
from .legacy import Formula, LegacyExplorer, Mine

STEPS = 200
TOL = 0.1  # nearer than this to a minimum is there
COARSE, FINE, PIECE = 24, 120, 20  # squares along a side of the map; rows of a piece of work
STRIP = 400  # starts on a strip
ROUND = (*range(10, 20), *range(20, 30, 2), 30, 33, 36, *range(40, 100, 5))
RATES = (*(round(m / 10**k, 6) for k in (4, 3, 2) for m in ROUND), 1.0)  # 0.001, 0.0011, … 1


@dataclass(frozen=True)
class Landscape:
    """A surface to be stuck on, with a start and a step size to begin with."""

    surface: Surface
    lr: float
    start: tuple

    @property
    def flat(self):
        return len(self.surface.domain) == 1

    @property
    def minima(self):
        """All of them (k, d), the best first."""
        local = self.surface.local.reshape(-1, len(self.surface.domain))
        return np.concatenate([self.surface.minima, local])


LANDSCAPES = {
    "quartic": Landscape(catalogue["quartic"], 0.05, (1.8, 0.0)),
    "plateau": Landscape(catalogue["plateau"], 0.1, (4.0, 0.0)),
    "kink": Landscape(catalogue["absolute value"], 0.3, (2.0, 0.0)),
    "double well": Landscape(catalogue["double well"], 0.05, (1.2, 0.1)),
    "Himmelblau": Landscape(catalogue["Himmelblau"], 0.01, (-1.0, 0.5)),
    "Styblinski-Tang": Landscape(catalogue["Styblinski-Tang"], 0.02, (0.5, 0.0)),
}

ridge_question = Prediction(
    question=(
        "A curve has two valleys: a deep one at −1.30 and a shallow one at 1.13. Between them, at "
        "0.17, is a hill. From 1.8, with step size 0.05, the ball ends in the shallow valley on "
        "its side. Where does it end with step size 0.13?"
    ),
    choices=(
        "In the same valley, after fewer steps.",
        "In the deep valley: the first step jumps over the hill.",
        "On top of the hill, between the two.",
        "Nowhere: it diverges.",
    ),
    answer="In the deep valley: the first step jumps over the hill.",
    because=(
        "The slope at 1.8 is 13.53, so the first step is 0.13 · 13.53 = 1.76 long and lands at "
        "0.04, on the other side of the hill at 0.17."
    ),
    about={"landscape": "quartic", "lr": 0.13, "w1": 1.8},
)


class Landscapes(LegacyExplorer):
    """A start and a step size on a landscape, and for every start the minimum it ends in."""

    height, narrow_height = 466, 860
    primary = "lr"
    redrawn_by = ("landscape",)
    picture_only = ("w1", "w2")

    def __init__(self, after=None, mine=None, **values):
        self.mine = _Count(mine)
        self.known = None, None, None  # landscape and step size, their coarse map, their fine one
        super().__init__(after, **values)

    def make_controls(self):
        return {
            "landscape": choice(LANDSCAPES),
            "lr": stops("step size lr", RATES, 0.05),
            **dragged(6.0, w1=1.8, w2=0.0),
        }

    def buttons(self):
        ridge = {"landscape": "double well", "lr": 0.05, "w1": 1.2, "w2": 0.0}
        return {"To the saddle": lambda: self.set(**ridge)}

    def adapt(self, name):
        land = LANDSCAPES[self.controls["landscape"].value]
        self.controls["lr"].value = land.lr
        self.controls["w1"].value, self.controls["w2"].value = land.start

    def draw(self, figure, palette, values):
        land = LANDSCAPES[values["landscape"]]
        surface = land.surface
        left, gap = 46, 56
        room = self.width - left - 18
        half = room if self.narrow else (room - gap) // 2
        across, down, tall = (left, 480, 336) if self.narrow else (left + half + gap, 76, 342)
        colours = tints(palette)[: len(land.minima)]
        if land.flat:
            curve = axes_at(
                figure, left, 76, half, tall - 84, palette, "", f"loss {in_weights(land)}"
            )
            ends = axes_at(
                figure, left, 76 + tall - 28, half, 28, palette, "w", "where each start ends"
            )
            loss = axes_at(
                figure, across, down, half, tall, palette, "step", "loss above the best, log scale"
            )
            self.landscape, low, high = Curve(curve, surface, palette), *surface.domain[0]
            self.map = HeatMap(ends, (low, high, 0, 1), palette, colours=colours)
            ends.set(xlim=(low, high), ylim=(0, 1), yticks=[])
            self.loss = LossOverSteps(loss, STEPS, palette, floor=1e-9, ceiling=1e3)
            loss.get_legend().remove()
            mark(curve, np.column_stack([land.minima, surface.f(land.minima)]), palette, above=True)
            places = np.column_stack([land.minima, np.full(len(land.minima), 0.5)])
            views, top = [self.loss, _Marks(ends, places, palette)], curve
        else:
            top = axes_at(
                figure, left, 76, half, tall, palette, "w₁ across, w₂ up",
                f"loss {in_weights(land)}",
            )  # fmt: skip
            ends = axes_at(
                figure,
                across,
                down,
                half,
                tall,
                palette,
                "start: w₁ across, w₂ up",
                "where each start ends",
            )
            self.landscape = Contours(top, surface, palette)
            self.map = HeatMap(ends, np.ravel(surface.domain), palette, colours=colours)
            mark(top, land.minima, palette)
            views = [_Marks(ends, land.minima, palette)]
        self.formula = Formula(top, (0, -62), room, palette)
        along = "x" if land.flat else "xy"
        handles = [
            Handle(self.landscape.trail.ball, self.drag, "start", along),
            Handle(self.map.point, self.drag, "start, on the map", along),
        ]
        mine = self.mine.on(ends, palette)
        return [self.landscape, self.map, self.formula, mine, *views], handles

    def drag(self, x, y):
        flat = LANDSCAPES[self.controls["landscape"].value].flat
        self.set(w1=round(x, 2), **({} if flat else {"w2": round(y, 2)}))

    def show(self, values):
        land, lr = LANDSCAPES[values["landscape"]], values["lr"]
        low, high = np.transpose(land.surface.domain)
        start = np.clip([values["w1"], values["w2"]][: len(low)], low, high)
        path = self.path = descend(land.surface, GradientDescent(lr), start, STEPS)
        self.landscape.update(path)
        if land.flat:
            best = land.surface.f(land.surface.minima[0])
            self.loss.update(np.maximum(path.loss - best, 0))
        key = values["landscape"], lr
        if self.known[0] != key:
            starts = line(land) if land.flat else grid(land, COARSE)
            self.known = key, ends_in(land, lr, starts), None
        _, coarse, fine = self.known
        self.map.update(coarse if fine is None else fine, [*start, 0.5][:2])
        self.formula.update(*first_step(path, lr))
        mine = self.mine.update(land, lr, key)
        return f"{describe(land, lr, path)} {shares(land, coarse)}{mine}"

    def when_resting(self, values):
        land, lr = LANDSCAPES[values["landscape"]], values["lr"]
        return None if land.flat or self.known[2] is not None else self._finer(land, lr)

    def _finer(self, land, lr):
        starts, rows = grid(land, FINE), []
        for first in range(0, FINE, PIECE):
            rows.append(ends_in(land, lr, starts[first : first + PIECE]))
            yield
        self.known = (*self.known[:2], np.concatenate(rows))
        self.map.update(self.known[2])

    def each_step(self):
        """w and the loss after every step."""
        d = self.path.w.shape[1]
        w = "({0}, {1})" if d > 1 else "{0}"
        said = f"Step {{step}} of {{steps}}: w = {w}, loss {{{d}:g}}."
        return said, np.column_stack([self.path.w, self.path.loss])


class _Marks:
    """The numbers of the minima on a map: over its colours, and so among what moves."""

    def __init__(self, ax, places, palette):
        rings = ax.plot(
            *np.transpose(places), "o", color=palette.paper, ms=13, mec=palette.ink, mew=0.8,
            zorder=4.4,
        )  # fmt: skip
        self.moving = [*rings, *mark(ax, places, palette, ring=False)]


class _Count(Mine):
    """What a learner's count_minima makes of a few starts, drawn as crosses, beside our count."""

    result = None, ""

    def on(self, ax, palette):
        super().on(ax, palette).line.set_linestyle("none")
        self.line.set_markersize(5)
        return self

    def update(self, land, lr, key):
        if self.fn is None:
            return ""
        if self.result[0] != key:
            self.result = key, *self._counted(land, lr)
        _, said, starts = self.result
        self.line.set_data(*np.c_[starts, np.full(len(starts), 0.5)].T[:2])
        return said

    def _counted(self, land, lr):
        none = np.empty((0, 2))
        starts = few(land)
        ends = descend(land.surface, GradientDescent(lr), starts, STEPS, keep="last").last
        stay = np.isfinite(ends).all(axis=1)
        starts, ends = starts[stay], ends[stay]
        if not len(starts):
            return " Every start of your count diverges.", none
        found, why = self._points(
            lambda fn: [fn(land.surface.grad, starts.copy(), lr, STEPS, TOL)], ()
        )
        if found is None:
            why = why.removesuffix(", or no points to draw")
            return f" Your count is not told: {why}.", none
        yours, ours = float(found[0]), apart(ends, TOL)
        beside = "so does ours" if yours == ours else f"ours finds {ours}"
        return (
            f" Your count finds {yours:g} different ends of the {len(starts)} crosses, {beside}.",
            starts,
        )


def explore(after=None, mine=None, **values):
    """The explorer of lesson 08.

    after: a Prediction to answer or skip first. mine: your count_minima(grad, starts, lr, steps,
    tol), whose count is told beside the package's. values: controls to begin with, by name.
    """
    return Landscapes(after, mine, **values)


def grid(land, side):
    """Starts (side, side, 2) in the middles of the squares of a map."""
    axes = [
        low + (np.arange(side) + 0.5) * (high - low) / side for low, high in land.surface.domain
    ]
    return np.stack(np.meshgrid(*axes), axis=-1)


def line(land):
    """Starts (1, STRIP, 1) in the middles of the pieces of a strip."""
    low, high = land.surface.domain[0]
    return (low + (np.arange(STRIP) + 0.5) * (high - low) / STRIP)[None, :, None]


def few(land):
    """Starts (n, d) for a count: 21 on a line, or 5 by 5, the middle one in the middle."""
    axes = [np.linspace(0.9 * low, 0.9 * high, 21 if land.flat else 5)
            for low, high in land.surface.domain]  # fmt: skip
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, len(axes))


def ends_in(land, lr, starts):
    """Which of the minima each start is near after `STEPS` steps, nan for none of them.

    starts: (..., d). Returns (...), numbers from 0, the minima's order in `land.minima`.
    """
    ends = descend(land.surface, GradientDescent(lr), starts, STEPS, keep="last").last
    with np.errstate(all="ignore"):
        away = [np.sqrt(((ends - minimum) ** 2).sum(axis=-1)) for minimum in land.minima]
        which = np.full(starts.shape[:-1], np.nan)
        for i, distance in enumerate(away):
            which[distance <= TOL] = i
    return which


def curvatures(surface, w, h=1e-4):
    """The curvatures at w, smallest first, from differences of the gradient."""
    steps = h * np.eye(len(w))
    bends = np.array([surface.grad(w + e) - surface.grad(w - e) for e in steps]) / (2 * h)
    return np.linalg.eigvalsh((bends + bends.T) / 2)


def tints(palette):
    """A quiet colour for each of four minima, apart in lightness as well."""
    paper = np.array(to_rgb(palette.paper))
    inks = (palette.path, 0.55), (palette.ball, 0.42), (palette.other, 0.3), (palette.faint, 0.75)
    return [to_hex(paper + share * (np.array(to_rgb(ink)) - paper)) for ink, share in inks]


def in_weights(land):
    """The formula of the surface, with the weights for its coordinates."""
    names = {"x": "w"} if land.flat else {"x": "w₁", "y": "w₂"}
    return "".join(names.get(letter, letter) for letter in land.surface.formula)


def mark(ax, places, palette, above=False, ring=True):
    """The number of each minimum, on its place or above it."""
    style = {"boxstyle": "circle,pad=0.15", "fc": palette.paper, "ec": palette.ink, "lw": 0.8}
    beside = (15, 13) if ring else (0, 0)  # where a path's end leaves it to be read
    offset = (0, 22) if above else beside
    return [
        ax.annotate(
            str(i), place, offset, textcoords="offset points", ha="center", va="center",
            color=palette.ink, fontsize=NORMAL, weight="bold", zorder=4.5,
            bbox=style if ring else None,
        )
        for i, place in enumerate(places, start=1)
    ]  # fmt: skip


def describe(land, lr, path):
    """Where this descent ends, and what kind of place that is."""
    name, surface, end = f"Step size {step_size(lr)}", land.surface, path.w[-1]
    if not np.isfinite(path.loss[-1]) or np.abs(end).max() > 100:
        return f"{name} from {vector(path.w[0])}: it diverges."
    head, best = f"{name} from {vector(path.w[0])}:", float(surface.f(surface.minima[0]))
    loss, slope = path.loss[-1], float(np.linalg.norm(surface.grad(end)))
    before = path.w[-2]
    if np.abs(end - path.w[-3]).max() < 1e-6 < 1e-3 < np.abs(end - before).max():
        return f"{head} it jumps between {vector(before)} and {vector(end)} for ever."
    away = np.linalg.norm(land.minima - end, axis=1)
    if away.min() <= TOL:
        return f"{head} {_in_minimum(land, int(away.argmin()), best)}"
    for kind in ("saddles", "maxima"):
        for place in getattr(surface, kind).reshape(-1, len(end)):
            if np.linalg.norm(place - end) <= TOL and slope < 1e-2:
                return f"{head} {_on_top(surface, kind, place, slope)}"
    rest = f"loss {loss:.3g} and the best is {_tidy(best)}"
    late = path.loss[-20:]
    if (np.diff(late) <= 0).all():
        bends = np.abs(curvatures(surface, end)).max()
        still = "on a plateau" if slope < 0.1 and bends < 0.5 else "on its way"
        last = np.linalg.norm(end - before)
        return (
            f"{head} after {STEPS} steps it is still {still} at {vector(end)}. The gradient there "
            f"is {slope:.2g} long, so the last step was {last:.1g}; {rest}."
        )
    return f"{head} it still jumps about after {STEPS} steps, at {vector(end)}; {rest}."


def _in_minimum(land, i, best):
    place = land.minima[i]
    loss = float(land.surface.f(place))
    kind = (
        f"a local minimum; the best is {_tidy(best)}"
        if i >= len(land.surface.minima)
        else "no minimum is deeper"
    )
    return f"it ends in minimum {i + 1} at {vector(place)}, loss {_tidy(loss)}: {kind}."


def _on_top(surface, kind, place, slope):
    bends = curvatures(surface, place)
    told = " and ".join(_tidy(bend) for bend in bends)
    what = "saddle" if kind == "saddles" else "top of a hill"
    both = "curvatures" if len(bends) > 1 else "curvature"
    why = "of both signs, no minimum" if kind == "saddles" else "downwards, no minimum"
    how, g = ("is stuck on", "0") if slope < 1e-6 else ("still lingers near", f"{slope:.1g}")
    return f"it {how} the {what} at {vector(place)}: gradient {g}, but {both} {told}, {why}."


def _tidy(x):
    return f"{round(x, 2) + 0.0:.2f}".replace("-", "−")


def shares(land, which):
    """What part of the starts ends in a best minimum, in a local one, and in none."""
    best = (which < len(land.surface.minima)).mean()  # nan is not
    none = np.isnan(which).mean()
    local = 1 - best - none
    many = "All" if best == 1 else f"{percent(best)} of"
    where = "strip" if land.flat else "map"
    parts = [f"{many} {which.size} starts on the {where} end in {_the_best(land)}"]
    if local > 1e-9:
        parts.append(f"{percent(local)} in a local one")
    if none:
        parts.append(f"{percent(none)} in none (blank)")
    return ", ".join(parts) + "."


def _the_best(land):
    return "the best minimum" if len(land.surface.minima) == 1 else "a best minimum"


def apart(ends, tol):
    """How many ends (n, d) are farther than tol from every end before them."""
    far = np.linalg.norm(ends[:, None] - ends, axis=-1) > tol
    return sum(far[i, :i].all() for i in range(len(ends)))
