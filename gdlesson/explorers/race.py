"""Room of lesson 13: which optimizer to use, and the errata clinic.

Each exercise of the clinic is a published rule with a slip in it, for the learner to mend:
`errata_bias_correction` is Adam's step with the index `i` of the data row beside the step `t`,
`errata_brackets` is AdaGrad's step, `errata_regression_gradient` the slopes of a fitted line, and
`errata_effective_step` the step size each coordinate has, lr/(√s + ε).
"""

from functools import cache

import ipywidgets as widgets
import numpy as np

from ..benchmark import COURSES, RATES, STEPS, TUNING, course, results, run, saved, tuned, tuning
from ..benchmark import RULES as FIELD
from ..live.background import BackgroundRefinement
from ..live.controls import choice, menu, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import from_function
from ..views import Pack, Standings, axes_at
from .legacy import LegacyExplorer, Mine

NAMES = list(FIELD)
FACTORS = (0.01, 0.032, 0.1, 0.32, 1.0, 3.2, 10.0, 32.0, 100.0)  # two to each power of ten
SCALES = {  # course → the ends of the axis of the loss, and its ticks
    "valley": (1e-16, 1e4, (1e-15, 1e-10, 1e-5, 1)),
    "Rosenbrock": (1e-3, 1e4, (1e-2, 1, 100)),
    "penguins": (0.22, 1.5, (0.25, 0.5, 1)),
    "digits": (0.06, 4, (0.1, 0.5, 2)),
}

field_question = Prediction(
    question=(
        "Twelve methods train one network to read digits, with 200 gradients each, and each with "
        "the step size that suits it best. Before training the loss is about 2.4, as for guessing. "
        "The best of them brings it to 0.10. And the last of the twelve?"
    ),
    choices=(
        "About 2: it has hardly learned.",
        "About 1: it is half way.",
        "Below 0.2: it has nearly caught up.",
    ),
    answer="Below 0.2: it has nearly caught up.",
    because=(
        "Given the step size that suits it, every method of the twelve learns to read. Most of "
        "the differences that are told about methods are differences of their step sizes."
    ),
    about={"where": "digits", "gradients": 200, "factor": 1.0},
)


