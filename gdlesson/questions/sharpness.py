"""Questions on lesson sharpness: why does full-batch training hover at 2/lr?"""

import numpy as np

from ..checking.questions import Misconception, Number, Question, Several
from ..descent import descend
from ..formatting import bracketed, listed, significant
from ..optimizers import GradientDescent
from ..surfaces import quadratic


class _Product:
    """½(w₁w₂ − y)²: a network of two weights, with a curve of minima from flat to sharp."""

    def __init__(self, y):
        self.y = y

    def f(self, w):
        return 0.5 * (w[..., 0] * w[..., 1] - self.y) ** 2

    def grad(self, w):
        return (w[..., :1] * w[..., 1:] - self.y) * w[..., ::-1]


MINIMA = ("first", "second", "third", "fourth")


def _draw_minima(rng):
    """A product, four pairs of weights that give it, and an lr with no pair near its limit.

    Some curvature is below 1/lr, some between 1/lr and 2/lr, and some above.
    """
    while True:
        y, lr = int(rng.choice([3, 4, 6])), float(rng.choice([0.03, 0.06, 0.07, 0.1, 0.12]))
        w1s = rng.choice([0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0], 4, replace=False)
        points = [(float(w1), float(y / w1)) for w1 in w1s * rng.choice([-1.0, 1.0], 4)]
        products = [lr * (w1**2 + w2**2) for w1, w2 in points]
        exact = all(round(w2, 1) == w2 for _, w2 in points)
        if (
            exact
            and {min(int(p), 2) for p in products} == {0, 1, 2}
            and all(abs(p / 2 - 1) > 0.05 for p in products)
        ):
            return {"y": y, "lr": lr} | dict(zip(MINIMA, points, strict=True))


def _curvatures(points):
    return {key: w1**2 + w2**2 for key, (w1, w2) in points.items()}


def _not_left(y, lr, **points):
    """The minima from whose neighbourhood descent does not move away."""
    starts = np.array(list(points.values()), float)
    ends = descend(_Product(y), GradientDescent(lr), starts + np.array([1e-4, 2e-4]), 400).last
    near = np.abs(ends - starts).max(-1) < 0.01
    return {key for key, is_near in zip(points, near, strict=True) if is_near}


def _below(limit):
    return lambda y, lr, **points: {
        key for key, curvature in _curvatures(points).items() if curvature < limit(lr)
    }


stable_minima = Question(
    name="stable_minima",
    lesson="sharpness",
    section="Why it does not diverge",
    text="A network of two weights has the loss f = ½(w₁w₂ − {y})². At its minima the largest "
    "curvature is w₁² + w₂². Descent with lr = {lr} starts very close to one of them. At which of "
    "these minima (w₁, w₂) does it stay close?",
    draw=_draw_minima,
    answer=_not_left,
    kind=Several({key: f"{{{key}}}" for key in MINIMA}),
    misconceptions=(
        Misconception(
            "all minima of equal loss are alike",
            lambda y, lr, **points: set(points),
            "The loss is 0 at each of them, but the curvature is not the same. For which "
            "curvatures does the distance shrink with lr = {lr}?",
        ),
        Misconception(
            "limit 1/L instead of 2/L",
            _below(lambda lr: 1 / lr),
            "At the minima you chose lr is below 1/L, so descent does not even overshoot there. "
            "Up to which curvature does it overshoot and still converge?",
        ),
        Misconception(
            "descent stays at sharp minima",
            lambda y, lr, **points: set(points) - _below(lambda lr: 2 / lr)(y, lr, **points),
            "You chose the minima with the larger curvatures. By what does one step multiply the "
            "distance along the steepest direction there?",
        ),
    ),
    hint="Compute w₁² + w₂² for each, and compare it with 2/lr.",
    work=lambda y, lr, **points: {
        "limit": 2 / lr,
        "sums": listed([f"{c:g}" for c in sorted(_curvatures(points).values())]),
    },
    solution="Descent stays close to a minimum where the largest curvature is below "
    "2/lr = 2/{lr} = {limit}. In order of size, the sums w₁² + w₂² are {sums}. Those below "
    "{limit} belong to {answer}.",
)


