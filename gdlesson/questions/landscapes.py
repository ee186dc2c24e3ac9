"""Questions on lesson landscapes: when does descent get stuck?"""

import numpy as np

from ..checking.questions import Match, Misconception, Number, Question, Several, exchanged
from ..descent import descend
from ..formatting import significant
from ..optimizers import GradientDescent
from ..surfaces import catalogue, quadratic

STARTS = {  # step size → a start that stays on its side, jumps once, jumps twice, and diverges
    0.05: ((0.5, 0.8, 1.5, 2.0), (2.6, 2.8), (3.2,), (3.5, 3.6)),
    0.1: ((0.4, 0.6, 1.4, 1.6), (2.0, 2.1, 2.2), (2.4,), (2.7, 2.8)),
    0.125: ((0.4, 0.6, 1.2, 1.5), (1.9, 2.0, 2.1), (2.2,), (2.4, 2.5)),
}


def _draw_starts(rng):
    lr = float(rng.choice(list(STARTS)))
    while True:  # until some start ends at −1
        starts = [float(rng.choice(group) * rng.choice([-1, 1])) for group in STARTS[lr]]
        numbers = {"lr": lr} | {f"w{i}": w for i, w in enumerate(sorted(starts))}
        if all(_left(steps)(**numbers) for steps in (0, 1, 300)):
            return numbers


def _left(steps):
    """The starts that are on the left of the hill after so many steps, on the well along w₂."""

    def answer(lr, **starts):
        points = np.stack([np.zeros(len(starts)), list(starts.values())], axis=1)
        path = descend(catalogue["double well"], GradientDescent(lr), points, steps, keep="last")
        ends = path.last[:, 1]
        return frozenset(name for name, end in zip(starts, ends, strict=True) if end < 0)

    return answer


def _basin_work(lr, **starts):
    """The first points from each start, and a start that does not end on its own side."""

    def points(start):
        path = descend(catalogue["double well"], GradientDescent(lr), [0.0, start], 2)
        return " → ".join(significant(w, 3) for w in path.w[:, 1])

    changed = _left(0)(lr, **starts) ^ _left(300)(lr, **starts)
    return {f"path{name[1:]}": points(w) for name, w in starts.items()} | {
        "other": starts[min(changed)]
    }


starts_of_a_basin = Question(
    name="starts_of_a_basin",
    lesson="landscapes",
    section="The start decides, and the step size too",
    text="The loss (w² − 1)² has minima at −1 and 1 and a maximum at 0. Its slope is 4w(w² − 1). "
    "From which of these starts does descent with lr = {lr} converge to −1?",
    draw=_draw_starts,
    answer=_left(300),
    kind=Several({f"w{i}": f"w = {{w{i}}}" for i in range(4)}, shuffled=False),
    misconceptions=(
        Misconception(
            "the side of the hill decides",
            _left(0),
            "You chose the starts to the left of the hill. But a long step can jump over the hill: "
            "where do the first steps from w = {other} lead?",
        ),
        Misconception(
            "the first step decides",
            _left(1),
            "You chose the starts whose first step ends to the left of the hill. Can the second "
            "step jump back over it, or lead even farther away?",
        ),
    ),
    hint="Compute the first two steps from each start. Some jump over the hill once, some twice, "
    "and some lead farther away with each step.",
    work=_basin_work,
    solution="The first steps are {path0}; {path1}; {path2}; {path3}. A start converges to −1 if "
    "its last jump over the hill ends on the left, and the steps become shorter. If they become "
    "longer and longer, descent diverges. The starts that lead to −1 are {answer}.",
)


def _draw_bowls(rng):
    mixed = []
    factors = rng.permutation([1, 2, 3, 4])
    for a, steep in zip(factors, (True, False, rng.integers(2)), strict=False):
        c = 2 * a + rng.integers(1, 4) if steep else rng.integers(1, 2 * a)
        mixed.append((int(a), int(a), int(c * rng.choice([-1, 1]))))
    p, q, r, s = (int(n) for n in rng.integers(1, 7, 4))
    plain = (p, -q, 0) if rng.integers(2) else (-p, q, 0)
    options = [*mixed, plain, (-r, -s, 0)]
    return {f"f{i}": options[k] for i, k in enumerate(rng.permutation(5))}


