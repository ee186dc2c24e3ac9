"""Exercises of landscapes."""

import numpy as np

from ..checking.exercise import Exercise, Mistake
from ..checking.probes import Call, named


def count_minima(grad, starts, lr, steps, tol):
    ends = np.array(starts, dtype=float)
    for _ in range(steps):
        ends = ends - lr * np.array([grad(w) for w in ends])
    far = np.linalg.norm(ends[:, None] - ends, axis=-1) > tol
    return sum(far[i, :i].all() for i in range(len(ends)))


def _probes():
    double = named("4w(w² − 1)", lambda w: 4 * w * (w**2 - 1))
    bowl = named("w", lambda w: 1.0 * w)
    wells = named("(2w₀, 4w₁(w₁² − 1))", _wells)
    near = named("w − 1.05", lambda w: w - 1.05)
    column = np.array([[-1.6], [0.4], [-0.3], [1.5], [0.9], [-1.1], [1.5]])
    plane = np.array([[1.0, 2.0], [-1.0, -0.4], [0.5, 0.7], [2.0, -1.2], [0.0, 0.0]])
    return [  # short descents first: most answers differ there
        Call(bowl, np.array([[1.0], [2.0]]), 0.5, 3, 0.14, note="3 steps"),
        Call(bowl, np.array([[1.0], [2.0]]), 0.5, 3, 0.11),
        Call(bowl, np.array([[1.0], [1.5]]), 0.5, 1, 0.3, note="1 step"),
        Call(bowl, np.array([[2.0, 0.0], [0.0, 2.0], [2.0, 2.0]]), 0.1, 0, 0.5, note="0 steps"),
        Call(near, np.array([[1.0], [2.0], [-1.0], [1.3]]), 0.5, 12, 0.1, note="tol = 0.1"),
        Call(bowl, np.array([[1.0], [1.4]]), 0.5, 2, 0.5, note="tol = 0.5"),
        Call(near, np.array([[3], [-2], [0]]), 0.5, 40, 0.01, note="starts of whole numbers"),
        Call(double, np.array([[0.7]]), 0.05, 50, 1e-3),
        Call(bowl, np.array([[3, 1], [-2, 4], [5, 5]]), 0.3, 100, 1e-3),
        Call(double, column, 0.05, 200, 1e-3),
        Call(wells, plane, 0.05, 300, 1e-2),
    ]


def _wells(w):
    x, y = w[..., 0], w[..., 1]
    return np.stack([2 * x, 4 * y * (y**2 - 1)], axis=-1)


def _ends(grad, starts, lr, steps):
    w = np.array(starts, dtype=float)
    for _ in range(steps):
        w = w - lr * np.array([grad(u) for u in w])
    return w


def _apart(ends, tol):
    far = np.linalg.norm(ends[:, None] - ends, axis=-1) > tol
    return sum(far[i, :i].all() for i in range(len(ends)))


def _counted(count):
    return lambda grad, starts, lr, steps, tol: count(_ends(grad, starts, lr, steps), tol)


def _run(change):
    return lambda grad, starts, lr, steps, tol: _apart(
        _ends(*change(grad, np.array(starts, float), lr, steps)), tol
    )


def _whole(grad, starts, lr, steps, tol):
    w = np.array(starts)
    for _ in range(steps):
        w = (w - lr * np.array([grad(u) for u in w])).astype(w.dtype)
    return _apart(w.astype(float), tol)


def _far(w, u, tol):
    return np.linalg.norm(w - u) > tol


def _kept(ends, new):
    """How many ends are kept when new(end, those kept so far) says which are."""
    found = []
    for w in ends:
        if new(w, found):
            found.append(w)
    return len(found)


def _until_flat(grad, starts, lr, steps, tol):
    ends = []
    for w in np.array(starts, dtype=float):
        for _ in range(steps):
            if np.linalg.norm(grad(w)) < tol:
                break
            w = w - lr * grad(w)
        ends.append(w)
    return _apart(np.array(ends), tol)


