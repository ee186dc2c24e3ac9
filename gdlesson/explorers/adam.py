"""Room of lesson 12: what Adam puts together, and when it fails."""

from itertools import count

import ipywidgets as widgets
import numpy as np

from ..descent import descend
from ..formatting import vector
from ..live.controls import choice, dragged, slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import Adam, AMSGrad, from_function
from ..surfaces import Surface, catalogue, quadratic
from ..views import SMALL, Contours, axes_at
from .adaptive import small
from .legacy import Formula, LegacyExplorer, Mine

FIRST = 20  # steps whose lengths are shown
RATES = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0)
BETA2 = (0.0588, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999)
EPS = (1e-8, 1e-6, 1e-4, 1e-2, 1.0)
REDDI = {"lr": 0.2, "beta1": 0.0, "beta2": 0.0588, "correction": False}  # β₂ = 1/17
DEFAULTS = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "correction": True}


def line(slope, name):
    """The loss slope·w, and its gradient, the same everywhere."""
    return Surface(
        name, lambda w: slope * w[..., 0], lambda w: np.full_like(w, slope), ((-20.0, 20.0),),
        np.empty((0, 1)), np.zeros(1), "a straight line",
    )  # fmt: skip


EXAMPLES = {
    "valley": quadratic((1.0, 25.0), start=[2.0, 1.0]),
    "Himmelblau": catalogue["Himmelblau"],
    "constant slope": line(4.0, "a slope of 4"),
    "Reddi's": line(2 / 3, "the mean of 4, −1, −1"),
}
STARTS = {"valley": (2.0, 1.0), "Himmelblau": (-1.0, 0.5)}
STEPS = {"valley": 100, "Himmelblau": 100, "constant slope": 100, "Reddi's": 300}

scale_question = Prediction(
    question=(
        "Adam stands at (2, 1) in a valley, where the gradient is (2, 25). Its step size is 0.1. "
        "How long is its first step across the valley, along w₂, and what if the loss were a "
        "thousand times larger?"
    ),
    choices=(
        "2.5, and then 2500.",
        "0.1, and then 100.",
        "0.1, and then 0.1 as well.",
        "It cannot be said before it has seen more gradients.",
    ),
    answer="0.1, and then 0.1 as well.",
    because=(
        "Adam divides a mean of gradients by the root of a mean of their squares. After one "
        "gradient both are that gradient's size, and the quotient is 1 or −1."
    ),
    about={"example": "valley", "lr": 0.1, **DEFAULTS},
)