def _curvatures(a, b, c):
    """Of a·x² + b·y² + c·xy, the smaller first."""
    return np.linalg.eigvalsh([[2 * a, c], [c, 2 * b]])


def _is_saddle(a, b, c):
    low, high = _curvatures(a, b, c)
    return low < 0 < high


def _those(test):
    return lambda **functions: frozenset(name for name, f in functions.items() if test(*f))


def _polynomial(a, b, c):
    terms = [(n, letters) for n, letters in ((a, "x²"), (b, "y²"), (c, "xy")) if n]
    sizes = [f"{'' if abs(n) == 1 else abs(n)}{letters}" for n, letters in terms]
    text = " ".join(f"{'−' if n < 0 else '+'} {s}" for (n, _), s in zip(terms, sizes, strict=True))
    return text[2:] if text[0] == "+" else "−" + text[2:]


def _saddle_work(**functions):
    texts = {f"text{name[1:]}": _polynomial(*f) for name, f in functions.items()}
    a, _, c = next(f for f in functions.values() if f[2] and _is_saddle(*f))
    falls = f"along y = {'x' if c < 0 else '−x'} it is {_polynomial(2 * a - abs(c), 0, 0)}"
    return texts | {"example": _polynomial(a, a, c), "falls": falls}


which_are_saddles = Question(
    name="which_are_saddles",
    lesson="landscapes",
    section="Saddles",
    text="The gradient of each of these functions is 0 at (0, 0). For which of them is (0, 0) a "
    "saddle?",
    draw=_draw_bowls,
    answer=_those(_is_saddle),
    kind=Several({f"f{i}": f"{{text{i}}}" for i in range(5)}, shuffled=False),
    misconceptions=(
        Misconception(
            "only the directions of the axes",
            _those(lambda a, b, c: a * b < 0),
            "You compared the x-axis with the y-axis only. How does {example} change along y = x, "
            "and how along y = −x?",
        ),
        Misconception(
            "every mixed term makes a saddle",
            _those(lambda a, b, c: a * b < 0 or c != 0),
            "A term with xy turns the directions, but it makes a saddle only if it outweighs the "
            "squares. What is each function along y = x and along y = −x?",
        ),
        Misconception(
            "a maximum taken for a saddle",
            _those(lambda a, b, c: _curvatures(a, b, c)[0] < 0),
            "One of your functions falls in every direction from (0, 0). What must a function do "
            "at a saddle, apart from falling in one direction?",
        ),
    ),
    hint="A saddle rises along one direction and falls along another. Try the two axes and the "
    "two diagonals y = x and y = −x.",
    work=_saddle_work,
    solution="At a saddle the function rises along one direction and falls along another. Where "
    "the squares have different signs, the axes show it. With equal squares and a term with "
    "xy, the diagonals do: {example} rises along both axes, but {falls}. The saddles are {answer}.",
)


def _draw_escape(rng):
    near, decade = int(rng.choice([4, 5, 6])), int(rng.choice([8, 10, 12, 15, 20]))
    return {"near": near, "steps": (near - 1) * decade, "nearer": int(rng.choice([8, 9, 10, 13]))}


def _steps_from(nearer, factor):
    """Counted on the saddle x² − y², where a step multiplies y by 1 + 2·lr."""
    lr = (factor - 1) / 2
    path = descend(catalogue["saddle"], GradientDescent(lr), [0.0, 10.0**-nearer], 300)
    return float(np.argmax(path.w[:, 1] > 0.1 * (1 - 1e-9)))


