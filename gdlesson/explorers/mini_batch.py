"""The explorer of lesson 07: every batch size at its own best learning rate."""

import numpy as np

from ..formatting import plural, significant
from ..live.controls import choice, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..views import Crosses, Lines, Panel, Row, legend_above, log_axis
from ..views.chosen import ChosenCurve
from ..views.paper import NORMAL, SMALL, ball
from .base import Explorer
from .learner_batches import examined
from .mini_batch_numerics import (
    ALL,
    EPOCHS,
    RATES,
    SEEDS,
    SIZES,
    data,
    descend_all,
    milliseconds,
    tuned,
)
from .mini_batch_numerics import (
    cost as cost,
)
from .records import Views

LOSSES = {  # above the lowest, in the picture: from, to, and the ticks, or None for powers of ten
    "penguins": (3e-6, 3.0, None),
    "digits": (1.5e-3, 0.15, (0.002, 0.005, 0.01, 0.02, 0.05, 0.1)),
}
AXES = {"examples": "examples seen", "time": "time on this machine, ms, log scale"}
NAMES = ("mean", "range of ten orders")

same_work_question = Prediction(
    question=(
        "A line is fitted to 256 penguins from w = b = 0. Two descents use each penguin five "
        "times, 1280 examples in all. One makes 1280 steps with one example each, the other 40 "
        "steps with 32 examples each. Each has the learning rate that is best for it. Which ends "
        "closer to the lowest loss, on average over ten random orders?"
    ),
    choices=(
        "One example a step, because it makes 32 times as many steps.",
        "32 examples a step, because its gradients have less noise.",
        "About equally close: the difference is small, compared with that between the orders.",
    ),
    answer="About equally close: the difference is small, compared with that between the orders.",
    because=(
        "The best learning rate for 32 examples is 32 times as large. So one of its steps goes "
        "about as far as 32 small ones, with about the same noise."
    ),
    about={"data": "penguins", "size": 32, "lr": 0.064},
    name="same_work",
)


class MiniBatch(Explorer):
    """Batch sizes, each at every learning rate: the loss at the end, and on the way there."""

    primary = "size"
    redrawn_by = ("data", "axis")
    adapts_to = ("data", "size")

    def make_controls(self):
        first = float(RATES[tuned("penguins", 32).best])
        return {
            "size": stops("batch size", SIZES, 32),
            "lr": stops("learning rate lr", RATES.tolist(), first, 380),
            "data": choice(LOSSES),
            "axis": choice(AXES, description="axis"),
        }

    def adapt(self, before, after):
        return {"lr": best_rate(after["data"], after["size"])}

    def buttons(self):
        return {"Best learning rate": self.take_best}

    def take_best(self):
        self.set(lr=best_rate(self.controls["data"].value, self.controls["size"].value))

    def draw(self, page, data, axis):
        rates, way = page.panels(
            Row(
                Panel(270, "learning rate, log scale", "loss above the lowest, at the end",
                      labels="0.002"),
                Panel(270, AXES[axis], "loss on the way", NAMES, labels="0.002"),
            )
        )  # fmt: skip
        low, high, ticks = LOSSES[data]
        for ax in (rates, way):
            log_axis(ax.yaxis, low, high, ticks)
            ax.grid(axis="y")
        log_axis(rates.xaxis, RATES[0] / 1.2, RATES[-1] * 1.2)
        runs = {size: tuned(data, size) for size in SIZES}
        mark_limit(rates, data, page.palette)
        name_lowest(rates, data, runs, page.palette)
        limit_of_way(way, data, axis, runs)
        ways = [
            (place(data, size, axis, each), each.above[:, :, each.best].mean(axis=1))
            for size, each in runs.items()
        ]
        name_ways(way, ways, axis, page.palette)
        ends = ChosenCurve(rates, page.palette, [(RATES, each.mean) for each in runs.values()])
        on_the_way = ChosenCurve(way, page.palette, ways)
        legend_above(way, [on_the_way.line, on_the_way.band], NAMES)
        here, there = ball(rates, page.palette), ball(way, page.palette)
        there.set(marker="s", ms=7, mew=1)
        return Views(
            [Handle(here, self.on_knob, "learning rate", "x")],
            ends=ends,
            way=on_the_way,
            marks=Lines(here=here, there=there),
            yours=Crosses(way, page.palette, size=6),
        )

    def on_knob(self, lr, _):
        self.set(lr=float(RATES[np.abs(np.log(RATES / max(lr, 1e-9))).argmin()]))

    def show(self, views, values):
        name, size, axis = values["data"], values["size"], values["axis"]
        runs, i = tuned(name, size), RATES.tolist().index(values["lr"])
        low, high, _ = LOSSES[name]
        views.ends.update(RATES, runs.above[-1].T)
        at = place(name, size, axis, runs)
        views.way.update(at, runs.above[:, :, i])
        end = np.clip(runs.mean[i], 1.05 * low, high / 1.05)  # outside, the mark is at the edge
        views.marks.here.set_data([values["lr"]], [end])
        views.marks.there.set_data(at[-1:], [end])
        yours = self.try_batches(views.yours, values, i)
        return describe(name, size, i, runs, axis) + yours

    def try_batches(self, crosses, values, i):
        """Draw a descent along a learner's batches; returns a sentence about what they contain."""
        if not self.learner:
            return ""
        crosses.update(())
        name, size = values["data"], values["size"]
        about = data(name)

        def found(fn):
            batches = examined(fn, about, about.number(size), EPOCHS)
            return batches if isinstance(batches, str) else (
                descend_all(about, batches[0]), batches[1])  # fmt: skip

        result, why = self.learner.call(found, (name, size))
        if why or isinstance(result, str):
            return f" There are no crosses: {why or result}."
        runs, contents = result
        at = place(name, size, values["axis"], runs)
        few = np.unique(np.linspace(0, len(at) - 1, 20).astype(int))
        low, high, _ = LOSSES[name]
        heights = np.clip(runs.above[:, 0, i], low, high)
        at = np.maximum(at, crosses.ax.get_xlim()[0])  # no time is no place on a log axis
        crosses.update(np.column_stack([at, heights])[few])
        return f" Your batches, whose descent is shown by the crosses, {contents}."