class Parts(LegacyExplorer):
    """Adam's path, the lengths of its first steps, and the two means it divides."""

    height, narrow_height = 470, 900
    primary = "lr"
    redrawn_by = ("example",)
    picture_only = ("w1", "w2")

    def __init__(self, after=None, mine=None, **values):
        self.mine = Mine(mine)
        super().__init__(after, **values)

    def make_controls(self):
        return {
            "example": choice(EXAMPLES),
            "beta1": slider("β₁", 0.9, 0.0, 0.99, width=240),
            "beta2": stops("β₂", BETA2, 0.999, 240),
            "eps": stops("ε", EPS, EPS[0], 220),
            "correction": widgets.Checkbox(
                True, description="bias correction", indent=False, layout={"width": "160px"}
            ),
            "lr": stops("step size lr", RATES, 0.1),
            **dragged(6.0, w1=2.0, w2=1.0),
        }

    def buttons(self):
        return {"Usual β and ε": lambda: self.set(**DEFAULTS)}

    def adapt(self, name):
        example = self.controls["example"].value
        settings = {**DEFAULTS, "lr": 0.1} | (REDDI if example == "Reddi's" else {})
        if example in STARTS:
            settings |= dict(zip(("w1", "w2"), STARTS[example], strict=True))
        for control, value in settings.items():
            self.controls[control].value = value

    def draw(self, figure, palette, values):
        left, gap, top = 50, 60, 72
        room = self.width - left - 18
        half = room if self.narrow else (room - gap) // 2
        across, down = (left, top + 424) if self.narrow else (left + half + gap, top)
        example = values["example"]
        surface, flat = EXAMPLES[example], example not in STARTS
        land = axes_at(
            figure, left, top, half, 340, palette, "step" if flat else "w₁", "w" if flat else "w₂"
        )
        lengths = axes_at(figure, across, down, half, 132, palette, "step", "step length, in lr")
        parts = axes_at(figure, across, down + 216, half, 124, palette, "step", "log scale")
        self.moving, self.progressive, self.land = [], {}, None
        if flat:
            steps = STEPS[example]
            low, high = (-1.15, 1.15) if example == "Reddi's" else (-110, 5)
            land.set(xlim=(-0.02 * steps, 1.02 * steps), ylim=(low, high))
            if example == "Reddi's":
                land.axhline(-1, color=palette.faint, lw=1, ls=":")
                land.annotate("best", (steps, -1), (0, -4), textcoords="offset points", ha="right",
                              va="top", fontsize=SMALL, color=palette.ink)  # fmt: skip
            rival = "AMSGrad" if example == "Reddi's" else "correction the other way"
            (self.rival,) = land.plot([], [], "--", color=palette.ball, lw=1.6, label=rival)
            (self.line,) = land.plot([], [], "-", color=palette.path, lw=2, label="Adam")
            _legend(land, palette)
            self.moving, self.progressive = [self.rival, self.line], {self.rival: 1, self.line: 1}
        else:
            self.land = Contours(land, surface, palette)
        styles = (("w₁", palette.path, "o-"), ("w₂", palette.ball, "s--"))
        self.lengths = [
            lengths.plot([], [], dash, color=colour, lw=1.5, ms=4, label="w" if flat else name)[0]
            for name, colour, dash in styles[: len(surface.domain)]
        ]
        lengths.set(
            xlim=(0.5, FIRST + 0.5), ylim=(0, 7), yticks=[0, 1, 3, 5, 7], xticks=[1, 5, 10, 15, 20]
        )
        lengths.grid(axis="y", color=palette.faint, alpha=0.25, lw=0.6)
        _legend(lengths, palette)
        steps, of = STEPS[example], "w" if flat else "w₂"
        parts.set(xlim=(-0.02 * steps, 1.02 * steps), yscale="log", ylim=(1e-6, 1e3))
        parts.set_yticks([1e-6, 1e-3, 1, 1e3])
        parts.minorticks_off()
        parts.grid(axis="y", color=palette.faint, alpha=0.25, lw=0.6)
        (self.mean,) = parts.plot([], [], "-", color=palette.path, lw=1.8, label=f"|m̂| of {of}")
        (self.root,) = parts.plot([], [], "--", color=palette.ink, lw=1.5, label=f"√v̂ of {of}")
        _legend(parts, palette)
        self.moving = [*self.moving, *self.lengths, self.mean, self.root]
        self.formula = Formula(land, (0, -60), room, palette)
        views = [self, self.formula]
        if flat:
            return [*views, self.mine.on(land, palette)], []
        handles = [Handle(self.land.trail.ball, self.drag, "start")]
        return [self.land, *views, self.mine.on(land, palette)], handles

    def drag(self, x, y):
        (low, high), _ = EXAMPLES[self.controls["example"].value].domain
        x, y = np.clip([x, y], low, high)
        self.set(w1=round(float(x), 2), w2=round(float(y), 2))

    def show(self, values):
        example = values["example"]
        hyper = {name: values[name] for name in ("lr", "beta1", "beta2", "eps")}
        rule = Adam(**hyper, bias_correction=values["correction"])
        path = self.path = run(example, rule, values)
        m, root = means(path.g, **hyper, correction=values["correction"])
        lengths = np.abs(m) / (root + values["eps"])
        for line, length in zip(self.lengths, lengths[:FIRST].T, strict=True):
            line.set_data(np.arange(1, len(length) + 1), np.minimum(length, 1e3))
        for line, part in ((self.mean, np.abs(m[:, -1])), (self.root, root[:, -1])):
            line.set_data(np.arange(1, len(part) + 1), np.maximum(part, 1e-12))
        self.formula.update(*first_step(path, m[0, -1], root[0, -1], values["lr"]))
        rival = None
        if self.land is None:
            other = (
                AMSGrad(**hyper, bias_correction=values["correction"])
                if example == "Reddi's"
                else Adam(**hyper, bias_correction=not values["correction"])
            )
            rival = run(example, other, values)
            for line, one in ((self.line, path), (self.rival, rival)):
                line.set_data(np.arange(len(one.w)), one.w[:, 0])
        else:
            self.land.update(path)
        mine = self.mine.update(
            lambda fn: _yours(fn, example, hyper, values), path.w,
            lambda w: w if w.shape[1] > 1 else np.column_stack([np.arange(len(w)), w[:, 0]]),
        )  # fmt: skip
        return describe(example, values, path, lengths, rival) + mine

    def each_step(self):
        """w and the loss after every step."""
        d = self.path.w.shape[1]
        w = "({0}, {1})" if d > 1 else "{0}"
        said = f"Step {{step}} of {{steps}}: w = {w}, loss {{{d}:g}}."
        return said, np.column_stack([self.path.w, self.path.loss])