def _draw_new_rate(rng):
    lr = float(rng.choice([0.05, 0.1, 0.2, 0.25, 0.4]))
    return {"lr": lr, "new": round(lr * float(rng.choice([0.2, 0.4, 0.6, 0.8, 1.2, 1.6, 2, 3])), 3)}


def _factor(lr, new):
    """What one step with the new learning rate leaves of a deviation, where L = 2/lr."""
    return float(descend(quadratic(2 / lr), GradientDescent(new), [1.0], 1).w[1, 0])


changed_at_the_edge = Question(
    name="changed_at_the_edge",
    lesson="sharpness",
    section="What changes it",
    text="Full-batch training hovers at the edge of stability with lr = {lr}. Now you change lr to "
    "{new}. By what factor does the next step multiply a small deviation along the direction of "
    "the largest curvature? Give its sign too.",
    draw=_draw_new_rate,
    answer=_factor,
    kind=Number(),
    misconceptions=(
        Misconception(
            "curvature 1/lr at the edge",
            lambda lr, new: 1 - new / lr,
            "This would be right for a largest curvature of 1/lr. Descent converges up to a larger "
            "curvature than this: what is the curvature at the edge?",
        ),
        Misconception(
            "factor of the loss",
            lambda lr, new: (1 - 2 * new / lr) ** 2,
            "This is the factor of the loss in this direction, which is never negative. What is "
            "the factor of the deviation itself?",
        ),
        Misconception(
            "ratio of the learning rates",
            lambda lr, new: new / lr,
            "The step becomes {ratio} times as long. But the deviation after the step is the "
            "deviation before it minus the step: what remains?",
        ),
        Misconception(
            "curvature follows the learning rate at once",
            lambda lr, new: -1.0,
            "The factor is −1 when the curvature is 2/lr for the lr in use. In the next step the "
            "curvature is still that of the old lr: what is lr·L then?",
        ),
    ),
    hint="What is the largest curvature L at the edge, with the old lr? And what is 1 − lr·L with "
    "the new one?",
    work=lambda lr, new: {
        "L": 2 / lr,
        "ratio": new / lr,
        "then": "grows, and training diverges unless the curvature falls quickly"
        if new > lr
        else "shrinks, and the curvature can grow towards the new value of 2/lr",
    },
    solution="At the edge the largest curvature is L = 2/{lr} = {L}. One step with the new lr "
    "multiplies a deviation by 1 − lr·L = 1 − {new} · {L} = {answer}. So the "
    "deviation {then}.",
)


def _draw_change(rng):
    v1, v2 = [(0.6, 0.8), (0.8, 0.6), (0.8, -0.6), (0.6, -0.8)][rng.integers(4)]
    h = float(rng.choice([0.1, 0.01]))
    g1, g2, a, b = (int(x) for x in rng.choice(np.arange(1, 10), 4))
    b = b if v2 > 0 else -b
    return {
        "v1": v1,
        "v2": v2,
        "h": h,
        "g1": g1,
        "g2": g2,
        "k1": round(g1 + h * a, 2),
        "k2": round(g2 + h * b, 2),
    }


def _change(h, g1, g2, k1, k2, **_):
    return (k1 - g1) / h, (k2 - g2) / h


def _along_v(v1, v2, **numbers):
    a, b = _change(**numbers)
    return v1 * a + v2 * b


