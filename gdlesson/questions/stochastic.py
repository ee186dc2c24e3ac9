"""Questions on lesson stochastic: what if we look at one example at a time?"""

import numpy as np

from ..checking.questions import Match, Misconception, Number, Question, Several, exchanged
from ..descent import descend
from ..optimizers import GradientDescent
from ..problems import LinearRegression


def _run(x, y, w, lr, steps, single):
    """The values of w, (steps + 1,), of the model w·x: by single examples in turn, or by all."""
    problem = LinearRegression(x, y)
    turns = [problem.on([t % len(x)]) for t in range(steps)] if single else None
    path = descend(
        problem,
        GradientDescent(lr),
        start=[w, 0.0],
        steps=steps,
        batches=turns,
        project=lambda w: w * [1, 0],  # the model has no intercept
    )
    return path.w[:, 0]


def _draw_pass(rng):
    x1, x2 = (int(x) for x in rng.permutation([1, 2, 3])[:2])
    y1, y2 = (int(y) for y in rng.integers(2, 10, 2))
    return {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "w": 1, "lr": float(rng.choice([0.05, 0.1]))}


def _slip(first_moves=True, factor=2):
    """One pass with a slip: both gradients at the start, or another factor in the gradient."""

    def answer(x1, y1, x2, y2, w, lr):
        first = w - lr * factor * (w * x1 - y1) * x1
        return first - lr * factor * ((first if first_moves else w) * x2 - y2) * x2

    return answer


def _pass_work(x1, y1, x2, y2, w, lr):
    g1 = 2 * (w * x1 - y1) * x1
    first = w - lr * g1
    return {"g1": g1, "first": first, "g2": 2 * (first * x2 - y2) * x2}


one_pass_by_hand = Question(
    name="one_pass_by_hand",
    lesson="stochastic",
    section="The gradient of one penguin",
    text="The model is wx, and the loss of an example is (wx − y)². There are two examples: "
    "x = {x1}, y = {y1} and x = {x2}, y = {y2}. From w = {w} you make one pass of stochastic "
    "gradient descent with lr = {lr}, in this order. What is w after the pass?",
    draw=_draw_pass,
    answer=lambda x1, y1, x2, y2, w, lr: float(_run([x1, x2], [y1, y2], w, lr, 2, True)[-1]),
    kind=Number(),
    misconceptions=(
        Misconception(
            "both gradients at the start",
            _slip(first_moves=False),
            "Both of your gradients belong to w = {w}. When the second example comes, w has "
            "already changed: at which w is its gradient computed?",
        ),
        Misconception(
            "one step with the mean gradient",
            lambda x1, y1, x2, y2, w, lr: float(_run([x1, x2], [y1, y2], w, lr, 1, False)[-1]),
            "This is one step of batch descent, with the mean of the two gradients. How many "
            "updates does one pass over two single examples make?",
        ),
        Misconception(
            "one update taken for a pass",
            lambda x1, y1, x2, y2, w, lr: w - lr * 2 * (w * x1 - y1) * x1,
            "This is w after the first example. A pass uses every example once: what does the "
            "second one change?",
        ),
        Misconception(
            "factor 2 missing in the gradient",
            _slip(factor=1),
            "Each of your gradients is half of what it should be. What is the derivative of the "
            "square of the residual?",
        ),
    ),
    hint="The gradient of one example is 2(wx − y)x. At which w is it computed for the first "
    "example, and at which w for the second?",
    work=_pass_work,
    solution="The first gradient is 2({w} · {x1} − {y1}) · {x1} = {g1}, so w changes by "
    "−{lr} times that, from {w} to {first}. The second gradient is computed there: "
    "2({first} · {x2} − {y2}) · {x2} = {g2}. So w changes by −{lr} times that, from {first} to "
    "{answer}.",
)