def explore(after=None, mine=None, **values):
    """The explorer of lesson 12.

    after: a Prediction to answer or skip first. mine: your adam_step(w, m, v, t, g, lr, beta1,
    beta2, eps), whose path is drawn beside the package's. values: controls to begin with, by name.
    """
    return Parts(after, mine, **values)


def _legend(ax, palette):
    ax.legend(
        loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False, fontsize=SMALL,
        labelcolor=palette.ink, handlelength=2, columnspacing=1.2, borderaxespad=0,
    )  # fmt: skip


def _yours(fn, example, hyper, values):
    """The path of a learner's adam_step; None where nothing comes back."""
    w = np.zeros(len(EXAMPLES[example].domain))
    given = (w, w.copy(), w.copy(), 1, np.ones_like(w), *hyper.values())
    return None if fn(*given) is None else run(example, from_function(fn, **hyper), values).w


class Slope:
    """A gradient that is the same everywhere, as a batch."""

    def __init__(self, slope):
        self.slope = slope

    def grad(self, w):
        return np.full_like(w, self.slope)


def run(example, rule, values=None, steps=None):
    """The Path of `rule` on one of the examples.

    Reddi's: gradient 4 at t = 1, 4, 7, …, and −1 at the others, w kept in [−1, 1] from 1, steps
    lr/√t. The best place is −1. Reddi, Kale, Kumar 2018, arXiv 1904.09237.
    """
    surface, steps = EXAMPLES[example], steps or STEPS[example]
    if example == "Reddi's":
        return descend(
            surface, rule, [1.0], steps, batches=(Slope(-1.0 if t % 3 else 4.0) for t in count()),
            schedule=lambda t: 1 / np.sqrt(t + 1), project=lambda w: np.clip(w, -1, 1),
        )  # fmt: skip
    start = [values["w1"], values["w2"]] if example in STARTS else [0.0]
    return descend(surface, rule, start, steps)


def means(g, lr, beta1, beta2, eps, correction):
    """m̂ and √v̂ after each step, (steps, d) both, from the gradients g (steps, d)."""
    m, v, t = np.empty_like(g), np.empty_like(g), np.arange(1, len(g) + 1)[:, None]
    now, square = np.zeros(g.shape[1]), np.zeros(g.shape[1])
    for i, each in enumerate(g):
        now = m[i] = beta1 * now + (1 - beta1) * each
        square = v[i] = beta2 * square + (1 - beta2) * each**2
    if correction:
        m, v = m / (1 - beta1**t), v / (1 - beta2**t)
    return m, np.sqrt(v)


def first_step(path, m, root, lr):
    """The first step of the last coordinate, with its numbers; and shorter."""
    w = "*w*₂" if path.w.shape[1] > 1 else "*w*"
    old, new, m, root = (vector([x]) for x in (path.w[0, -1], path.w[1, -1], m, root))
    m = f"({m})" if m.startswith("−") else m
    numbers = f"{old} − {lr:g} · {m} / {root} = {new}"
    return f"First step: {w} ← {w} − *lr* · *m*/√*v* = {numbers}", f"{w} ← {numbers}"


def describe(example, values, path, lengths, rival):
    """How long Adam's first steps are, and where it gets."""
    how = "" if values["correction"] else " without bias correction"
    name = f"Adam with step size {values['lr']:g}{how}"
    first = lengths[0, -1]
    longest = lengths[:FIRST, -1]
    begin = f"{name}: its first step is {first:.2f} lr long"
    if longest.max() > 1.2 * max(first, 1e-9):
        begin += f", the longest of the first {FIRST} is {longest.max():.2f} lr"
    if example == "Reddi's":
        end, other = path.w[-1, 0], rival.w[-1, 0]
        arrives = "goes the wrong way" if end > 0 else "arrives" if end < -0.9 else "is on its way"
        return (
            f"{name} on gradients 4, −1, −1, 4, …: it {arrives}, after {path.steps} steps it is at "
            f"{vector([end])} and AMSGrad at {vector([other])}. The best place is −1."
        )
    if example == "constant slope":
        return (
            f"{begin}. After {path.steps} steps it has come {abs(path.w[-1, 0]):.1f} far; plain "
            f"steps of lr would make {path.steps * values['lr']:.1f}."
        )
    loss = path.loss[-1]
    if not np.isfinite(loss):
        return f"{begin}. It diverges."
    fell = f"the loss went from {small(path.loss[0])} to {small(loss)}"
    return f"{begin}. After {path.steps} steps {fell}."
