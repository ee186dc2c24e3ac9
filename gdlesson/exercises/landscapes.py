"""Exercises of lesson 10: count the places where descents end."""

import numpy as np

from ..checking.exercise import Exercise, Mistake, edit, either
from ..checking.probes import Call, named, scattered


def count_minima(grad, starts, lr, steps, tol):
    found = []
    for w in np.array(starts, dtype=float):
        for _ in range(steps):
            w = w - lr * grad(w)
        if all(np.linalg.norm(w - end) > tol for end in found):
            found.append(w)
    return len(found)


def _waves(size):
    """The gradient of a curve with a minimum at each multiple of 2π·size."""
    text = "sin(w)" if size == 1 else f"{size:g}·sin(w/{size:g})"
    return named(text, lambda w: size * np.sin(w / size))


def _by_coordinate(text, *gradients):
    """The gradient of a sum of functions, one of each coordinate."""
    return named(text, lambda w: np.stack([g(w[..., i]) for i, g in enumerate(gradients)], axis=-1))


def _probes():
    bowl = named("w", lambda w: 1.0 * w)
    near = named("w − 1.05", lambda w: w - 1.05)
    double = named("4w(w² − 1)", lambda w: 4 * w * (w**2 - 1))
    saddle = _by_coordinate("(2w₀, 4w₁(w₁² − 1))", lambda x: 2 * x, double)
    grid = _by_coordinate("(4w₀(w₀² − 1), sin(w₁))", double, np.sin)
    hills = np.array([[0.5], [6.0], [7.5], [-5.5], [0.3], [13.1], [-12.0], [5.8], [-0.9]])
    ridge = np.array([[1.0, 2.0], [-1.0, -0.4], [0.5, 0.7], [2.0, -1.2], [0.0, 0.0]])
    two = np.array([[1.0], [2.0]])
    centres = 40.0 * np.arange(-2, 4)  # each has a second start whose end is nearly tol away
    gaps = np.array([1.52, 0.44, 0.76, 1.04, 0.6, 0.84])
    # close pairs on both sides of where rounding to 0, 1, 2, … decimals changes
    edges = np.array([0.5, 10.05, 20.005, 30.0005, 40.00005, 50.000005, 60.0000005, 70])
    return [  # short descents first: most answers differ there
        Call(bowl, two, 0.3, 3, 0.4),
        Call(bowl, two, 0.3, 3, 0.3),
        Call(bowl, two, 1.0, 1, 0.2),
        Call(bowl, two, 1.0, 2, 0.1),
        Call(bowl, [[0.0], [0.9], [1.8]], 0.1, 0, 1.0, note="a chain of close ends"),
        Call(bowl, [[2.0, 0.0], [0.0, 2.0], [2.0, 2.0]], 0.1, 0, 0.5),
        Call(bowl, [[1, 0, 0], [1, 0.4, 0], [1.7, 0, 0], [1, 0, -0.6]], 0.1, 0, 0.5),
        Call(bowl, np.concatenate([centres, centres + gaps / 0.343])[:, None], 0.3, 3, 0.8),
        Call(near, 1.05 + 10.0 ** np.arange(3, -9, -1)[:, None], 0.6, 3, 1e-3),
        Call(bowl, np.concatenate([edges - 5e-9, edges + 5e-9])[:, None], 0.1, 0, 1e-6),
        Call(near, [[3], [-2], [0]], 0.4, 25, 0.01),
        Call(double, [[0.7]], 0.05, 50, 1e-3, note="a single start"),
        Call(double, [[-1.6], [0.4], [-0.3], [1.5], [0.9], [-1.1], [1.5]], 0.05, 30, 0.1),
        Call(bowl, [[3, 1], [-2, 4], [5, 5]], 0.3, 40, 1e-3),
        Call(grid, np.column_stack([np.tile([1.2, 0.7, -1.1], 3), hills]), 0.12, 40, 0.1),
        Call(saddle, ridge, 0.1, 40, 0.01),
        Call(_waves(1e5), 1e5 * hills, 0.6, 20, 2e3),
        Call(_waves(1e-8), 1e-8 * hills, 0.6, 20, 3e-10),
        Call(_waves(1), scattered((120, 1), 0.3, 30, 2), 0.9, 12, 0.05, note="120 starts"),
    ]


NEW = "all(np.linalg.norm(w - end) > tol for end in found)"
DISTANCE = "np.linalg.norm(w - end)"
STEP = "w = w - lr * grad(w)"
PAIRS = "sum(np.linalg.norm(a - b) {} tol for i, a in enumerate(found) for b in found[:i])"
LINE, STOP = "\n            ", ":\n                break"  # of the inner loop