def explore(after=None, mine=None, **values):
    """Explore every batch size at every learning rate, in ten random orders (lesson 07).

    after: a Prediction to answer or skip first. mine: your minibatches(X, y, batch_size, rng),
    whose batches drive a descent that the crosses show. values: first values of the controls:
    size of a batch, one of 1, 2, 4, … 128 and "all"; lr, one of 37 learning rates from 0.0005 to
    2, which changes to the best one when size or data change; data, "penguins" or "digits"; axis,
    "examples" or "time". Raises ValueError for other values.
    """
    return MiniBatch(after, mine, **values)


def best_rate(name, size):
    """The learning rate whose loss after five epochs has the lowest mean over ten orders."""
    return float(RATES[tuned(name, size).best])


def place(name, size, axis, runs):
    """Where the points of these runs are on the axis: examples, or milliseconds, (points,)."""
    return runs.seen if axis == "examples" else milliseconds(name, size, runs.updates)


def limit_of_way(ax, name, axis, runs):
    """The limits of the axis of examples, or of time, for all batch sizes."""
    if axis == "examples":
        last = EPOCHS * data(name).n
        ax.set_xlim(-0.02 * last, 1.04 * last)
        return
    times = [milliseconds(name, size, each.updates) for size, each in runs.items()]
    log_axis(ax.xaxis, 0.6 * min(each[1] for each in times), 1.6 * max(each[-1] for each in times))


def mark_limit(ax, name, palette):
    """A dotted line at the stability limit of batch descent."""
    limit = data(name).limit
    ax.axvline(limit, color=palette.ink, lw=1.2, ls=":", zorder=2)
    ax.annotate("2/L", (limit, 1), (7, -10), ("data", "axes fraction"), "offset points", va="top",
                color=palette.ink, fontsize=NORMAL, zorder=2.4)  # fmt: skip


def name_lowest(ax, name, runs, palette):
    """The batch size at the lowest point of each curve; that of all examples where it is clear."""
    lowest = {size: (RATES[each.best], each.mean.min()) for size, each in runs.items()}
    all_examples = lowest.pop(ALL)
    name_below(ax, lowest, palette)
    if all_examples[1] > ax.get_ylim()[0]:  # other curves cross below it
        label(ax, ALL, (data(name).limit, all_examples[1]), (7, 0), palette, "left", "center")
    else:
        label(ax, ALL, (all_examples[0], ax.get_ylim()[0]), (0, 10), palette)


