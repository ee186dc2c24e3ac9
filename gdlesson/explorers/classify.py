"""The first explorer of lesson 09: how a boundary between two kinds of penguins is learned."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..datasets import penguins, standardise
from ..descent import descend
from ..formatting import decimals, percent, plural, significant
from ..live.controls import choice, dragged, powers, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..problems import LogisticRegression
from ..views import Crosses, DataBoundary, Lines, Panel, Row, equal_limits, legend_above, log_axis
from .base import Explorer
from .learner import LearnerText
from .records import Shown, Views

PAIRS = {  # name → column of the labels, label 1 and label 0, and the two features
    "Chinstrap or Adelie": ("species", "Chinstrap", "Adelie", ("bill_length", "bill_depth")),
    "Gentoo or Adelie": ("species", "Gentoo", "Adelie", ("bill_depth", "flipper_length")),
    "male or female": ("sex", "male", "female", ("bill_depth", "body_mass")),
}
UNITS = {"body_mass": "g"}  # of a feature's column; all others are lengths in mm
STEPS = [0, 1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000]
SHADES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.99)
AXES = {"loss": "loss, log scale", "length of w": "length of w"}
TRIED = 30  # steps that a learner's gradient makes

separable_question = Prediction(
    question=(
        "A model gives every penguin a probability p of being a Gentoo and not an Adelie. It "
        "computes p from a weighted sum of two measurements. After 100 steps of descent, every "
        "Gentoo has a p above 0.5 and every Adelie a p below 0.5. What happens to the weights in "
        "the next 900 steps?"
    ),
    choices=(
        "They do not change any more, because no penguin is on the wrong side.",
        "They approach fixed values, at which the loss is lowest.",
        "They grow further, although all penguins are already on the right side.",
        "They shrink, because smaller weights are now enough.",
    ),
    answer="They grow further, although all penguins are already on the right side.",
    because=(
        "No p is exactly 0 or 1, so the loss can still fall. Larger weights in the same "
        "proportions bring every p closer to its label. The length of w = (w₁, w₂) grows from 4.26 "
        "to 6.94 in these 900 steps."
    ),
    about={"pair": "Gentoo or Adelie", "lr": 1.0, "steps": 1000},
    name="separable_weights",
)


class Classify(Explorer):
    """Logistic regression on two kinds of penguins: its boundary, its loss and its weights."""

    primary = "steps"
    redrawn_by = ("pair", "axis")
    picture_only = ("x1", "x2")
    learner_text = LearnerText("first steps", plural=True)

    def make_controls(self):
        return {
            "pair": choice(PAIRS),
            "steps": stops("steps", STEPS, 100),
            "lr": powers("step size lr", 1.0, -2, 1, 0.1, 320, readout_format=".2f"),
            "axis": choice(AXES, description="on the right"),
            **dragged(3.0, x1=0.5, x2=-2.2),
        }

    def draw(self, page, pair, axis):
        task = tasks(pair)
        names = (f"{task.yes} (label 1)", f"{task.no} (label 0)")
        plane, curve = page.panels(
            Row(
                Panel(290, task.names[0], task.names[1], names),
                Panel(290, "step, log scale", AXES[axis], labels="0.001"),
            )
        )
        limits = equal_limits(plane, (0.0, 0.0), 3.0)
        plane.set(xlim=limits[0], ylim=limits[1])
        data = DataBoundary(
            plane, task.problem.X, task.problem.y, page.palette, names[::-1], SHADES
        )
        legend_above(plane, data.points[::-1], names)
        log_axis(curve.xaxis, 0.45, 1100, ticks=[0.5, 1, 10, 100, 1000])  # step 0 is at 0.5
        curve.set_xticklabels(["0", "1", "10", "100", "1000"])
        if axis == "loss":
            low, ticks = (4e-4, [0.001, 0.01, 0.1, 1])
            if task.lowest is not None:  # then the loss does not tend to 0
                low, ticks = (0.03, [0.03, 0.1, 0.3, 1])
            log_axis(curve.yaxis, low, 1, ticks=ticks)
        else:
            curve.set_ylim(-0.3, 14)
        curve.grid(axis="y")
        (line,) = curve.plot([], [], "o-", color=page.palette.path, lw=1.6, ms=2.8, zorder=4)
        (new,) = plane.plot(
            [], [], "D", color=page.palette.other, ms=10, mec=page.palette.paper, mew=1.6, zorder=6
        )
        return Views(
            [Handle(new, self.on_drag("x1", "x2"), "new penguin, its two measurements")],
            data=data,
            curve=Lines(["line"], line=line),
            new=Lines(new=new),
            yours=Crosses(curve, page.palette, joined=False),
        )

    def show(self, views, values):
        task, axis = tasks(values["pair"]), values["axis"]
        path = task.path(values["lr"], values["steps"])
        at = frames(values["steps"])
        w, loss = path.w[at], task.problem.f(path.w[at])  # not of all steps, for speed
        views.data.update(w)
        views.curve.line.set_data(np.maximum(at, 0.5), height(axis, w, loss))
        x = np.array([values["x1"], values["x2"]])
        views.new.new.set_data([x[0]], [x[1]])
        first = min(TRIED, values["steps"])
        yours = self.compare(
            views.yours,
            lambda fn: descend_by(fn, task.problem, values["lr"], first),
            path.w[: first + 1],
            lambda w: on_axes(axis, w, task.problem),
        )
        return Shown(
            describe(task, values, w[-1], loss[-1], x) + yours,
            "After {0:g} steps the loss is {1:g}, and the length of w is {2}.",
            np.column_stack([at, loss, height("length of w", w)]),
        )


def explore(after=None, mine=None, **values):
    """Explore how logistic regression learns the boundary between two kinds (lesson 09).

    after: a Prediction to answer or skip first. mine: your logistic_gradient(w, b, X, y), whose
    first steps are drawn as crosses. values: first values of the controls: pair, "Chinstrap or
    Adelie", "Gentoo or Adelie" or "male or female"; steps, one of 0, 1, 2, 3, 5, 10, … 1000; lr
    from 0.01 to 10; axis, of the picture on the right, "loss" or "length of w"; x1 and x2 of a new
    penguin, standardised, from −3 to 3. Raises ValueError for other values.
    """
    return Classify(after, mine, **values)


@dataclass(frozen=True)
class Task:
    """Two kinds of penguins: their problem, the names of the features and of the two labels.

    lowest: the weights (3,) with the lowest loss, or None where a line separates the two kinds.
    """

    problem: LogisticRegression
    names: tuple
    yes: str
    no: str
    lowest: np.ndarray | None

    def path(self, lr, steps):
        """Descent from w = 0 and b = 0 as a `Path`."""
        return _path(self, lr, steps)

    def __hash__(self):
        return hash((self.yes, self.no))


@lru_cache(maxsize=40)
def _path(task, lr, steps):
    return descend(task.problem, GradientDescent(lr), steps=steps)


@lru_cache(maxsize=len(PAIRS))
def tasks(pair):
    """The `Task` of a pair, its features standardised."""
    column, yes, no, features = PAIRS[pair]
    data = penguins()
    rows = np.isin(data[column], (yes, no))
    columns = [(name, UNITS.get(name, "mm")) for name in features]
    X = np.column_stack([data[f"{name}_{unit}"][rows] for name, unit in columns])
    problem = LogisticRegression(standardise(X)[0], (data[column][rows] == yes).astype(float))
    names = tuple(
        f"x{'₁₂'[i]}: {name.replace('_', ' ')}, standardised" for i, name in enumerate(features)
    )
    return Task(problem, names, yes, no, lowest(problem))


def lowest(problem, steps=30):
    """The weights with the lowest loss by Newton's method, or None where their loss tends to 0."""
    w = problem.start
    for _ in range(steps):
        if problem.f(w) < 1e-4:
            return None
        z = problem.A @ w
        slope = np.exp(-np.logaddexp(0, z) - np.logaddexp(0, -z))  # p(1 − p)
        H = (problem.A * slope[:, None]).T @ problem.A / len(z)
        w = w - np.linalg.solve(H, problem.grad(w))
    return w