class Race(LegacyExplorer):
    """How each rule is tuned on a course, how the loss falls, and where the ten seeds end."""

    height, narrow_height = 560, 1130
    primary = "gradients"
    redrawn_by = ("where",)

    def __init__(self, after=None, mine=None, **values):
        self.mine, self.yours, self.known = Mine(mine, "run"), None, {}
        self._medians = None, None
        self.anew = {}  # courses that were run again here
        self._racing = BackgroundRefinement(self._raced)
        super().__init__(after, **values)
        self.live.colours = 24
        self.progress = widgets.IntProgress(
            0, min=0, max=1, description="running", layout={"width": "100%", "display": "none"}
        )
        self.box.children = (*self.box.children, self.progress)

    def make_controls(self):
        return {
            "where": choice(COURSES, "digits"),
            "method": menu("method", NAMES, "Adam", 180),
            "rival": menu("against", NAMES, "descent", 180),
            "factor": stops("step sizes, times the tuned", FACTORS, 1.0, 330),
            "gradients": stops("gradients for each run", range(25, STEPS + 1, 25), STEPS),
        }

    def buttons(self):
        return {"As tuned": lambda: self.set(factor=1.0), "Run it here": self.run_here}

    def draw(self, figure, palette, values):
        left, gap, top = 62, 112, 44
        room = self.width - left - 18
        half = room if self.narrow else (room - gap) // 2
        scale = SCALES[values["where"]]
        rates = axes_at(
            figure, left, top, half, 190, palette, "step size", "tuning: loss by step size"
        )
        fall = axes_at(
            figure, left, top + 270, half, 190, palette, "gradients", "race: loss on the way"
        )
        across, down = (left + 50, top + 540) if self.narrow else (left + half + gap, top)
        wide = half - 50 if self.narrow else half
        ends = axes_at(
            figure,
            across,
            down,
            wide,
            460,
            palette,
            "loss",
            "standings: ten seeds each, the bar is their median",
        )
        rates.set(xscale="log", xlim=(RATES[0] / 1.5, RATES[-1] * 1.5))
        rates.set_xticks(
            [1e-4, 1e-3, 1e-2, 0.1, 1, 10], ["0.0001", "0.001", "0.01", "0.1", "1", "10"]
        )
        rates.minorticks_off()
        fall.set(xlim=(-0.02 * STEPS, 1.02 * STEPS))
        self.tuning = Pack(rates, len(NAMES), palette, *scale)
        self.fall = Pack(fall, len(NAMES), palette, *scale, progressive=True)
        self.ends = Standings(ends, len(NAMES) + (self.mine.fn is not None), palette, *scale)
        views = [self.tuning, self.fall, self.ends, self.mine.on(fall, palette)]
        return views, [Handle(self.tuning.place, self.drag, "step sizes", along="x")]

    def drag(self, x, y):
        loss = self.losses()[self.controls["method"].value]
        look = self.look(self.controls["gradients"].value)
        wanted = np.log10(max(x, 1e-9) / RATES[tuned(loss, look)])
        self.set(factor=FACTORS[int(np.clip(round(2 * float(wanted)) + 4, 0, len(FACTORS) - 1))])

    def losses(self):
        """Rule → (looks, rates, seeds), on the course chosen."""
        where = self.controls["where"].value
        return self.anew.get(where) or losses(where)

    def medians(self, losses):
        """(rules, looks, rates), put together once for a course."""
        if self._medians[0] is not losses:
            self._medians = losses, np.array([np.median(losses[name], axis=-1) for name in NAMES])
        return self._medians[1]

    def look(self, gradients):
        return gradients // course(self.controls["where"].value).every

    def show(self, values):
        losses, at = self.losses(), course(values["where"]).evaluations
        look, shift = self.look(values["gradients"]), FACTORS.index(values["factor"]) - 4
        medians = self.medians(losses)
        best = dict(zip(NAMES, medians[:, look].argmin(axis=1), strict=True))
        chosen = {name: int(np.clip(i + shift, 0, len(RATES) - 1)) for name, i in best.items()}
        picked, rival = NAMES.index(values["method"]), NAMES.index(values["rival"])
        places = [(RATES[chosen[NAMES[i]]], medians[i, look, chosen[NAMES[i]]])
                  for i in (picked, rival)]  # fmt: skip
        self.tuning.update(RATES, medians[:, look], picked, rival, places=places)
        falls = np.array([medians[i, : look + 1, chosen[name]] for i, name in enumerate(NAMES)])
        last = [(values["gradients"], falls[i, -1]) for i in (picked, rival)]
        self.fall.update(at[: look + 1], falls, picked, rival, max(1, 25 // at[1]), last)
        ended = {name: losses[name][look, chosen[name]] for name in NAMES}
        mine = self.add_yours(ended, chosen, look)
        order = sorted(ended, key=lambda name: np.median(ended[name]))
        self.ends.update(order, np.array([ended[name] for name in order]),
                         values["method"], values["rival"])  # fmt: skip
        self.steps = np.column_stack([at[: look + 1], falls[picked], falls[rival]])
        return describe(values, order, ended, {n: RATES[i] for n, i in chosen.items()}) + mine

    def add_yours(self, ended, chosen, look):
        """Run a learner's rule at the step size its own kind was tuned to; what is said of it."""
        where, found = self.controls["where"].value, []

        def of(make, rate, rule):
            key = where, rule, rate
            if key not in self.known:
                self.known[key] = run(course(where), make, rate)
            return self.known[key][: look + 1]

        def work(fn):
            kind = kind_of(fn)
            rate = float(RATES[chosen[kind]])
            self.expected[:] = of(FIELD[kind], rate, kind)
            loss = of(lambda lr: from_function(fn, lr=lr), rate, fn)
            found.append(loss)
            return loss

        self.expected = np.full((look + 1, len(TUNING)), np.nan)
        at = course(where).evaluations[: look + 1]
        said = self.mine.update(
            work, self.expected, lambda loss: np.column_stack([at, np.median(loss, axis=1)])
        )
        if found:
            ended["yours"] = found[0][-1]
        return said

    def each_step(self):
        """The median losses of the two rules picked out, look after look."""
        two = self.controls["method"].value, self.controls["rival"].value
        said = f"After {{0:g}} gradients the median loss is {{1:g}} with {two[0]}"
        return f"{said}, {{2:g}} with {two[1]}.", self.steps

    def run_here(self):
        """Run all of the course again, piece by piece; pressed once more, give up."""
        if self.progress.layout.display is None:
            self._racing.give_up()
            self.progress.layout.display = "none"
            return
        self.progress.value, self.progress.max = 0, len(NAMES)
        self.progress.layout.display = None
        self._racing.begin(self._race(self.controls["where"].value))
        if self._racing.timer is None:  # no kernel waits for other work
            self._racing.finish()

    def _race(self, where):
        """Tune every rule on a course, a group of runs at a time."""
        groups = 1 if course(where).batch is None else len(TUNING)
        self.progress.max = len(NAMES) * groups
        found = {}
        for name, make in FIELD.items():
            parts = []
            for part in tuning(course(where), make):
                parts.append(part)
                self.progress.value += 1
                yield
            found[name] = np.concatenate(parts, axis=-1)
        self.anew[where] = found

    def _raced(self):
        if self._racing.work is None and self.progress.layout.display is None:
            self.progress.layout.display = "none"
            self._move()


def explore(after=None, mine=None, **values):
    """The explorer of lesson 13.

    after: a Prediction to answer or skip first. mine: your update rule of any lesson, which races
    with the step size its kind was tuned to. values: controls to begin with, by name.
    """
    return Race(after, mine, **values)


@cache
def losses(where):
    """Rule → (looks, rates, seeds): run now on a surface, run once and saved over data."""
    if course(where).batch is not None:
        return saved(where)
    return {
        name: np.concatenate(list(tuning(course(where), make)), axis=-1)
        for name, make in FIELD.items()
    }


def kind_of(fn):
    """Name of the rule whose parameters a function has. Raises as `from_function` does."""
    rule = type(from_function(fn, lr=1.0)).__mro__[1]
    return next(name for name, each in FIELD.items() if each is rule)


def describe(values, order, ended, rates):
    """Who leads, how the two picked out stand, and whether their seeds tell them apart."""
    sizes = "the step size it was tuned to"
    if values["factor"] != 1:
        sizes = f"{values['factor']:g} times the step size it was tuned to"
    median = {name: float(np.median(loss)) for name, loss in ended.items()}
    first = order[0]
    two = [name for name in dict.fromkeys((values["method"], values["rival"])) if name != first]
    said = (
        f"{values['gradients']} gradients on {values['where']}, each method with {sizes}: "
        f"{first} is first of {len(order)}, median loss {loss_of(median[first])} at "
        f"{rates.get(first, 0):.2g}."
        if first in rates
        else f"{values['gradients']} gradients on {values['where']}, each method with {sizes}: "
        f"yours is first of {len(order)}, median loss {loss_of(median[first])}."
    )
    for name in two:
        said += (
            f" {name[0].upper()}{name[1:]} is number {order.index(name) + 1}, "
            f"{loss_of(median[name])} at {rates[name]:.2g}."
        )
    a, b = (ended[values[which]] for which in ("method", "rival"))
    if values["method"] != values["rival"]:
        apart = a.max() < b.min() or b.max() < a.min()
        names = f"{values['method']} and {values['rival']}"
        said += f" The ten seeds of {names} {'do not overlap' if apart else 'overlap'}."
    return said


def loss_of(x):
    """A loss in words: two digits, or that it diverged."""
    return f"{x:.2g}" if np.isfinite(x) and x < 1e6 else "diverged"


def table(where):
    """Print how the race ended on the part nobody tuned on: see `gdlesson.racing.results`."""
    ended = results(where)
    labels = any(np.isfinite(right).all() for _, _, right in ended.values())
    print(f"{where:10}  step size  median loss  best … worst" + "    read right" * labels)
    for name, (rate, loss, right) in ended.items():
        line = f"{name:10}  {rate:<9.2g}  {np.median(loss):<11.2g}"
        line += f"  {loss.min():.2g} … {loss.max():.2g}"
        print(f"{line:51}  {100 * np.median(right):.1f} %" if labels else line)
