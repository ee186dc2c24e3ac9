"""Questions on lesson slope: how does a slope tell which way is down?"""

import numpy as np

from ..checking.questions import Misconception, Number, Order, Question, Several
from ..formatting import bracketed, listed, minus, significant
from ..surfaces import numerical_gradient


def _slope(f, t, h=1e-5):
    """The central difference of a function of one number."""
    return numerical_gradient(lambda w: f(w[..., 0]), [t], h)[0]


def _draw_values(rng):
    middle = int(rng.integers(3, 9))
    sign = int(rng.choice([-1, 1]))
    left, right = map(float, rng.choice([0.2, 0.4, 0.6, 0.8, 1.2], 2, replace=False))
    return {
        "t": int(rng.integers(1, 6)),
        "h": float(rng.choice([0.1, 0.2, 0.5])),
        "left": round(middle - sign * left, 1),
        "middle": middle,
        "right": round(middle + sign * right, 1),
        "step": float(rng.choice([0.01, 0.02, 0.03])),
    }


def _change(t, h, left, middle, right, step):
    def f(at):
        return np.interp(at, [t - h, t, t + h], [left, middle, right])

    return _slope(f, t, h) * step


change_from_values = Question(
    name="change_from_values",
    lesson="slope",
    section="Three ways to measure a slope",
    text="A function has the values f({before}) = {left}, f({t}) = {middle} and "
    "f({after}) = {right}. Use the central difference at {t}: by about how much does f change when "
    "t grows from {t} to {there}? Type a minus sign if f falls.",
    draw=_draw_values,
    answer=_change,
    kind=Number(),
    misconceptions=(
        Misconception(
            "forward difference",
            lambda t, h, left, middle, right, step: (right - middle) / h * step,
            "You used f({t}) and f({after}). A central difference leaves out the middle value. "
            "Which two points does it compare?",
        ),
        Misconception(
            "divided by h, not by 2h",
            lambda t, h, left, middle, right, step: (right - left) / h * step,
            "You divided the rise by {h}. How far is it from {before} to {after}?",
        ),
        Misconception(
            "the slope itself",
            lambda t, h, left, middle, right, step: (right - left) / (2 * h),
            "{slope} is the slope, the change for each unit of t. Here t grows by {step} only. How "
            "much of a unit is that?",
        ),
        Misconception(
            "rise without run",
            lambda t, h, left, middle, right, step: (right - left) * step,
            "{rise} is the rise from {before} to {after}. What do you divide a rise by, to have a "
            "slope?",
        ),
    ),
    hint="First compute the slope at {t} from the outer two values. Then multiply it by the change "
    "of t.",
    work=lambda t, h, left, middle, right, step: {
        "before": t - h,
        "after": t + h,
        "there": t + step,
        "rise": right - left,
        "run": 2 * h,
        "slope": (right - left) / (2 * h),
    },
    solution="From {before} to {after} the rise is {right} − {left} = {rise} and the run is {run}, "
    "so the slope is {rise}/{run} = {slope}. When t grows by {step}, f changes by about the slope "
    "times {step}, which is {answer}.",
)


def _draw_chain(rng):
    inner, outer = rng.choice([2, 3, 4, 5, 6], 2, replace=False)
    return {
        "inner": int(inner) * int(rng.choice([-1, 1])),
        "outer": int(outer) * int(rng.choice([-1, 1])),
        "step": float(rng.choice([0.02, 0.03, 0.05])),
    }


def _moves(rate):
    return "grows" if rate > 0 else "falls"


