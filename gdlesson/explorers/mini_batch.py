"""The explorer of lesson 07: how many examples each step should use."""

import numpy as np
from matplotlib.patches import Circle

from ..formatting import plural, significant
from ..formatting import step_size as text
from ..live.controls import choice, dragged, integers, slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..views import Crosses, Formula, Line, Lines, Panel, Rivals, Row, equal_limits, log_axis
from ..views.paper import ball
from .base import Explorer
from .learner import LearnerText
from .learner_batches import examined
from .mini_batch_numerics import (
    EPOCHS,
    SIZES,
    UPDATES,
    budget,
    descend_by_moments,
    examples_after,
    framed,
    in_grams,
    run,
    spread,
    updates_an_epoch,
)
from .mini_batch_numerics import (
    cost as cost,
)
from .penguin_line import BEST, N
from .records import Shown, Views
from .stopping import draw_penguins
from .stopping import stopping as stopping  # a part of this lesson

AXES = {  # what all have the same amount of → label of its axis, number of frames, text of one
    "updates": ("updates", UPDATES, "After {step} updates"),
    "examples": ("examples used", 45, "After {0} epochs"),
    "seconds": ("time on this machine, ms", 45, "After {0} ms"),
}
NAMES = ("batch", "mini-batch", "stochastic")

same_work_question = Prediction(
    question=(
        "Three descents start at the same line, all with step size 0.05. Each may use 1665 "
        "examples, which is five times the 333 penguins. Batch descent makes 5 updates with them, "
        "mini-batches of 32 examples make 55, and stochastic descent makes 1665. Which descent "
        "ends closest to the best line?"
    ),
    choices=(
        "Batch descent, because each of its gradients is exact.",
        "The mini-batches of 32 examples.",
        "Stochastic descent, because it makes the most updates.",
        "They end equally close, because they use the same examples.",
    ),
    answer="The mini-batches of 32 examples.",
    because=(
        "At this step size, 5 updates are too few to arrive. 1665 noisy updates arrive early and "
        "then move about the best line. 55 updates are enough, and their noise is smaller. At "
        "another step size the order can be different: at 0.5, batch descent arrives in one update."
    ),
    about={"size": 32, "lr": 0.05, "axis": "examples", "order": "shuffled", "seed": 0,
           "w": -0.3, "b": 1.0},
    name="same_work",
)  # fmt: skip


