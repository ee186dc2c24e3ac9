"""The explorer of lesson 15: the parts of Adam, and where it fails."""

from itertools import count

import ipywidgets as widgets
import numpy as np

from ..descent import descend
from ..formatting import bracketed, decimals, small_loss
from ..live.controls import choice, dragged, slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import Adam, AMSGrad
from ..surfaces import Surface, catalogue, quadratic
from ..views import (
    SMALL,
    Column,
    Contours,
    Crosses,
    Formula,
    Line,
    Lines,
    Panel,
    Row,
    legend_above,
    log_axis,
)
from .base import Explorer
from .learner import as_optimizer
from .records import Shown, Views

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
        "Adam starts at (2, 1) in a valley, where the gradient is (2, 25). Its step size is 0.1. "
        "How long is its first step across the valley, along w₂? And how long is it if the loss is "
        "multiplied by 1000?"
    ),
    choices=(
        "2.5, and then 2500.",
        "0.1, and then 100.",
        "0.1, and then also 0.1.",
        "This cannot be known before Adam has used more gradients.",
    ),
    answer="0.1, and then also 0.1.",
    because=(
        "Adam divides m̂, an average of gradients, by √v̂, the root of an average of their squares. "
        "After one gradient, both have the size of that gradient, so the quotient is 1 or −1."
    ),
    about={"example": "valley", "lr": 0.1, **DEFAULTS},
    name="adam_scale",
)


class Parts(Explorer):
    """Adam's path, the lengths of its first steps, and the two averages of which it is made."""

    primary = "lr"
    redrawn_by = adapts_to = ("example",)
    picture_only = ("w1", "w2")

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

    def adapt(self, before, after):
        example = after["example"]
        settings = {**DEFAULTS, "lr": 0.1} | (REDDI if example == "Reddi's" else {})
        return settings | dict(zip(("w1", "w2"), STARTS.get(example, ()), strict=False))

    def draw(self, page, example):
        over_time = example not in STARTS  # one weight: its values against the steps
        rival = "AMSGrad" if example == "Reddi's" else "correction the other way"
        names = ("w",) if over_time else ("w₁", "w₂")
        averages = tuple(f"{part} of {names[-1]}" for part in ("|m̂|", "√v̂"))
        main = Panel(340, "w₁", "w₂")
        if over_time:
            main = Panel(340, "step", "w", (rival, "Adam"), labels="−100")
        formula, place, lengths, parts = page.panels(
            Line(),
            Row(
                main,
                Column(
                    Panel(132, "step", "step length, in lr", names),
                    Panel(124, "step", "log scale", averages, labels="10⁻⁶"),
                ),
            ),
        )
        palette = page.palette
        path = None if over_time else Contours(place, EXAMPLES[example], palette)
        return Views(
            [] if over_time else [Handle(path.trail.ball, self.drag, "start")],
            path=path,
            runs=draw_runs(place, palette, example, rival) if over_time else None,
            lengths=draw_lengths(lengths, palette, names),
            averages=draw_averages(parts, palette, STEPS[example], averages),
            formula=Formula(formula, palette),
            yours=Crosses(place, palette),
        )

    def drag(self, x, y):
        """Set the start to a place (x, y) in the picture, inside the surface's domain."""
        domain = EXAMPLES[self.controls["example"].value].domain
        x, y = (float(np.clip(at, *limits)) for at, limits in zip((x, y), domain, strict=True))
        self.move_to(w1=x, w2=y)

    def show(self, views, values):
        example, correction = values["example"], values["correction"]
        hyper = {name: values[name] for name in ("lr", "beta1", "beta2", "eps")}
        path = run(example, Adam(**hyper, bias_correction=correction), values)
        m, root = means(path.g, **hyper, correction=correction)
        lengths = np.abs(m) / (root + values["eps"])
        for line, length in zip(views.lengths.moving, lengths[:FIRST].T, strict=True):
            line.set_data(np.arange(1, len(length) + 1), np.minimum(length, 1e3))
        for line, part in zip(views.averages.moving, (np.abs(m), root), strict=True):
            line.set_data(np.arange(1, len(part) + 1), np.maximum(part[:, -1], 1e-12))
        views.formula.update(*first_step(path, m[0, -1], root[0, -1], values["lr"]))
        rival = None
        if views.runs:
            other = (
                AMSGrad(**hyper, bias_correction=correction)
                if example == "Reddi's"
                else Adam(**hyper, bias_correction=not correction)
            )
            rival = run(example, other, values)
            for line, one in zip(views.runs.moving, (rival, path), strict=True):
                line.set_data(np.arange(len(one.w)), one.w[:, 0])
        else:
            views.path.update(path)
        yours = self.compare(
            views.yours,
            lambda fn: run(example, as_optimizer(fn, **hyper), values).w,
            path.w,
            lambda w: w if w.shape[1] > 1 else np.column_stack([np.arange(len(w)), w[:, 0]]),
        )
        return Shown.along(path, describe(example, values, path, lengths, rival) + yours)