chained_changes = Question(
    name="chained_changes",
    lesson="slope",
    section="One function inside another",
    text="The number u depends on t, and f depends on u. When t grows by 0.01, u {u_moves} by "
    "{u_change}. When u grows by 0.01, f {f_moves} by {f_change}. By about how much does f change "
    "when t grows by {step}? Type a minus sign if f falls.",
    draw=_draw_chain,
    answer=lambda inner, outer, step: _slope(lambda t: outer * (inner * t), 1.0) * step,
    kind=Number(),
    misconceptions=(
        Misconception(
            "slopes added",
            lambda inner, outer, step: (inner + outer) * step,
            "You added the two slopes. If u changes {inner_size} times as much as t, and f "
            "{outer_size} times as much as u, how many times as much as t does f change?",
        ),
        Misconception(
            "inner slope forgotten",
            lambda inner, outer, step: outer * step,
            "You let u grow by {step}. It is t that grows by {step}: by how much does u change "
            "then?",
        ),
        Misconception(
            "outer slope forgotten",
            lambda inner, outer, step: inner * step,
            "That is the change of u. By how much does f change when u changes by so much?",
        ),
        Misconception(
            "changes multiplied instead of slopes",
            lambda inner, outer, step: inner * outer * 0.01**2,
            "You multiplied the two changes. Each of them belongs to a growth of 0.01. What are "
            "the two slopes, that is, the changes for each unit?",
        ),
    ),
    hint="By how much does u change when t grows by {step}? And f, when u changes by that much?",
    work=lambda inner, outer, step: {
        "u_moves": _moves(inner),
        "u_change": abs(inner) / 100,
        "f_moves": _moves(outer),
        "f_change": abs(outer) / 100,
        "inner_size": abs(inner),
        "outer_size": abs(outer),
        "u_result": inner * step,
        "times": bracketed(minus(f"{outer}")),
    },
    solution="The slope of u with respect to t is about {inner}, and that of f with respect to u "
    "about {outer}. When t grows by {step}, u changes by about {inner} · {step} = {u_result}, so f "
    "changes by about {u_result} · {times} = {answer}.",
)


def _draw_points(rng):
    def odd():
        return int(rng.choice([1, 3, 5, 7, 9]))

    while True:
        numbers = {
            "p": (odd(), int(rng.integers(1, 6))),
            "q": (odd(), int(rng.integers(1, 6))),
            "r": (int(rng.choice([-3, -2, 2, 3])), odd(), int(rng.choice([-2, -1, 1, 2, 3, 4]))),
            "s": (int(rng.choice([2, 5, 7])), int(rng.choice([-3, -2, -1, 1, 2, 3]))),
        }
        points = _functions(**numbers).values()
        rising = sum(_slope(f, t) > 0 for f, t, _ in points)
        values = [f(t) for f, t, _ in points]
        if 1 <= rising <= 3 and max(values) > 0 and all(values):
            return numbers


def _functions(p, q, r, s):
    """key → (function, point, formula); no slope among them is 0."""
    m, k = r[:2]
    line = f"{m}t − {k}" if m > 0 else f"{k} − {-m}t"
    return {
        "p": (lambda t: t * t - p[0] * t, p[1], f"t² − {_times(p[0])}"),
        "q": (lambda t: q[0] * t - t * t, q[1], f"{_times(q[0])} − t²"),
        "r": (lambda t: m * t - k if m > 0 else m * t + k, r[2], line),
        "s": (lambda t: t * t - s[0], s[1], f"t² − {s[0]}"),
    }


def _times(number):
    return "t" if number == 1 else f"{number}t"


def _where(condition):
    """A function of the question's numbers: the keys of the points that meet a condition."""
    return lambda **numbers: {
        key for key, (f, t, _) in _functions(**numbers).items() if condition(f, t)
    }


def _point_texts(**numbers):
    points = _functions(**numbers)
    texts = {key: minus(f"{formula} at t = {t}") for key, (_, t, formula) in points.items()}
    slopes = {key: round(_slope(f, t), 6) for key, (f, t, _) in points.items()}
    falling = sorted(points, key=slopes.get, reverse=True)
    ordered = listed([f"{significant(slopes[key], 4)} for {texts[key]}" for key in falling])
    return {f"text_{key}": text for key, text in texts.items()} | {"slopes": ordered}