def _draw_floor(rng):
    L = int(rng.choice([2, 4, 5, 8, 10]))
    lr = float(rng.choice([0.8, 1.0, 1.5, 1.6])) / L
    return {"L": L, "lr": lr, "floor": float(rng.choice([0.12, 0.24, 0.3, 0.6, 1.2]))}


floor_after_halving = Question(
    name="floor_after_halving",
    lesson="stochastic",
    section="Why a run does not settle",
    text="Descent on ½Lw² with L = {L} uses noisy gradients. At each update the noise is drawn "
    "anew, with mean 0 and mean square σ². With lr = {lr} the mean loss settles at {floor} "
    "above the minimum. You halve lr. How far above the minimum does it settle then?",
    draw=_draw_floor,
    answer=lambda L, lr, floor: floor * (2 - lr * L) / (2 * (2 - lr * L / 2)),
    kind=Number(),
    misconceptions=(
        Misconception(
            "noise floor proportional to lr at every step size",
            lambda L, lr, floor: floor / 2,
            "The noise floor is proportional to lr only while lr·L is much smaller than 2. Here "
            "lr·L = {product}: what happens to the denominator, 2(2 − lr·L), when you halve lr?",
        ),
        Misconception(
            "noise floor proportional to the square of lr",
            lambda L, lr, floor: floor / 4,
            "The noise that one update adds is proportional to lr². But with a smaller lr each "
            "update also removes less of the old noise. Which formula has both effects?",
        ),
    ),
    hint="The noise floor is lr·σ²/(2(2 − lr·L)). By what factor does the numerator change, and by "
    "what factor the denominator?",
    work=lambda L, lr, floor: {"product": lr * L, "before": 2 - lr * L, "after": 2 - lr * L / 2},
    solution="The noise floor is lr·σ²/(2(2 − lr·L)). Half the lr halves the numerator, and "
    "2 − lr·L grows from 2 − {product} = {before} to {after}. So the mean loss stays at "
    "{floor} · ½ · {before}/{after} = {answer} above the minimum.",
)

# Step sizes for x = 1 and 3 that tell the misconceptions apart.
PAIRS = ((0.12, 0.15), (0.12, 0.16), (0.12, 0.44), (0.12, 0.46), (0.15, 0.44), (0.16, 0.46))


def _draw_two_rates(rng):
    scale, slope = int(rng.choice([1, 2])), int(rng.choice([2, 3, 4]))
    small, large = (float(lr) for lr in rng.choice(PAIRS) / scale**2)
    x1, x2 = (int(x) for x in scale * rng.permutation([1, 3]))
    return {"x1": x1, "x2": x2, "slope": slope, "small": small, "large": large}


def _whole(x1, x2, lr):
    """The factor of the distance to the minimum in one step with the mean gradient."""
    return float(_run([x1, x2], [0, 0], 1.0, lr, 1, single=False)[-1])


def _single(x1, x2, lr):
    """The factor of the distance to the minimum in one pass by single examples."""
    return float(_run([x1, x2], [0, 0], 1.0, lr, 2, single=True)[-1])


def _converging(**factors):
    """The runs that converge if these functions of x1, x2 and lr give their factors."""
    return lambda x1, x2, slope, small, large: frozenset(
        f"{how}_{size}"
        for size, lr in (("small", small), ("large", large))
        for how, factor in factors.items()
        if abs(factor(x1, x2, lr)) < 1
    )