def _measured(*distances):
    """Compare something else than the distance of two ends with tol."""
    return tuple(edit((DISTANCE, distance)) for distance in distances)


def _same(rounded):
    """Compare ends by a rounded value; {} is the point."""
    one, other = rounded.format("w"), rounded.format("end")
    return edit((NEW, f"all(({one} != {other}).any() for end in found)"))


def _count_all(count):
    """Keep every end in `found`, and return something else than their number."""
    return edit((NEW, "True"), ("len(found)", count))


# fmt: off
MISTAKES = [
    Mistake("number of starts", lambda grad, starts, lr, steps, tol: len(starts),
        "Your function returns the number of starts. Several starts can end in the same place, "
        "which should count once. When are two ends the same place?"),
    Mistake("no tolerance", (_same("{}"), _count_all("len(np.unique(found))")),
        "Two ends count as different even when they differ only in the last digit. Descents into "
        "the same minimum get close to each other but rarely agree exactly. What is tol for?"),
    Mistake("neighbours only", edit(("in found)", "in found[-1:])")),
        "An end is compared only with the last one before it. Left, right and left again then "
        "count as three places. With which ends should a new end be compared?"),
    Mistake("rounded",
        (*(_same(f"np.{how}({{}} / tol)") for how in ("round", "floor", "trunc")),
         _same("np.round({}, int(-np.log10(tol)))"),
         *(_same(f"np.round({{}}, {digits})") for digits in range(7))),
        "The ends are rounded before they are compared. Two close ends can be rounded to "
        "different values and then count as two. Which quantity should be compared with tol?"),
    Mistake("one coordinate",
        _measured("abs(w - end)[0]", "abs(w - end)[-1]", "abs(w - end).min()"),
        "Two ends count as the same place when only one of their coordinates agrees. In another "
        "coordinate they can be far apart. What is the distance between two points?"),
    Mistake("differences cancel",
        _measured("abs(np.sum(w - end))", "np.sum(w - end)", "np.max(w - end)"),
        "The differences of the coordinates are used with their signs. A negative difference can "
        "cancel a positive one or count as small. What is the distance between two points?"),
    Mistake("the mean difference",
        _measured("np.mean(abs(w - end))", "np.sqrt(np.mean((w - end) ** 2))"),
        "A mean over the coordinates is compared with tol. With more coordinates the mean gets "
        "smaller, although the distance does not. What is the distance between two points?"),
    Mistake("norms are compared", edit((DISTANCE, "abs(np.linalg.norm(w) - np.linalg.norm(end))")),
        "The lengths of the ends are compared, not the ends. The minima at −1 and at 1 are "
        "equally far from the origin, so they count as one. What should you take the norm of?"),
    Mistake("squared distance", _measured("np.sum((w - end) ** 2)"),
        "A squared distance is compared with tol. The square of 0.4 is 0.16, so with tol = 0.3 "
        "two ends 0.4 apart count as one place. Which quantity has the unit of tol?"),
    Mistake("compared with the first only", edit(("in found)", "in found[:1])")),
        "Each end is compared only with the first one. Every descent that ends in another place "
        "than the first therefore counts as new. With which ends should it be compared?"),
    Mistake("compared with ends that were not counted",
        _count_all("sum(all(np.linalg.norm(w - end) > tol for end in found[:i])"
                   " for i, w in enumerate(found))"),
        "An end is also compared with ends that were not counted. Of ends at 0, 0.9 and 1.8 with "
        "tol = 1 the second does not count, so the third is new. With which ends should it be "
        "compared?"),
    Mistake("far from one of them", edit(("all(", "not found or any(")),
        "An end counts as new when it is far from one of the known ends. Once two places are "
        "known, every end is far from one of them. From how many of them should a new end be "
        "far?"),
    Mistake("the comparison turned round", edit(("> tol", "<= tol")),
        "An end counts as new when it is close to the known ones. One place is then counted "
        "again and again, and the other places are left out. On which side of tol is an end new?"),
    Mistake("never new", lambda grad, starts, lr, steps, tol: 0,
        "Your count is always 0. This happens, for example, when each end is also compared with "
        "itself, or when `any` goes through an empty list. What makes the first end new?"),
    Mistake("always one", lambda grad, starts, lr, steps, tol: 1,
        "Your count is always 1. This happens, for example, when `return` is inside the loop "
        "over the starts. When is the count complete?"),
    Mistake("tol ends the descent",
        either((STEP, f"if np.linalg.norm(grad(w)) < tol{STOP}{LINE}{STEP}"),
               (STEP, f"if np.linalg.norm(lr * grad(w)) < tol{STOP}{LINE}{STEP}"),
               (STEP, f"old = w{LINE}{STEP}{LINE}if np.linalg.norm(w - old) < tol{STOP}")),
        "Your descents stop early, when a gradient or a step is smaller than tol. Two descents "
        "into the same minimum can then stop far apart. How many steps should each descent make?"),
    Mistake("arrivals", edit((NEW, "np.linalg.norm(grad(w)) < tol")),
        "Your function counts the descents that end where the gradient is small. Several of them "
        "can end in the same place. How many different places are there?"),
    Mistake("only where the gradient is small",
        edit((NEW, f"{NEW} and np.linalg.norm(grad(w)) < tol")),
        "An end counts only where the gradient is small. This function counts every place where "
        "descents end, also when they have not arrived at a minimum. What is compared with tol?"),
    Mistake("uphill", edit(("w - lr", "w + lr")),
        "Your descents go uphill, away from the minima. The gradient points in the direction in "
        "which the loss grows. Which sign does the step need?"),
    Mistake("no descent", edit(("range(steps)", "range(0)")),
        "The starts are compared, not the ends. Either no step is made, or its result is lost. "
        "Which line should change the point?"),
    Mistake("one step short", edit(("range(steps)", "range(steps - 1)")),
        "Your descents make one step less than asked. Two ends that come within tol in the last "
        "step then still count as two. How many times does your loop run?"),
    Mistake("one step too many", edit(("range(steps)", "range(steps + 1)")),
        "Your descents make one step more than asked. Two ends that are still apart after "
        "`steps` steps can then count as one. How many times does your loop run?"),
    Mistake("no lr", edit(("lr * grad(w)", "grad(w)")),
        "The step is not multiplied by lr. Your count is therefore the same for every learning "
        "rate. Where does lr enter the rule?"),
    Mistake("one step only",
        either(("range(steps)", "range(min(steps, 1))"), ("range(steps)", "range(1)")),
        "Each start makes a single step. After one step, most descents are still far from a "
        "minimum. Where does `steps` enter your function?"),
    Mistake("the gradient at the start",
        edit(("range(steps)", "range(1)"), ("lr * grad(w)", "steps * lr * grad(w)")),
        "Every step uses the gradient at the start. The slope changes along the way, so each "
        "step needs the gradient at the point it starts from. What do you pass to grad?"),
    Mistake("the other way round", edit(("len(found)", "len(starts) - len(found)")),
        "Your function counts the ends that repeat an earlier one. The different places are "
        "asked for. How many ends are new?"),
    Mistake("pairs",
        (_count_all(PAIRS.format(">")), _count_all("len(found) - " + PAIRS.format("<="))),
        "Your function counts pairs of ends. Three ends in one place make three close pairs, and "
        "three ends in two places make two pairs that are far apart. How many places are there?"),
    Mistake("only ends without company",
        _count_all("sum(sum(np.linalg.norm(a - b) <= tol for b in found) == 1 for a in found)"),
        "Your function counts the ends that have no other end near them. A place where several "
        "descents end is then not counted at all. How often should such a place count?"),
    Mistake("one less", edit(("len(found)", "len(found) - 1")),
        "The count is one too small. The first end is new as well, because there is none before "
        "it. With which number does your count begin?"),
    Mistake("the saddle is left out", edit((NEW, f"{NEW} and np.linalg.norm(w) > tol")),
        "An end at the origin is not counted. The origin can be a minimum or a saddle, and every "
        "place where descents end should count. Which line leaves it out?"),
    Mistake("the ends themselves", (edit(("len(found)", "found")), _count_all("found")),
        "Your function returns the ends themselves. The question is how many different ones "
        "there are. Which function gives the length of a list?"),
    Mistake("whole numbers", edit(("w - lr * grad(w)", "(w - lr * grad(w)).astype(starts.dtype)")),
        "The points are rounded to whole numbers when the starts are whole numbers. An array of "
        "integers cuts off the decimals at every step. Which type should the points have?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="count_minima",
        signature="count_minima(grad, starts, lr, steps, tol)",
        reference=count_minima,
        mistakes=MISTAKES,
        probes=_probes,
        hints=[
            "The function has two parts: let every start make `steps` steps, then count the "
            "different ends.",
            "Go through the ends one by one and keep a list of those that are new.",
            "An end is new when its distance from every end in the list is larger than tol.",
        ],
        returns=("the count",),
    )
]