def name_ways(ax, ways, axis, palette):
    """The batch size of the way with all examples, and on the axis of time that of every way."""
    bottom = ax.get_ylim()[0]
    at, above = ways[-1]
    if above[1] < bottom:  # its first step leaves the axes
        label(ax, ALL, (0.85 * at[1], 3 * bottom), (8, 6), palette, "left")
    elif axis == "examples":
        label(ax, ALL, (at[len(at) // 2], above[len(at) // 2]), (8, 6), palette, "left")
    else:  # other ways cross it
        at = np.maximum(at, ax.get_xlim()[0])
        ax.plot(at, above, "o-", color=palette.ink, lw=1, ms=3, markevery=[-1], zorder=2.2)
        label(ax, ALL, (at[-1], above[-1]), (-32, -20), palette, "right", "center", leader=True)
    if axis == "time":
        ends = zip(SIZES[:-1], ways[:-1], strict=True)
        name_below(ax, {size: (at[-1], above[-1]) for size, (at, above) in ends}, palette)


def name_below(ax, points, palette):
    """The batch size below each of the points {size: (x, y)}, deeper where two are close."""
    before, letters = np.array([-np.inf, 0]), 0
    for size, point in points.items():
        at, down = ax.transData.transform(point) * 72 / ax.figure.dpi, 8
        across, up = np.abs(at - before - (0, down))
        if across < 4 + 2.5 * (letters + len(str(size))) and up < 9:  # points; half of each label
            down = at[1] - before[1] + 10
        label(ax, size, point, (0, -down), palette, up="top")
        before, letters = at - (0, down), len(str(size))


def label(ax, size, point, offset, palette, across="center", up="bottom", leader=False):
    """A batch size at an offset, in points, from a point in data coordinates."""
    line = {"arrowstyle": "-", "color": palette.ink, "lw": 0.6} if leader else None
    ax.annotate(str(size), point, offset, textcoords="offset points", ha=across, va=up,
                color=palette.ink, fontsize=SMALL, zorder=2.4, arrowprops=line,
                bbox={"fc": palette.paper, "lw": 0, "pad": 0.5})  # fmt: skip


def describe(name, size, i, runs, axis):
    """What an epoch is at this batch size, and how far above the lowest loss the runs end."""
    about = data(name)
    number = about.number(size)
    epoch = f"With batch size {number} an epoch has {plural(about.n // number, 'update')}"
    if size == ALL:
        epoch += ", with all examples: this is batch descent"
    elif size == 1:
        epoch += ", each with one example"
    best = i == runs.best
    rate = f"its best learning rate, {RATES[i]:g}," if best else f"learning rate {RATES[i]:g}"
    end = (
        f"At {rate} the loss after {EPOCHS * about.n:,} examples is "
        f"{spread(runs.above[-1][:, i], size)}"
    )
    if not best:
        end += f"; at its best learning rate, {RATES[runs.best]:g}, it is {height(runs.mean.min())}"
    text = f"{epoch}. {end}."
    if axis == "time":
        text += clock(name, size, int(runs.updates[-1]))
    return text


def spread(ends, size):
    """The losses above the lowest of all orders, in words."""
    mean = f"{height(ends.mean())} above the lowest loss"
    if size == ALL:
        return f"{mean}, in every order"
    if ends.max() >= 1e6:
        return f"{mean} on average, so descent diverges"
    return (
        f"{mean} on average over {SEEDS} orders, from {height(ends.min())} to {height(ends.max())}"
    )


def clock(name, size, updates):
    """How long all updates take on this machine, and how long with one example a step."""
    time = milliseconds(name, size, updates)
    text = f" Its {plural(updates, 'update')} take {significant(time, 2)} ms on this machine"
    if size == 1:
        return f"{text}."
    times = milliseconds(name, 1, EPOCHS * data(name).n) / time
    times = f"{times:,.0f}" if times >= 10 else significant(times, 2)
    return f"{text}; with batch size 1 the same examples take {times} times as long."


def height(above):
    """How far a loss is above the lowest, where it is neither huge nor rounding."""
    if not above < 1e6:
        return "more than a million"
    return significant(above, 2) if above >= 1e-9 else "less than 1e-09"