steps_to_escape = Question(
    name="steps_to_escape",
    lesson="landscapes",
    section="Saddles",
    text="Near a saddle each step of descent multiplies the distance from the line that leads to "
    "the saddle by the same factor. A ball needs {steps} steps to increase this distance from "
    "{a} to 0.1. How many steps does it need from {b} to 0.1?",
    draw=_draw_escape,
    answer=lambda near, steps, nearer: _steps_from(nearer, 10 ** ((near - 1) / steps)),
    kind=Number(unit="steps", tolerance=0.01),
    misconceptions=(
        Misconception(
            "steps in proportion to the distance",
            lambda near, steps, nearer: steps * 10.0 ** (nearer - near),
            "The number of steps is not proportional to the distance: each step multiplies it. How "
            "many steps does it take to multiply it by 10?",
        ),
        Misconception(
            "start does not matter",
            lambda near, steps, nearer: steps,
            "From {b} the ball first has to come to {a}, and from there it needs {steps} steps. "
            "How many steps does the first part take?",
        ),
        Misconception(
            "ratio of the exponents of the starts",
            lambda near, steps, nearer: steps * nearer / near,
            "You multiplied the steps by {nearer}/{near}. Both ways end at 0.1 and not at 1: by "
            "how many factors of 10 does the distance grow in each case?",
        ),
    ),
    hint="By how many factors of 10 does the distance grow in each case? How many steps does one "
    "factor of 10 take?",
    work=lambda near, steps, nearer: {
        "a": _power(near),
        "b": _power(nearer),
        "tens": near - 1,
        "more": nearer - 1,
        "decade": steps / (near - 1),
    },
    solution="From {a} to 0.1 the distance grows by {tens} factors of 10, so one of them takes "
    "{steps}/{tens} = {decade} steps. From {b} to 0.1 it grows by {more} factors of 10. That takes "
    "{more} · {decade} = {answer}.",
)


def _power(n):
    return "10⁻" + "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(n))


STEPS, ENOUGH = 120, 0.01


def _draw_runs(rng):
    return {
        "plateau": float(rng.choice([2.9, 3.0, 3.1])),
        "saddle": int(rng.choice([4, 5, 6])),
        "kink": float(rng.choice([2.03, 2.52, 3.03])),
        "bowl": float(rng.choice([0.03, 0.04, 0.05])),
    }


def _run_curves(plateau, saddle, kink, bowl):
    def losses(surface, lr, *start):
        loss = descend(surface, GradientDescent(lr), start, STEPS).loss
        return loss[: 1 + np.argmax(loss < ENOUGH)] if loss.min() < ENOUGH else loss

    return {
        "plateau": losses(catalogue["plateau"], 0.25, plateau),
        "saddle": losses(catalogue["double well"], 0.06, 1.2, 10.0**-saddle),
        "kink": losses(catalogue["absolute value"], 0.05, kink),
        "bowl": losses(quadratic(1.0), bowl, 2.0),
    }


curves_of_landscapes = Question(
    name="curves_of_landscapes",
    lesson="landscapes",
    section="Plateaus and kinks",
    text="Descent with a constant step size runs on four losses whose minimum is 0. Each run "
    "stops when its loss is below {enough}, or else after {steps} steps. Which curve of the loss "
    "belongs to which run?",
    draw=_draw_runs,
    kind=Match(
        {
            "plateau": "starts on a plateau",
            "saddle": "passes close to a saddle",
            "kink": "comes to a minimum that is a kink, as in |w|",
            "bowl": "comes to the minimum of a parabola",
        }
    ),
    misconceptions=(
        Misconception(
            "plateau and saddle confused",
            exchanged("plateau", "saddle"),
            "You exchanged the plateau and the saddle. On the way to a saddle the loss falls "
            "first: which of the two runs has a small gradient from the start?",
        ),
        Misconception(
            "convergence to a kink with a constant step size",
            exchanged("kink", "bowl"),
            "You exchanged the kink and the parabola. The slope of |w| is 1 or −1 however near the "
            "minimum is: can a constant step size bring the loss ever closer to 0?",
        ),
        Misconception(
            "a saddle is where descent ends",
            exchanged("saddle", "kink"),
            "You gave the curve that ends above 0 to the saddle. A ball that is not exactly on the "
            "line escapes the saddle: how does its loss go on then?",
        ),
    ),
    hint="In which run does the loss fall slowly from the start? In which does it fall, hardly "
    "change, and fall again? And in which does the ball never come closer to the minimum than its "
    "steps are long?",
    work=lambda **numbers: {"steps": STEPS, "enough": ENOUGH},
    curves=_run_curves,
    solution="On a plateau the gradient is small from the start, so the loss falls late. On the "
    "way to a saddle it falls, hardly changes while the ball is near the saddle, and falls again. "
    "At a kink the gradient does not become smaller, so the ball jumps to and fro and the loss "
    "stays above 0. On a parabola each step multiplies the loss by the same factor, so its curve "
    "is straight on the log scale. In the order of the list: {answer}.",
)


QUESTIONS = (starts_of_a_basin, which_are_saddles, steps_to_escape, curves_of_landscapes)