down_to_the_left = Question(
    name="down_to_the_left",
    lesson="slope",
    section="Say it in symbols",
    text="Each option gives a function and a point. From which of these points does a very short "
    "step to the left, towards smaller t, lead down? Choose all that apply.",
    draw=_draw_points,
    answer=_where(lambda f, t: _slope(f, t) > 0),
    kind=Several({key: f"{{text_{key}}}" for key in "pqrs"}),
    misconceptions=(
        Misconception(
            "down is along the sign of the slope",
            _where(lambda f, t: _slope(f, t) < 0),
            "At all the points you chose, the slope is negative. If a function falls to the "
            "right, what does it do to the left?",
        ),
        Misconception(
            "sign of the value instead of the slope",
            _where(lambda f, t: f(t) > 0),
            "You chose the points where the value is positive. The value says how high the point "
            "is. What says in which direction the function falls there?",
        ),
        Misconception(
            "sign of t instead of the slope",
            _where(lambda f, t: t > 0),
            "You chose the points where t is positive. A function can rise or fall there, and "
            "for negative t too. What is the slope at each point?",
        ),
    ),
    hint="Compute the slope at each point. Which sign must it have if down is to the left?",
    work=_point_texts,
    solution="Down is to the left where the slope is positive. The slopes, largest first, are "
    "{slopes}. The answer is {answer}.",
)


def _draw_lines(rng):
    while True:
        slopes = rng.choice([0.5, 1, 2, 3, 4, 6], 4, replace=False) * rng.choice([-1, 1], 4)
        runs = rng.permutation([0.5, 1, 2, 4])
        rises = slopes * runs
        if len(set(abs(rises))) == 4 and 1 <= np.sum(slopes < 0) <= 3:
            break
    starts, heights = rng.integers(-3, 4, 4), rng.integers(-4, 9, 4)
    corners = zip(starts, heights, starts + runs, heights + rises, strict=True)
    return dict(zip("pqrs", (tuple(map(float, four)) for four in corners), strict=True))


def _sorted_by(size):
    """A function of the question's numbers: keys in the order of size(rise, run), largest first."""

    def order(**lines):
        sizes = {key: size(f1 - f0, t1 - t0) for key, (t0, f0, t1, f1) in lines.items()}
        return tuple(sorted(sizes, key=sizes.get, reverse=True))

    return order


def _line_texts(**lines):
    values = {}
    for key, (t0, f0, t1, f1) in lines.items():
        values[f"text_{key}"] = minus(f"from ({t0:g}, {f0:g}) to ({t1:g}, {f1:g})")
        values[f"slope_{key}"] = (f1 - f0) / (t1 - t0)
    return values


lines_by_steepness = Question(
    name="lines_by_steepness",
    lesson="slope",
    section="Say it in symbols",
    text="Four lines are each given by two points (t, f). Put them in order of steepness, "
    "steepest first, whether they rise or fall.",
    draw=_draw_lines,
    answer=_sorted_by(lambda rise, run: abs(rise / run)),
    kind=Order({key: f"{{text_{key}}}" for key in "pqrs"}),
    misconceptions=(
        Misconception(
            "rise without run",
            _sorted_by(lambda rise, run: abs(rise)),
            "You compared only how much f changes, and not over which distance. For each line, how "
            "large is the change of f for one unit of t?",
        ),
        Misconception(
            "a falling line counts as less steep",
            _sorted_by(lambda rise, run: rise / run),
            "Your order is that of the slopes with their signs. A slope of −3 is steeper than one "
            "of 2, because only its size counts. What are the sizes here?",
        ),
        Misconception(
            "run over rise",
            _sorted_by(lambda rise, run: abs(run / rise)),
            "You seem to have divided the change of t by the change of f. Which of the two is in "
            "the denominator of a slope?",
        ),
    ),
    hint="Divide the change of f by the change of t, and compare the sizes.",
    work=_line_texts,
    solution="The slopes, rise over run, are {slope_p} {text_p}, {slope_q} {text_q}, "
    "{slope_r} {text_r} and {slope_s} {text_s}. Their sizes without the sign give the "
    "order {answer}.",
)


QUESTIONS = (change_from_values, chained_changes, down_to_the_left, lines_by_steepness)