class MiniBatch(Explorer):
    """Batch, mini-batch and stochastic descent with equal numbers of updates, examples or time."""

    primary = "size"
    redrawn_by = ("axis",)
    picture_only = ("w", "b")
    learner_text = LearnerText("batches", plural=True)

    def make_controls(self):
        return {
            "size": stops("batch size", SIZES, 32),
            "axis": choice(AXES, "examples", "same"),
            "lr": slider("step size lr", 0.05, 0.01, 0.5, width=300),
            "order": choice(["shuffled", "sorted"], description="rows"),
            "seed": integers("seed", 0, 0, 19, width=220),
            **dragged(5.0, w=-0.3, b=1.0),
        }

    def disabled(self, values):
        return ("seed",) if values["order"] == "sorted" and not self.learner else ()

    def draw(self, page, axis):
        formula, legend, plane, data, loss = page.panels(
            Line(),
            Line(breaks=False),
            Row(
                Row(
                    Panel(240, "w, standardised", "b"),
                    Panel(240, "flipper length, mm", "body mass, g"),
                    together=True,
                    width=2.2,
                ),
                Panel(240, AXES[axis][0], "loss above its minimum, log", labels="10⁻⁶"),
            ),
        )
        draw_bowl(plane, page.palette)
        draw_penguins(data, page.palette)
        loss.set_xlim(0, 1.03 * budget(axis))
        log_axis(loss.yaxis, 1e-7, 30, every=2)
        loss.grid(axis="y")
        paths = Rivals(plane, page.palette)
        keys = list(zip(paths.lines, paths.ends, strict=True))
        legend.legend(keys, NAMES, loc="center left", bbox_to_anchor=(0, 0.5), ncols=3)
        start = ball(plane, page.palette)
        return Views(
            [Handle(start, self.on_drag("w", "b"), "start, its w and b")],
            paths=paths,
            lines=Rivals(data, page.palette, straight=True),
            losses=Rivals(loss, page.palette),
            start=Lines(ball=start),
            formula=Formula(formula, page.palette),
            yours=Crosses(plane, page.palette, size=5),
        )

    def show(self, views, values):
        axis, size, start = values["axis"], values["size"], (values["w"], values["b"])
        _, frames, after = AXES[axis]
        how = axis, frames, values["seed"], values["order"] == "sorted", values["lr"], start
        runs = [run(each, *how) for each in (N, size, 1)]
        drawn = [framed(each.done) for each in runs]
        views.start.ball.set_data(*np.reshape(start, (2, 1)))
        views.paths.update([each.w[i] for each, i in zip(runs, drawn, strict=True)])
        views.lines.update([in_grams(each.w[each.done]) for each in runs])
        losses = [np.column_stack([each.at, each.above]) for each in runs]
        views.losses.update([each[i] for each, i in zip(losses, drawn, strict=True)])
        views.formula.update(*spread_in_numbers(size, start))
        yours = self.try_batches(views.yours, values, len(runs[1].at) - 1)
        amount = EPOCHS if axis == "examples" else budget(axis)
        heights = [np.minimum(each.heights, 1e99) for each in runs]
        return Shown(
            describe(values, runs) + yours,
            f"{after} the loss is above its minimum by {{1:g}} ({NAMES[0]}), {{2:g}} ({NAMES[1]}), "
            f"{{3:g}} ({NAMES[2]}).",
            np.column_stack([np.linspace(0, amount, frames + 1), *heights]),
        )

    def try_batches(self, crosses, values, updates):
        """Draw a descent along a learner's batches; returns a sentence about what they contain."""
        if not self.learner:
            return ""
        crosses.update(())
        key = values["size"], values["seed"], values["order"] == "sorted", updates
        found, why = self.learner.call(lambda fn: examined(fn, *key), key)
        if why or isinstance(found, str):
            return self.learner_text.missing(why or found)
        parts, contents = found
        path = descend_by_moments(parts, values["lr"], values["w"], values["b"])
        crosses.update(path[:: max(1, len(path) // 30)])  # a cross for each update would be a blot
        return f" Your batches, whose descent is drawn as crosses, {contents}."


def explore(after=None, mine=None, **values):
    """Explore batch, mini-batch and stochastic descent next to one another (lesson 07).

    after: a Prediction to answer or skip first. mine: your minibatches(X, y, batch_size, rng),
    whose batches drive a descent that is drawn as crosses. values: first values of the controls:
    size of a batch, one of 1, 2, 4, … 128 and 333; axis, of which all have the same amount,
    "updates", "examples" or "seconds"; lr from 0.01 to 0.5; order of the examples, "shuffled" or
    "sorted" by flipper length; seed of the orders, from 0 to 19; w and b of the start, from −5 to
    5. Raises ValueError for other values.
    """
    return MiniBatch(after, mine, **values)


def draw_bowl(ax, palette):
    """Lines of equal loss over w and b: circles, because both curvatures are 2."""
    (left, right), (bottom, top) = equal_limits(ax, BEST, 1.5)
    ax.set(xlim=(left, right), ylim=(bottom, top))
    for radius in np.arange(0.5, np.hypot(right - left, top - bottom) / 2, 0.5):
        ax.add_patch(
            Circle(BEST, radius, fill=False, ec=palette.faint, lw=0.6, zorder=2, antialiased=False)
        )
    ax.plot(*BEST, "+", color=palette.ink, ms=11, mew=1.6, zorder=5.8)


def spread_in_numbers(size, start):
    """The standard deviation of a batch's slope in w with its numbers, and shorter texts."""
    sigma, batch = spread(size, start)
    numbers = f"{sigma:.2f}/√{size} · √(1 − {size}/{N}) = {batch:.2f}"
    return (
        f"Spread of the slope in *w* over random batches: σ/√*B* · √(1 − *B*/*n*) = {numbers}",
        f"Spread of the slope in *w* over random batches: {numbers}",
        f"Spread over random batches: {numbers}",
        f"Spread: {numbers}",
        numbers,
    )


def describe(values, runs):
    """What an epoch is at this batch size, and how far above the minimum each run ends."""
    size, axis = values["size"], values["axis"]
    number, last = updates_an_epoch(size), N % size
    epoch = f"With batch size {size} an epoch has {plural(number, 'update')}"
    if size == N:
        epoch += ", with all examples: this is batch descent"
    elif size == 1:
        epoch += ", each with one example: this is stochastic descent"
    elif last:
        epoch += f", the last with {plural(last, 'example')}"
    if values["order"] == "sorted":
        epoch += ". Every epoch has the same order, from short flippers to long ones"
    same = {
        "updates": f"After {UPDATES} updates",
        "examples": f"After {EPOCHS * N:,} examples",
        "seconds": "After the same time, measured on this machine,",
    }[axis]
    ends = []
    for name, each in zip(
        ("batch descent", "mini-batches", "stochastic descent"), runs, strict=True
    ):
        n = int(each.done[-1])
        count = f"{n:,} updates"
        if axis == "updates":
            count = f"{examples_after(each.size, n):,} examples"
        ends.append(f"{height(each.heights[-1])} with {name} ({count})")
    return (
        f"{epoch}. {same} at step size {text(values['lr'])} the loss is above its minimum by "
        f"{ends[0]}, {ends[1]} and {ends[2]}."
    )


def height(above):
    """How far a loss is above its minimum, where it is neither huge nor rounding."""
    if not above < 1e6:
        return "more than a million"
    return significant(above, 2) if above >= 1e-9 else "less than 1e-09"