MISTAKES = [
    Mistake(
        "number of starts",
        _counted(lambda ends, tol: len(ends)),
        "That is the number of starts. Several of them end in the same valley: what makes two "
        "ends one?",
    ),
    Mistake(
        "no tolerance",
        (
            _counted(lambda ends, tol: len(np.unique(ends, axis=0))),
            _counted(lambda ends, tol: len(np.unique(ends))),
        ),
        "Ends count as different when their last digit differs. Two descents into one valley "
        "never meet to the last bit: what is tol for?",
    ),
    Mistake(
        "neighbours only",
        _counted(lambda ends, tol: 1 + sum(np.linalg.norm(np.diff(ends, axis=0), axis=1) > tol)),
        "Each end is compared with the one before only: left, right, left counts as three. With "
        "which ends should a new one be compared?",
    ),
    Mistake(
        "rounded",
        (
            _counted(lambda ends, tol: len(np.unique(np.round(ends / tol), axis=0))),
            _counted(lambda ends, tol: len(np.unique(np.floor(ends / tol), axis=0))),
            *(
                _counted(lambda ends, tol, k=k: len(np.unique(np.round(ends, k), axis=0)))
                for k in (1, 2, 3, 4, 5, 6)
            ),
        ),
        "Rounding lays a grid over the plane: two ends a hair apart, on both sides of one of its "
        "lines, count as two. Measure distances in place of it.",
    ),
    Mistake(
        "one coordinate",
        (
            _counted(lambda ends, tol: _apart(ends[:, :1], tol)),
            _counted(lambda ends, tol: _apart(ends[:, -1:], tol)),
            _counted(
                lambda ends, tol: sum(
                    all(min(abs(w - u)) > tol for u in ends[:i]) for i, w in enumerate(ends)
                )
            ),
        ),
        "Two ends that agree in one coordinate can lie far apart in another. What is the distance "
        "of two points of the plane?",
    ),
    Mistake(
        "compared with the first only",
        _counted(
            lambda ends, tol: _kept(ends, lambda w, found: not found or _far(w, found[0], tol))
        ),
        "Each end is compared with the first one only, so the second valley is counted once for "
        "every ball in it. With which ends should a new one be compared?",
    ),
    Mistake(
        "far from one of them",
        _counted(
            lambda ends, tol: _kept(
                ends, lambda w, found: not found or any(_far(w, u, tol) for u in found)
            )
        ),
        "An end counts as new when it is far from any *one* that is known, so with two valleys "
        "each ball is new. From how many of them should it be far?",
    ),
    Mistake(
        "the comparison turned round",
        (
            _counted(
                lambda ends, tol: _kept(
                    ends, lambda w, found: not any(_far(w, u, tol) for u in found)
                )
            ),
            _counted(
                lambda ends, tol: _kept(
                    ends, lambda w, found: not found or any(not _far(w, u, tol) for u in found)
                )
            ),
        ),
        "An end counts as new when it is close to a known one, so one valley is counted again and "
        "again. Which side of tol is new?",
    ),
    Mistake(
        "tol ends the descent",
        _until_flat,
        "Each descent stops where the gradient is below tol, and two balls that stop on their way "
        "into one valley are still apart. Here tol tells ends apart; what ends the loop?",
    ),
    Mistake(
        "arrivals",
        (
            lambda grad, starts, lr, steps, tol: sum(
                np.linalg.norm(grad(w)) < tol for w in _ends(grad, starts, lr, steps)
            ),
            lambda grad, starts, lr, steps, tol: sum(
                np.linalg.norm(grad(w)) < tol for w in np.array(starts, float)
            ),
        ),
        "That counts balls which stand on flat ground. Several of them may stand in one place: "
        "how many places are there?",
    ),
    Mistake(
        "uphill",
        _run(lambda grad, starts, lr, steps: (lambda w: -grad(w), starts, lr, steps)),
        "The descents climb: they run away from the valleys. Which sign does a step have?",
    ),
    Mistake(
        "no descent",
        (
            _run(lambda grad, starts, lr, steps: (grad, starts, lr, 0)),
            lambda grad, starts, lr, steps, tol: len(np.unique(starts, axis=0)),
        ),
        "The starts are counted, not the ends: no step is made, or its result is lost.",
    ),
    Mistake(
        "one step short",
        _run(lambda grad, starts, lr, steps: (grad, starts, lr, max(steps - 1, 0))),
        "Your descents stop one step early, and two ends that meet in it still count as two. "
        "How many times does the loop run?",
    ),
    Mistake(
        "one step too many",
        _run(lambda grad, starts, lr, steps: (grad, starts, lr, steps + 1)),
        "Your descents make one step more than asked. How many times does the loop run?",
    ),
    Mistake(
        "no lr",
        _run(lambda grad, starts, lr, steps: (grad, starts, 1.0, steps)),
        "The step size changes nothing in your count. Where does lr enter?",
    ),
    Mistake(
        "one step only",
        _run(lambda grad, starts, lr, steps: (grad, starts, lr, min(steps, 1))),
        "Each start makes a single step. Where are they after all of `steps`?",
    ),
    Mistake(
        "the other way round",
        _counted(lambda ends, tol: len(ends) - _apart(ends, tol)),
        "That is how many ends are repeated. How many are new?",
    ),
    Mistake(
        "pairs",
        _counted(
            lambda ends, tol: int(
                (np.linalg.norm(ends[:, None] - ends, axis=-1) > tol)[
                    np.triu_indices(len(ends), 1)
                ].sum()
            )
        ),
        "That counts pairs of ends which lie apart. Three starts in two valleys have two such "
        "pairs; how many valleys?",
    ),
    Mistake(
        "one less",
        _counted(lambda ends, tol: _apart(ends, tol) - 1),
        "One too few, always: the first end is new as well. What does your counter begin with?",
    ),
    Mistake(
        "the saddle is left out",
        lambda grad, starts, lr, steps, tol: (
            _apart(
                np.array([w for w in _ends(grad, starts, lr, steps) if np.linalg.norm(w) > tol]),
                tol,
            )
            if len([w for w in _ends(grad, starts, lr, steps) if np.linalg.norm(w) > tol])
            else 0
        ),
        "An end at the origin is not counted. A start on the ridge ends on the saddle, and this "
        "counts where descents end, stuck or not.",
    ),
    Mistake(
        "the ends themselves",
        _counted(
            lambda ends, tol: np.array(
                [
                    w
                    for i, w in enumerate(ends)
                    if all(np.linalg.norm(w - u) > tol for u in ends[:i])
                ]
            )
        ),
        "Those are the points, and the question is how many there are.",
    ),
    Mistake(
        "whole numbers",
        _whole,
        "Right for starts like 2.0 and wrong for 2: an array of whole numbers cuts off the rest at "
        "each step. What type should the points have?",
    ),
]

EXERCISES = [
    Exercise(
        name="count_minima",
        signature="count_minima(grad, starts, lr, steps, tol)",
        reference=count_minima,
        mistakes=MISTAKES,
        probes=_probes,
        hints=[
            "Two parts: let every start descend for `steps` steps, then count the ends.",
            "Go through the ends one by one and keep a list of those that are new.",
            "An end is new when its distance to each one before it is more than tol.",
        ],
        returns=("the count",),
    )
]