def frames(steps):
    """Numbers of steps (n,) from 0 to `steps`: each up to 20, then each about 8 % more."""
    later = 20 * 1.08 ** np.arange(1, 60)
    numbers = np.concatenate([np.arange(21), later.round()]).astype(int)
    return np.append(numbers[numbers < steps], steps)


def probability(w, x):
    """The probability of label 1 at features x (2,)."""
    return float(np.exp(-np.logaddexp(0, -(w[:2] @ x + w[2]))))


def height(axis, w, loss=None):
    """What is on the right: the loss, or the length of (w₁, w₂)."""
    return loss if axis == "loss" else np.linalg.norm(w[:, :2], axis=1)


def on_axes(axis, w, problem):
    """Weights (n, 3) as points on the right, those after 0, 1, 2, 3, 5, 10, 20 and 30 steps."""
    at = np.array([step for step in STEPS if step < len(w)])
    return np.column_stack([np.maximum(at, 0.5), height(axis, w[at], problem.f(w[at]))])


def descend_by(logistic_gradient, problem, lr, steps):
    """The path (steps + 1, 3) of descent along a learner's gradient; None where it gives none."""
    w, b, path = np.zeros(2), 0.0, [(0.0, 0.0, 0.0)]
    for step in range(max(1, steps)):  # called once even where no step is taken
        g = logistic_gradient(w.copy(), b, problem.X.copy(), problem.y.copy())
        if g is None:
            return None
        w, b = w - lr * np.asarray(g[0]), b - lr * float(g[1])
        if step < steps:
            path.append((*w, b))
    return path


def describe(task, values, w, loss, x):
    """The loss, the share on the right side, the length of w, and p of the new penguin."""
    p = f"the diamond has {chance(probability(w, x))}"
    if values["steps"] == 0:
        return (
            "Before the first step w and b are 0, so every penguin has p = 0.5, and the loss is "
            "ln 2 = 0.693."
        )
    right = task.problem.accuracy(w)
    length = (
        f"{size(w)} and grows without limit, because a line separates the two kinds; {p}"
        if task.lowest is None
        else f"{size(w)} ({size(task.lowest)} where the loss is lowest), and {p}"
    )
    return (
        f"After {plural(values['steps'], 'step')} of size {significant(values['lr'], 2)} the loss "
        f"is {significant(loss)}, and {percent(right)} of the {len(task.problem.y)} penguins are "
        f"on the right side of the boundary. The length of w is {length}."
    )


def size(w):
    """The length of (w₁, w₂) in words."""
    length = np.linalg.norm(w[:2])
    return decimals(length) if length >= 0.1 else significant(length, 2)


def chance(p):
    """A probability with three decimals, never 0 or 1."""
    return "p below 0.001" if p < 0.0005 else "p above 0.999" if p > 0.9995 else f"p = {p:.3f}"