converges_by_examples = Question(
    name="converges_by_examples",
    lesson="stochastic",
    section="A stability limit of its own",
    text="The model is wx, and the loss of an example is (wx − y)². Both examples, x = {x1}, "
    "y = {y1} and x = {x2}, y = {y2}, fit w = {slope} exactly. From w = 0, which of these runs "
    "converge to {slope}?",
    draw=_draw_two_rates,
    answer=_converging(whole=_whole, single=_single),
    kind=Several(
        {
            "whole_small": "the whole gradient (the mean of both), lr = {small}",
            "single_small": "single examples in turn, lr = {small}",
            "whole_large": "the whole gradient (the mean of both), lr = {large}",
            "single_large": "single examples in turn, lr = {large}",
        },
        shuffled=False,
    ),
    misconceptions=(
        Misconception(
            "limit of the whole gradient for single examples",
            _converging(whole=_whole, single=_whole),
            "You used the limit of the whole gradient for single examples too. An update with one "
            "example multiplies the distance to the minimum by 1 − 2·lr·x². What does a pass over "
            "both multiply it by?",
        ),
        Misconception(
            "every single update must shrink the distance",
            _converging(
                whole=_whole,
                single=lambda x1, x2, lr: max(abs(1 - 2 * lr * x**2) for x in (x1, x2)),
            ),
            "The distance may grow in one update and shrink in the other. What does a pass over "
            "both examples multiply it by?",
        ),
        Misconception(
            "sum instead of mean in the whole gradient",
            _converging(whole=lambda x1, x2, lr: 1 - 2 * lr * (x1**2 + x2**2), single=_single),
            "Your limit for the whole gradient belongs to the sum of the two gradients. What is "
            "the curvature of their mean?",
        ),
    ),
    hint="By what factor does one update with an example multiply the distance w − {slope}? And "
    "what is the factor of a pass over both, or of a step with their mean?",
    work=lambda x1, x2, slope, small, large: {
        "y1": slope * x1,
        "y2": slope * x2,
        "curvature": x1**2 + x2**2,
        "wholes": [_whole(x1, x2, lr) for lr in (small, large)],
        "singles": [_single(x1, x2, lr) for lr in (small, large)],
    },
    solution="The whole loss has the curvature {curvature}, so a step multiplies the distance to "
    "the minimum by {wholes[0]} with lr = {small} and by {wholes[1]} with lr = {large}. A pass "
    "by single examples multiplies it by 1 − 2·lr·{x1}² and then by 1 − 2·lr·{x2}²: together by "
    "{singles[0]} and {singles[1]}. Factors between −1 and 1 converge: {answer}.",
)

# x of three examples; the limits that follow from the misconceptions differ for each of them.
TRIPLES = ((1, 1, 2), (1, 2, 2), (1, 2, 3), (1, 1, 3), (1, 3, 3))


def _draw_limit(rng):
    x1, x2, x3 = (int(x) for x in rng.permutation(rng.choice(TRIPLES)) * rng.choice([-1, 1], 3))
    return {"x1": x1, "x2": x2, "x3": x3, "slope": int(rng.choice([2, 3, 4]))}


def _power(x1, x2, x3, power):
    """The mean of a power of the three x."""
    return (x1**power + x2**power + x3**power) / 3


limit_of_single_examples = Question(
    name="limit_of_single_examples",
    lesson="stochastic",
    section="A stability limit of its own",
    text="The model is wx, and the loss of an example is (wx − y)². Three examples have x = {x1}, "
    "{x2} and {x3}, and y = {slope}x fits them exactly. Each update uses one of them, drawn at "
    "random with replacement. From which lr on does the mean of (w − {slope})² no longer shrink?",
    draw=_draw_limit,
    answer=lambda x1, x2, x3, slope: _power(x1, x2, x3, 2) / _power(x1, x2, x3, 4),
    kind=Number(),
    misconceptions=(
        Misconception(
            "limit of the whole gradient for single examples",
            lambda x1, x2, x3, slope: 1 / _power(x1, x2, x3, 2),
            "This is the limit of batch descent, 2/L with L = 2 · mean(x²). A single example "
            "multiplies the distance by 1 − 2·lr·x²: what is the mean of the square of this "
            "factor?",
        ),
        Misconception(
            "every single update must shrink the distance",
            lambda x1, x2, x3, slope: 1 / max(x1**2, x2**2, x3**2),
            "Up to your number every single update shrinks the distance. But the mean can shrink "
            "although one example lets the distance grow. What is the mean of (1 − 2·lr·x²)²?",
        ),
        Misconception(
            "x taken as standardised",
            lambda x1, x2, x3, slope: 1 / _power(x1, x2, x3, 4),
            "The limit is 1/mean(x⁴) only where the mean of x² is 1. Here it is {second}. What is "
            "the mean of (1 − 2·lr·x²)² then?",
        ),
    ),
    hint="One update multiplies w − {slope} by 1 − 2·lr·x². Write down the mean of the square of "
    "this factor over the three examples. For which lr is it 1?",
    work=lambda x1, x2, x3, slope: {
        "second": _power(x1, x2, x3, 2),
        "fourth": _power(x1, x2, x3, 4),
    },
    solution="The mean of (1 − 2·lr·x²)² is 1 − 4·lr·mean(x²) + 4·lr²·mean(x⁴). It is below 1 as "
    "long as lr is below mean(x²)/mean(x⁴) = {second}/{fourth} = {answer}.",
)

