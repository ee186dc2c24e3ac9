"""The explorer of lesson 15: the first steps of Adam, and where it fails."""

from itertools import count

import ipywidgets as widgets
import numpy as np

from ..descent import descend
from ..formatting import decimals, significant, small_loss, step_text
from ..live.controls import choice, dragged, slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import Adam
from ..surfaces import Surface, quadratic
from ..views import SMALL, Contours, Crosses, Lines, Panel, Row, legend_above
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
    "constant gradient": line(4.0, "a slope of 4"),
    "Reddi's": line(2 / 3, "the mean of 4, −1, −1"),
}
STEPS = {"valley": 100, "constant gradient": 100, "Reddi's": 999}  # 333 rounds
STARTS = {"constant gradient": 0.0, "Reddi's": 1.0}  # of the examples with one weight

scale_question = Prediction(
    question=(
        "Adam starts at (2, 1) in a valley, where the gradient is (2, 25). With lr = 0.1, how "
        "long is its first step along w₂? And how long is this step if the loss is multiplied by "
        "1000?"
    ),
    choices=(
        "2.5, and then 2500.",
        "0.1, and then 100.",
        "0.1, and then also 0.1.",
        "This cannot be known before Adam has used more gradients.",
    ),
    answer="0.1, and then also 0.1.",
    because=(
        "Adam divides a mean of the gradients by the root of a mean of their squares. After one "
        "gradient, both have the size of that gradient, so the quotient is 1 or −1."
    ),
    about={"example": "valley", "lr": 0.1, **DEFAULTS},
    name="adam_scale",
)


