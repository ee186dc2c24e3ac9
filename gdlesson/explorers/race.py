"""The first explorer of lesson 17: how each method is tuned, and how its loss falls."""

import ipywidgets as widgets
import numpy as np

from .. import benchmark
from ..benchmark import COURSES, RATES, RULES, STEPS, TUNING, course
from ..formatting import significant
from ..live.background import BackgroundRefinement
from ..live.controls import choice, menu, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import from_function
from ..views import Crosses, Pack, Panel, Row, legend_above
from .base import Explorer
from .learner import LearnerText
from .records import Shown, Views
from .tunings import NAMES, Tuning, kind_of, package_run, tuning_of

FACTORS = (
    0.01, 0.018, 0.032, 0.056, 0.1, 0.18, 0.32, 0.56, 1.0, 1.8, 3.2, 5.6, 10.0, 18.0, 32.0, 56.0,
    100.0,
)  # fmt: skip
TUNED = FACTORS.index(1.0)
EVERY = 25  # gradients between two marks on a curve, and between two places of the slider
SCALES = {  # course → the ends of the axis of the loss, its ticks, and the widest of their labels
    "valley": (1e-30, 1e4, (1e-30, 1e-20, 1e-10, 1), "1e-30"),
    "Rosenbrock": (3e-2, 1e4, (0.1, 1, 10, 100, 1000), "1000"),
    "penguins": (0.22, 1.5, (0.25, 0.5, 1), "0.25"),
    "digits": (0.06, 4, (0.1, 0.2, 0.5, 1, 2), "0.2"),
}
PHRASES = {  # how a sentence names a course
    "valley": "the valley",
    "Rosenbrock": "Rosenbrock's function",
    "penguins": "the penguins",
    "digits": "the digits",
}
LEGEND = ("method", "against", "others")

field_question = Prediction(
    question=(
        "Twelve methods train one network to read handwritten digits. Each method makes 200 "
        "gradient evaluations with the step size that is best for it. Before training the loss is "
        "about 2.4, a little more than for guessing. The best method brings the loss to 0.10. What "
        "does the worst of the twelve reach?"
    ),
    choices=(
        "About 2: it has hardly learned.",
        "About 1: it is half way.",
        "Below 0.2: it has nearly caught up.",
    ),
    answer="Below 0.2: it has nearly caught up.",
    because=(
        "With a tuned step size each of the twelve methods learns to read the digits. With one "
        "step size for all, most of the difference would be due to the step size."
    ),
    about={"where": "digits", "gradients": 200, "factor": 1.0},
    name="race_worst",
)