EXAMPLES, UPDATES = 24, 240


def _draw_cloud(rng):
    return {
        "data": int(rng.integers(1000)),
        "small": float(rng.choice([0.015, 0.02])),
        "large": float(rng.choice([0.12, 0.15])),
    }


def _cloud_curves(data, small, large):
    """The loss above its minimum for three runs on random data whose curvatures are both 2."""
    rng = np.random.default_rng(data)
    x = rng.normal(size=EXAMPLES)
    x = (x - x.mean()) / x.std()
    problem = LinearRegression(x, 2 * x - 1 + 0.7 * rng.normal(size=EXAMPLES))
    best = problem.f(problem.closed_form())

    def losses(lr, batches=None):
        path = descend(problem, GradientDescent(lr), steps=UPDATES, batches=batches)
        return path.loss - best

    return {
        "small": losses(small, problem.batches(1, rng=data)),
        "large": losses(large, problem.batches(1, rng=data)),
        "whole": losses(small),
    }


curves_of_single_examples = Question(
    name="curves_of_single_examples",
    lesson="stochastic",
    section="Why a run does not settle",
    text="Three runs of {updates} updates fit a line to the same examples, from the same start. "
    "The curves show the loss above the minimum. Which curve belongs to which run?",
    draw=_draw_cloud,
    kind=Match(
        {
            "small": "single examples, lr = {small}",
            "large": "single examples, lr = {large}",
            "whole": "the whole gradient, lr = {small}",
        }
    ),
    misconceptions=(
        Misconception(
            "large steps settle lower",
            exchanged("small", "large"),
            "You gave the lower of two noise floors to the larger step size. How does the noise "
            "floor depend on lr, and which of the two runs falls faster at first?",
        ),
        Misconception(
            "noisy curve for the whole gradient",
            exchanged("small", "whole"),
            "You gave an irregular curve to the run with the whole gradient. Which of the runs has "
            "no noise in its gradients?",
        ),
        Misconception(
            "noise taken for the speed of the whole gradient",
            exchanged("large", "whole"),
            "You gave the curve that falls fastest to the whole gradient. For the first updates "
            "the size of lr matters more than the noise. Which run has the largest lr?",
        ),
    ),
    hint="Which run has no noise? And of the two others, which one falls faster and then stays "
    "higher?",
    work=lambda data, small, large: {"updates": UPDATES},
    curves=_cloud_curves,
    solution="The whole gradient has no noise, so its curve is smooth and goes on falling. Of the "
    "two runs by single examples, the one with lr = {large} falls faster and then stays at a "
    "higher noise floor. So the curves are, in the order of the list, {answer}.",
)


QUESTIONS = (
    one_pass_by_hand,
    floor_after_halving,
    converges_by_examples,
    limit_of_single_examples,
    curves_of_single_examples,
)
