"""The second explorer of lesson 17: which differences on the test set are more than chance."""

from functools import lru_cache

import numpy as np

from .. import benchmark
from ..benchmark import CHANCES, FRESH, RULES
from ..formatting import listed
from ..live.controls import choice, menu, stops
from ..views import Intervals, Panel, Row, legend_above
from .base import Explorer
from .records import Views

NAMES = list(RULES)
SCALES = {  # course → the ticks of the axis of the loss, and of the axis of the difference
    "digits": ((0, 0.05, 0.1, 0.15, 0.2), (-0.1, -0.05, 0, 0.05, 0.1)),
    "penguins": ((0, 0.2, 0.4, 0.6), (-0.06, -0.03, 0, 0.03, 0.06)),
}
FEWEST = 5  # a bootstrap of fewer seeds is worth nothing
LEGEND = ("interval with 0", "without 0")
DRAWN = {"seeds": "seeds", "test rows": "test rows", "both": "seeds and rows"}


@lru_cache(maxsize=64)
def drawn(where, chance, seeds):
    """The losses of all methods, (methods, seeds, rows), and bootstrap means, (methods, draws)."""
    ended = benchmark.results(where)
    losses = np.array([ended[name][1][:seeds] for name in NAMES])
    return losses, benchmark.resampled(losses, chance)


class RaceResult(Explorer):
    """The mean test loss of each method with its interval, and its difference from one of them."""

    primary = "seeds"
    redrawn_by = ("where",)

    def make_controls(self):
        return {
            "seeds": stops("fresh seeds", range(FEWEST, len(FRESH) + 1), len(FRESH)),
            "where": choice(SCALES),
            "chance": choice(CHANCES, "both", "drawn anew"),
            "reference": menu("compared with", NAMES, "Adam", 200),
        }

    def draw(self, page, where):
        losses, differences = SCALES[where]
        left, right = page.panels(
            Row(
                Panel(330, "mean test loss", "each method: interval and seeds",
                      labels="momentum"),
                Panel(330, "difference of the mean test losses", "each method minus the blue one",
                      LEGEND, "momentum"),
            )
        )  # fmt: skip
        apart = Intervals(right, len(NAMES), page.palette, differences, zero=True)
        legend_above(right, [apart.marks["tie"], apart.marks["apart"]], LEGEND)
        return Views(own=Intervals(left, len(NAMES), page.palette, losses), apart=apart)

    def show(self, views, values):
        where, reference = values["where"], values["reference"]
        losses, means = drawn(where, values["chance"], values["seeds"])
        centre, at = losses.mean(axis=(1, 2)), NAMES.index(reference)
        difference = means - means[at]
        ends = np.percentile(difference, [2.5, 97.5], axis=1).T
        kinds = ["tie" if low <= 0 <= high else "apart" for low, high in ends]
        kinds[at] = "reference"
        order = np.argsort(centre, kind="stable")
        names, kinds = [NAMES[i] for i in order], [kinds[i] for i in order]
        own = np.percentile(means, [2.5, 97.5], axis=1).T
        views.own.update(names, centre[order], own[order], kinds, losses.mean(axis=2)[order])
        views.apart.update(names, (centre - centre[at])[order], ends[order], kinds)
        return describe(values, names, kinds, centre[at], own[at])


def describe(values, names, kinds, loss, own):
    """The reference's loss with its interval, and which methods are better, worse, or neither."""
    at = names.index(values["reference"])
    apart = [i for i, kind in enumerate(kinds) if kind == "apart"]
    text = (
        f"On the {values['where']}, the mean test loss of {names[at]} over {values['seeds']} seeds "
        f"is {loss:.3f}; with {DRAWN[values['chance']]} drawn anew, 95 % of its means are "
        f"between {own[0]:.3f} and {own[1]:.3f}. "
    )
    found = []
    for word, which in (
        ("better", [names[i] for i in apart if i < at]),
        ("worse", [names[i] for i in apart if i > at]),
    ):
        if which:
            found.append(f"{listed(which)} {'is' if len(which) == 1 else 'are'} {word}")
    ties = kinds.count("tie")
    if not found:
        return f"{text}The race cannot tell any of the {ties} others apart from it."
    if ties:
        others = f"the other {ties}" if ties > 1 else "the last one"
        found.append(f"the race cannot tell {others} apart from it")
    found = f"{'; '.join(found)}."
    return text + found[0].upper() + found[1:]


def explore(after=None, mine=None, **values):
    """Explore which differences on the test set of the race are more than chance (lesson 17).

    after: a Prediction to answer or skip first. values: first values of the controls: seeds, from 5
    to 10 fresh ones; where, "digits" or "penguins"; chance, what the bootstrap draws anew, "seeds",
    "test rows" or "both"; reference, one of the names in `gdlesson.benchmark.RULES`, with which the
    others are compared. Raises ValueError for other values.
    """
    return RaceResult(after, mine, **values)