class Steps(Explorer):
    """Adam's path, the lengths of its first steps, and a rival of it where there is one weight."""

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
            **dragged(2.5, w1=2.0, w2=1.0),
        }

    def buttons(self):
        return {"Usual β and ε": lambda: self.set(**DEFAULTS)}

    def disabled(self, values):
        return ("correction",) if values["example"] == "constant gradient" else ()

    def adapt(self, before, after):
        settings = {**DEFAULTS, "lr": 0.1} | (REDDI if after["example"] == "Reddi's" else {})
        return settings | ({"w1": 2.0, "w2": 1.0} if after["example"] == "valley" else {})

    def draw(self, page, example):
        palette = page.palette
        if example == "valley":
            names = ("w₁", "w₂")
            place, moves = page.panels(
                Row(Panel(300, *names), Panel(300, "step", "length of the step, in lr", names))
            )
            path = Contours(place, EXAMPLES[example], palette)
            return Views(
                [Handle(path.trail.ball, self.on_drag("w1", "w2"), "start")],
                path=path,
                moves=draw_moves(moves, palette, names, (0, 7)),
                yours=Crosses(place, palette, size=5, every=3),
            )
        names = ("Adam", "AMSGrad" if example == "Reddi's" else "uncorrected")
        unit = "move, in lr/√t" if example == "Reddi's" else "length of the step, in lr"
        place, moves = page.panels(
            Row(Panel(300, "step", "w", names, labels="−100"), Panel(300, "step", unit, names))
        )
        return Views(
            runs=draw_runs(place, palette, example, names),
            moves=draw_moves(moves, palette, names, (-2, 2) if example == "Reddi's" else (0, 7)),
            yours=Crosses(place, palette, size=5, every=STEPS[example] // 50),
        )

    def show(self, views, values):
        example = values["example"]
        hyper = {name: values[name] for name in ("lr", "beta1", "beta2", "eps")}
        correction, start = values["correction"], [values["w1"], values["w2"]]
        if example == "valley":
            path = run(example, Adam(**hyper, bias_correction=correction), start)
            w, loss = path.w, path.loss
            moves = moves_of(path.g, **hyper, correction=correction)
            views.path.update(path)
            drawn, readout = np.abs(moves).T, describe_valley(values, path, moves)
        else:
            start = [STARTS[example]]
            g = gradients(example)
            moves, rival = (
                moves_of(g, **hyper, **rule)[:, 0] for rule in rules(example, correction)
            )
            w, other = (positions(example, one, values["lr"]) for one in (moves, rival))
            loss = EXAMPLES[example].f(w)
            for each, ends in zip(views.runs.moving, (w, other), strict=True):
                each.set_data(np.arange(len(ends)), ends[:, 0])
            drawn = np.array([moves, rival])
            drawn = drawn if example == "Reddi's" else np.abs(drawn)
            readout = describe_weight(example, values, moves, rival, w[-1, 0], other[-1, 0])
        for each, lengths in zip(views.moves.moving, drawn[:, :FIRST], strict=True):
            each.set_data(np.arange(1, len(lengths) + 1), np.clip(lengths, -1e3, 1e3))
        yours = self.compare(
            views.yours,
            lambda fn: run(example, as_optimizer(fn, **hyper), start).w,
            w,
            lambda w: w if w.shape[1] > 1 else np.column_stack([np.arange(len(w)), w[:, 0]]),
        )
        return Shown(readout + yours, step_text(w.shape[1]), np.column_stack([w, loss]))


def explore(after=None, mine=None, **values):
    """Explore the first steps of Adam, and an example on which it fails (lesson 15).

    after: a Prediction to answer or skip first. mine: your adam_step(w, m, v, t, g, lr, beta1,
    beta2, eps), whose path is drawn as crosses. values: first values of the controls: example,
    "valley", "constant gradient" or "Reddi's"; beta1 from 0 to 0.99; beta2, one of 0.0588, 0.5,
    0.9, 0.95, 0.99, 0.999, 0.9999; eps, one of 1e-8, 1e-6, 1e-4, 0.01, 1; correction, True or
    False; lr, one of 0.01, 0.02, 0.03, 0.05, … 1; w1 and w2, the start, from −2.5 to 2.5.
    Raises ValueError for other values.
    """
    return Steps(after, mine, **values)


def draw_runs(ax, palette, example, names):
    """The values of one weight over the steps, of Adam and a rival, as a view."""
    steps, ends = STEPS[example], (-1.15, 1.15) if example == "Reddi's" else (-110, 5)
    ax.set(xlim=(-0.02 * steps, 1.02 * steps), ylim=ends)
    if example == "Reddi's":
        ax.axhline(-1, color=palette.faint, lw=1, ls=":")
        ax.annotate("best", (0, -1), (4, 4), textcoords="offset points", fontsize=SMALL)
    (adam,) = ax.plot([], [], "-", color=palette.path, lw=2, label=names[0])
    (other,) = ax.plot([], [], "--", color=palette.ball, lw=1.6, label=names[1])
    legend_above(ax, [adam, other])
    return Lines(progressive=("adam", "other"), adam=adam, other=other)


def draw_moves(ax, palette, names, ends):
    """The first steps of two coordinates or of two methods, as a view."""
    styles = (("o-", palette.path), ("s--", palette.ball))
    lines = [
        ax.plot([], [], dash, color=colour, lw=1.5, ms=4, label=name)[0]
        for name, (dash, colour) in zip(names, styles, strict=True)
    ]
    ax.set(xlim=(0.5, FIRST + 0.5), xticks=[1, 5, 10, 15, 20], ylim=ends)
    ax.set_yticks(range(ends[0], ends[1] + 1))
    ax.grid(axis="y")
    legend_above(ax, lines)
    return Lines(first=lines[0], second=lines[1])


class Slope:
    """A gradient that is the same everywhere, as a batch."""

    def __init__(self, slope):
        self.slope = slope

    def grad(self, w):
        return np.full_like(w, self.slope)


def gradients(example):
    """The gradients of an example with one weight, the same at every w: (steps, 1)."""
    t = np.arange(1, STEPS[example] + 1)[:, None]
    return np.where(t % 3 == 1, 4.0, -1.0) if example == "Reddi's" else np.full(t.shape, 4.0)


def run(example, rule, start=None, steps=None):
    """The Path of `rule` on one of the examples.

    Reddi's: the gradient is 4 at t = 1, 4, 7, … and −1 otherwise, w starts at 1 and is clipped to
    [−1, 1], and lr/√t takes the place of lr. Source: Reddi, Kale, Kumar 2018, arXiv 1904.09237.
    """
    surface, steps = EXAMPLES[example], steps or STEPS[example]
    if example == "Reddi's":
        return descend(
            surface, rule, [1.0], steps, batches=(Slope(-1.0 if t % 3 else 4.0) for t in count()),
            schedule=lambda t: 1 / np.sqrt(t + 1), project=lambda w: np.clip(w, -1, 1),
        )  # fmt: skip
    return descend(surface, rule, start, steps)


def rules(example, correction):
    """What distinguishes Adam and its rival in an example with one weight."""
    if example == "Reddi's":
        return {"correction": correction}, {"correction": correction, "largest": True}
    return {"correction": True}, {"correction": False}


def moves_of(g, lr, beta1, beta2, eps, correction, largest=False):
    """Adam's moves for the gradients g, (steps, d) both, in units of lr.

    largest: those of AMSGrad, which divides by the largest v so far.
    """
    m, v, t = np.empty_like(g), np.empty_like(g), np.arange(1, len(g) + 1)[:, None]
    for i in range(g.shape[1]):  # numbers of Python are faster here than arrays
        mean = square = 0.0
        for j, each in enumerate(g[:, i].tolist()):
            mean = beta1 * mean + (1 - beta1) * each
            square = beta2 * square + (1 - beta2) * each**2
            m[j, i], v[j, i] = mean, square
    if largest:
        v = np.maximum.accumulate(v)
    if correction:
        m, v = m / (1 - beta1**t), v / (1 - beta2**t)
    return -m / (np.sqrt(v) + eps)


def positions(example, moves, lr):
    """The weight after each step, (steps + 1, 1): in Reddi's example lr/√t, clipped to [−1, 1]."""
    if example != "Reddi's":
        return np.concatenate([[0.0], lr * np.cumsum(moves)])[:, None]
    w = [STARTS[example]]
    for move in (lr / np.sqrt(np.arange(1, len(moves) + 1)) * moves).tolist():
        w.append(min(1.0, max(-1.0, w[-1] + move)))
    return np.array(w)[:, None]


def intro(values, falls=""):
    """The settings that a readout begins with."""
    how = "" if values["correction"] else f"{falls and ','} and without bias correction"
    return f"With lr = {values['lr']:g}{falls}{how}, "


def describe_valley(values, path, moves):
    """How long Adam's first steps are along each coordinate, and where the loss ends."""
    first, longest = np.abs(moves[0]), np.abs(moves[:FIRST]).max()
    text = f"{intro(values)}Adam's first step is {first[0]:.2f} lr along w₁ and {first[1]:.2f} lr "
    text += f"along w₂; the longest of the first {FIRST} in either is {longest:.2f} lr."
    loss = path.loss[-1]
    if not np.isfinite(loss):
        return f"{text} The path diverges."
    fell = f"the loss went from {significant(path.loss[0], 3)} to {small_loss(loss)}"
    return f"{text} In {path.steps} steps {fell}."


def describe_weight(example, values, moves, rival, end, other):
    """How long the steps are with one weight, and where Adam and its rival end."""
    steps = STEPS[example]
    if example == "Reddi's":
        sums = [decimals(each[-3:].sum()) for each in (moves, rival)]
        return (
            f"{intro(values, ', divided by √t')}Adam is at {decimals(end, 3)} after {steps} steps, "
            f"and AMSGrad at {decimals(other, 3)}; the best point is −1. In units of lr/√t, the "
            f"last moves for the gradients 4, −1, −1 add up to {sums[0]} with Adam and {sums[1]} "
            "with AMSGrad."
        )
    lengths = np.abs(rival[:FIRST])
    at = int(lengths.argmax())
    longest = f"and the longest of the first {FIRST}, at t = {at + 1}, is {lengths[at]:.2f} lr"
    if at == 0:
        longest = f"and this is the longest of the first {FIRST}"
    return (
        f"With lr = {values['lr']:g}, every step of Adam is {abs(moves[0]):.2f} lr long. "
        f"Without bias correction the first step is {lengths[0]:.2f} lr long, {longest}."
    )