class Race(Explorer):
    """How each method is tuned on a course, and how its loss falls at that step size."""

    primary = "gradients"
    redrawn_by = ("where",)
    long_runs = ("Run it here",)
    learner_text = LearnerText(
        "runs", plural=True, hint="With a large step size, rounding alone can make runs differ."
    )

    def __init__(self, after=None, mine=None, **values):
        self.repeated = {}  # course → its Tuning, of the courses that were run again here
        self.training = BackgroundRefinement(lambda: None, self.report)
        self.progress = widgets.IntProgress(
            0, description="running", layout={"width": "100%", "display": "none"}
        )
        super().__init__(after, mine, **values)
        self.box.children = (*self.box.children, self.progress)

    def make_controls(self):
        return {
            "where": choice(COURSES, "digits"),
            "method": menu("method", NAMES, "Adam", 180),
            "rival": menu("against", NAMES, "descent", 180),
            "factor": stops("step sizes, times the tuned", FACTORS, 1.0, 420),
            "gradients": stops("gradients for each run", range(EVERY, STEPS + 1, EVERY), STEPS),
        }

    def buttons(self):
        return {"As tuned": lambda: self.set(factor=1.0), "Run it here": self.run_here}

    def draw(self, page, where):
        *scale, widest = SCALES[where]
        loss = "mean loss" if course(where).batch is None else "mean validation loss"
        rates, fall = page.panels(
            Row(
                Panel(300, "step size", f"tuning: {loss} at the end", LEGEND, widest),
                Panel(300, "gradients", f"race: {loss} on the way", labels=widest),
            )
        )
        rates.set(xscale="log", xlim=(RATES[0] / 1.5, RATES[-1] * 1.5))
        powers = ["0.0001", "0.001", "0.01", "0.1", "1", "10", "100"]
        rates.set_xticks([float(power) for power in powers], powers)
        rates.minorticks_off()
        fall.set_xlim(-0.02 * STEPS, 1.02 * STEPS)
        tuning = Pack(rates, len(NAMES), page.palette, *scale)
        legend_above(rates, [tuning.picked, tuning.rival, *tuning.lines], LEGEND)
        return Views(
            [Handle(tuning.place, self.drag, "step sizes", "x")],
            tuning=tuning,
            fall=Pack(fall, len(NAMES), page.palette, *scale, progressive=True),
            yours=Crosses(fall, page.palette),
        )

    def drag(self, x, y):
        """Move all step sizes so that the method's own comes nearest to x."""
        values = self.values
        tuning, at = self.tuning(values["where"]), evaluation(values)
        rate = RATES[tuning.means[NAMES.index(values["method"]), at].argmin()]
        place = TUNED + round(4 * float(np.log10(max(x, 1e-9) / rate)))
        self.set(factor=FACTORS[int(np.clip(place, 0, len(FACTORS) - 1))])

    def tuning(self, where):
        """The Tuning that is shown of a course."""
        return self.repeated.get(where) or tuning_of(where)

    def show(self, views, values):
        tuning, at = self.tuning(values["where"]), evaluation(values)
        counts = course(values["where"]).evaluations[: at + 1]
        means, methods = tuning.means[:, at], np.arange(len(NAMES))
        wanted = means.argmin(axis=1) + FACTORS.index(values["factor"]) - TUNED
        chosen = np.clip(wanted, 0, len(RATES) - 1)
        two = [NAMES.index(values["method"]), NAMES.index(values["rival"])]
        places = [(RATES[chosen[i]], means[i, chosen[i]]) for i in two]
        views.tuning.update(RATES, means, *two, places=places)
        falls = tuning.means[methods, : at + 1, chosen]
        last = [(values["gradients"], falls[i, -1]) for i in two]
        views.fall.update(counts, falls, *two, max(1, EVERY // counts[1]), last)
        rates = dict(zip(NAMES, RATES[chosen], strict=True))
        ended = dict(zip(NAMES, falls[:, -1], strict=True))
        yours = self.add_learner(views.yours, values["where"], counts, rates)
        outside = wanted[chosen != wanted]
        return Shown(
            describe(values, ended, rates, outside) + yours,
            "After {0:g} gradients the mean loss is {1:g} with "
            f"{values['method']} and {{2:g}} with {values['rival']}.",
            np.column_stack([counts, falls[two[0]], falls[two[1]]]),
        )

    def add_learner(self, crosses, where, counts, rates):
        """Run a learner's rule with the step size of its own kind; returns a sentence about it."""
        crosses.update(())
        if not self.learner:
            return ""
        kind, why = self.learner.call(kind_of, "kind")
        if why:
            return self.learner_text.missing(why)
        rate = float(rates[kind])
        losses, why = self.learner.points(
            lambda fn: benchmark.run(course(where), lambda lr: from_function(fn, lr=lr), rate),
            (len(TUNING),),
            (where, rate),
        )
        if why:
            return self.learner_text.missing(why)
        losses, expected = losses[: len(counts)], package_run(where, kind, rate)[: len(counts)]
        every = max(1, EVERY // counts[1])
        with np.errstate(all="ignore"):  # a run may diverge
            crosses.update(np.column_stack([counts, losses.mean(axis=1)])[::every])
            same = np.allclose(losses, expected)
        return self.learner_text.same() if same else self.learner_text.different()

    def run_here(self):
        """Run all of the course again, piece by piece; pressed once more, stop."""
        if self.training.work is not None:
            self.training.give_up()
            self.progress.layout.display = "none"
            return
        where = self.controls["where"].value
        groups = 1 if course(where).batch is None else len(TUNING)
        self.progress.max, self.progress.value = len(NAMES) * groups, 0
        self.progress.layout.display = None
        self.training.begin(self._run_again(where))
        if not self.training.scheduled:  # no kernel waits for other work
            self.training.finish()

    def _run_again(self, where):
        """Tune every method on a course, a group of runs at a time, and show the result."""
        found = []
        try:
            for make in RULES.values():
                parts = []
                for part in benchmark.tuning(course(where), make):
                    parts.append(part)
                    self.progress.value += 1
                    yield
                found.append(np.concatenate(parts, axis=-1))
        finally:
            self.progress.layout.display = "none"
        self.repeated[where] = Tuning(np.array(found))
        self._move()

    def close(self):
        if not self.closed:
            self.training.give_up()
        super().close()


def explore(after=None, mine=None, **values):
    """Explore a fair race of twelve optimizers on four courses (lesson 17).

    after: a Prediction to answer or skip first. mine: your update rule of any lesson, such as
    adam_step, which is run with the tuned step size of its own kind. values: first values of the
    controls: where, "valley", "Rosenbrock", "penguins" or "digits"; method and rival, two of the
    names in `gdlesson.benchmark.RULES`; factor on all tuned step sizes, from 0.01 to 100, four to
    each power of ten; gradients for each run, one of 25, 50, … 200. Raises ValueError for other
    values.
    """
    return Race(after, mine, **values)


def evaluation(values):
    """Index of the evaluation of the loss after the chosen number of gradients."""
    return values["gradients"] // course(values["where"]).every


def describe(values, ended, rates, outside):
    """Where the two chosen methods end, and between which losses all of them do.

    ended, rates: name → mean loss and step size. outside: places of step sizes that the grid does
    not have.
    """
    size = f"the step size tuned for {values['gradients']} gradients"
    if values["factor"] != 1:
        size = f"{values['factor']:g} times {size}"
        if outside.size:
            end = f"at most {RATES[-1]:g}" if outside[0] > 0 else f"at least {RATES[0]:g}"
            size += f", but {end}"
    kind = "mean loss" if course(values["where"]).batch is None else "mean validation loss"
    text = f"Each method has {size}. On {PHRASES[values['where']]}, "
    for name in dict.fromkeys((values["method"], values["rival"])):
        called = name if text.endswith(", ") else f" {name[0].upper()}{name[1:]}"
        rate = f"step size {float(f'{rates[name]:.2g}'):g}"
        if not np.isfinite(ended[name]):
            text += f"{called} with {rate} diverges for at least one seed."
        else:
            text += f"{called} with {rate} reaches a {kind} of {shortly(ended[name])}."
    finite = {name: loss for name, loss in ended.items() if np.isfinite(loss)}
    if not finite:
        return text
    best, worst = min(finite, key=finite.get), max(finite, key=finite.get)
    number = "All twelve methods" if len(finite) == len(ended) else f"{len(finite)} of the 12"
    if len(finite) == 1:
        return f"{text} All others diverge for at least one seed."
    ends = f"{shortly(finite[best])} ({best}) and {shortly(finite[worst])} ({worst})"
    text += f" {number} end between {ends}"
    return f"{text}." if len(finite) == len(ended) else f"{text}; the others diverge for a seed."


def shortly(loss):
    """A loss with two digits, or three where it is large; 0.10, and not 0.1."""
    return f"{loss:#.2g}" if 1e-4 < loss < 10 else significant(loss, 3)