curvature_along = Question(
    name="curvature_along",
    lesson="sharpness",
    section="Power iteration",
    text="The gradient of a loss is ({g1}, {g2}) at w, and ({k1}, {k2}) at w + {h}·v, where the "
    "direction v = ({v1}, {v2}) has length 1. What is the curvature in the direction v, "
    "estimated from these two gradients?",
    draw=_draw_change,
    answer=_along_v,
    kind=Number(),
    misconceptions=(
        Misconception(
            "length of the change",
            lambda v1, v2, **numbers: float(np.hypot(*_change(**numbers))),
            "{length} is the length of the change of the gradient per distance. The curvature in "
            "the direction v is its part along v: how is that part computed?",
        ),
        Misconception(
            "change not divided by the distance",
            lambda h, **numbers: h * _along_v(h=h, **numbers),
            "This is the change of the slope along v, over a distance of {h}. How large is it per "
            "unit of distance?",
        ),
        Misconception(
            "slope in place of curvature",
            lambda v1, v2, g1, g2, **numbers: v1 * g1 + v2 * g2,
            "This is the slope at w in the direction v. The curvature is the rate at which this "
            "slope changes: what is the slope at the second point?",
        ),
        Misconception(
            "sum of the two changes",
            lambda v1, v2, **numbers: sum(_change(**numbers)),
            "You added the changes of the two coordinates. The step along v is not equally long in "
            "both: with what is each change weighted?",
        ),
    ),
    hint="By how much does the gradient change, per unit of distance? And how much of this change "
    "lies along v?",
    work=lambda v1, v2, h, **numbers: {
        "a": _change(h=h, **numbers)[0],
        "b": _change(h=h, **numbers)[1],
        "length": float(np.hypot(*_change(h=h, **numbers))),
        "v2_shown": bracketed(significant(v2)),
        "b_shown": bracketed(significant(_change(h=h, **numbers)[1])),
    },
    solution="The gradient changes by (({k1}, {k2}) − ({g1}, {g2}))/{h} = ({a:.0f}, {b:.0f}) per "
    "unit of distance; this is the Hessian times v. Its part along v is "
    "{v1} · {a:.0f} + {v2_shown} · {b_shown} = {answer}.",
)


def _draw_ratio(rng):
    ratio = float(rng.choice([1.25, 1.5, 2, 3, 4, 5]))
    mu = int(rng.choice([4, 8, 12]))
    return {"L": int(mu * ratio), "mu": mu, "times": int(rng.choice([50, 100, 200, 1000]))}


def _multiplications(L, mu, times):
    valley, u, k = quadratic((L, mu)), np.ones(2), 0
    while u[0] <= times * u[1]:
        u, k = valley.grad(u), k + 1
    return k


def _first_power(base, times):
    """The first k with baseᵏ above times, or nan where there is none."""
    return np.floor(np.log(times) / np.log(base)) + 1 if base > 1 else np.nan


power_iterations = Question(
    name="power_iterations",
    lesson="sharpness",
    section="Power iteration",
    text="A valley has the curvatures {L} and {mu}. Power iteration multiplies a vector by the "
    "Hessian again and again; its first vector has equal parts in both directions. After how many "
    "multiplications is the part in the steep direction more than {times} times the other?",
    draw=_draw_ratio,
    answer=_multiplications,
    kind=Number(tolerance=0, absolute=0.4),
    misconceptions=(
        Misconception(
            "ratio grows by addition",
            lambda L, mu, times: float(np.floor(times * mu / L) + 1),
            "You let the ratio of the two parts grow by {ratio} each time. Each multiplication "
            "multiplies the ratio by {ratio}: how large is it after two?",
        ),
        Misconception(
            "difference of the curvatures",
            lambda L, mu, times: _first_power(L - mu, times),
            "You used the difference {L} − {mu}. One part is multiplied by {L} and the other by "
            "{mu}: by what is their ratio multiplied?",
        ),
        Misconception(
            "steep part alone",
            lambda L, mu, times: _first_power(L, times),
            "This is when the steep part itself exceeds {times}. The other part grows too, by "
            "{mu} each time: what happens to their ratio?",
        ),
        Misconception(
            "one multiplication too few",
            lambda L, mu, times: _first_power(L / mu, times) - 1,
            "After so many multiplications the ratio is {before}. Is that more than {times}?",
        ),
    ),
    hint="By what does one multiplication multiply the ratio of the two parts?",
    work=lambda L, mu, times: {
        "ratio": L / mu,
        "before": (L / mu) ** (_multiplications(L, mu, times) - 1),
        "after": (L / mu) ** _multiplications(L, mu, times),
        "fewer": _multiplications(L, mu, times) - 1,
    },
    solution="Each multiplication multiplies the steep part by {L} and the other by {mu}, so their "
    "ratio by {L}/{mu} = {ratio}. After {fewer} multiplications the ratio is {before}, and after "
    "{answer} it is {after}. The closer the two curvatures, the longer power iteration takes.",
)


QUESTIONS = (stable_minima, changed_at_the_edge, curvature_along, power_iterations)