def explore(after=None, mine=None, **values):
    """Explore the parts of Adam on four examples (lesson 15).

    after: a Prediction to answer or skip first. mine: your adam_step(w, m, v, t, g, lr, beta1,
    beta2, eps), whose path is drawn as crosses. values: first values of the controls: example,
    "valley", "Himmelblau", "constant slope" or "Reddi's"; beta1 from 0 to 0.99; beta2, one of
    0.0588, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999; eps, one of 1e-8, 1e-6, 1e-4, 0.01, 1;
    correction, True or False; lr, one of 0.01, 0.02, 0.03, 0.05, … 1; w1 and w2, the start, from
    −6 to 6. Raises ValueError for other values.
    """
    return Parts(after, mine, **values)


def draw_runs(ax, palette, example, rival):
    """The values of one weight over the steps, of Adam and a rival, as a view."""
    steps, ends = STEPS[example], (-1.15, 1.15) if example == "Reddi's" else (-110, 5)
    ax.set(xlim=(-0.02 * steps, 1.02 * steps), ylim=ends)
    if example == "Reddi's":
        ax.axhline(-1, color=palette.faint, lw=1, ls=":")
        ax.annotate("best", (steps, -1), (0, -4), textcoords="offset points", ha="right",
                    va="top", fontsize=SMALL)  # fmt: skip
    (other,) = ax.plot([], [], "--", color=palette.ball, lw=1.6, label=rival)
    (adam,) = ax.plot([], [], "-", color=palette.path, lw=2, label="Adam")
    legend_above(ax, [other, adam])
    return Lines(progressive=("other", "adam"), other=other, adam=adam)


def draw_lengths(ax, palette, names):
    """The lengths of the first steps along each coordinate, as a view."""
    styles = (("o-", palette.path), ("s--", palette.ball))
    lines = {
        f"w{i}": ax.plot([], [], dash, color=colour, lw=1.5, ms=4, label=name)[0]
        for i, (name, (dash, colour)) in enumerate(zip(names, styles, strict=False), start=1)
    }
    ax.set(xlim=(0.5, FIRST + 0.5), xticks=[1, 5, 10, 15, 20], ylim=(0, 7), yticks=[0, 1, 3, 5, 7])
    ax.grid(axis="y")
    legend_above(ax, list(lines.values()))
    return Lines(**lines)


def draw_averages(ax, palette, steps, names):
    """|m̂| and √v̂ of the last coordinate over the steps, on a log scale, as a view."""
    ax.set_xlim(-0.02 * steps, 1.02 * steps)
    log_axis(ax.yaxis, 1e-6, 1e3, every=3)
    ax.grid(axis="y")
    (mean,) = ax.plot([], [], "-", color=palette.path, lw=1.8, label=names[0])
    (root,) = ax.plot([], [], "--", color=palette.ink, lw=1.5, label=names[1])
    legend_above(ax, [mean, root])
    return Lines(mean=mean, root=root)


class Slope:
    """A gradient that is the same everywhere, as a batch."""

    def __init__(self, slope):
        self.slope = slope

    def grad(self, w):
        return np.full_like(w, self.slope)


def run(example, rule, values=None, steps=None):
    """The Path of `rule` on one of the examples.

    Reddi's: the gradient is 4 at t = 1, 4, 7, … and −1 otherwise, w starts at 1 and is clipped to
    [−1, 1], and the step size is lr/√t. Source: Reddi, Kale, Kumar 2018, arXiv 1904.09237.
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
    mean, square = np.zeros(g.shape[1]), np.zeros(g.shape[1])
    for i, each in enumerate(g):
        mean = m[i] = beta1 * mean + (1 - beta1) * each
        square = v[i] = beta2 * square + (1 - beta2) * each**2
    if correction:
        m, v = m / (1 - beta1**t), v / (1 - beta2**t)
    return m, np.sqrt(v)


def first_step(path, m, root, lr):
    """The first step of the last coordinate with its numbers, and a shorter text."""
    w = "*w*₂" if path.w.shape[1] > 1 else "*w*"
    old, new = (decimals(point[-1]) for point in path.w[:2])
    numbers = f"{old} − {lr:g} · {bracketed(decimals(m))} / {decimals(root)} = {new}"
    return f"First step: {w} ← {w} − *lr* · *m*/√*v* = {numbers}", f"{w} ← {numbers}"


def describe(example, values, path, lengths, rival):
    """How long Adam's first steps are, and where it ends."""
    how = "" if values["correction"] else " and without bias correction"
    name = f"With step size {values['lr']:g}{how}, Adam"
    if example == "Reddi's":
        return (
            f"{name} ends at {decimals(path.w[-1, 0])} after {path.steps} steps with the gradients "
            f"4, −1, −1, 4, …; AMSGrad ends at {decimals(rival.w[-1, 0])}. The best point is −1, "
            "and the worst is 1."
        )
    first, longest = lengths[0, -1], lengths[:FIRST, -1].max()
    text = f"{name} takes a first step of {first:.2f} lr"
    if longest > 1.2 * max(first, 1e-9):
        text += f"; the longest of the first {FIRST} steps is {longest:.2f} lr"
    if example == "constant slope":
        return (
            f"{text}. After {path.steps} steps it has moved {abs(path.w[-1, 0]):.1f}; steps of "
            f"length lr would move {path.steps * values['lr']:.1f}."
        )
    loss = path.loss[-1]
    if not np.isfinite(loss):
        return f"{text}. The path diverges."
    fell = f"the loss went from {small_loss(path.loss[0])} to {small_loss(loss)}"
    return f"{text}. In {path.steps} steps {fell}."
