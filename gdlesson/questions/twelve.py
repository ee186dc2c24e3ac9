"""The test of twelve: one question for each of the beliefs that the course should change.

A teacher gives it before the course with seed BEFORE and after it with seed AFTER, so that every
learner has the same numbers and nobody meets them twice. No lesson asks these questions.
"""

import numpy as np

from ..checking.questions import Choice, Match, Misconception, Number, Question, exchanged
from ..descent import descend
from ..formatting import plural
from ..optimizers import Adam, GradientDescent, Momentum
from ..problems import LinearRegression
from ..surfaces import quadratic

BEFORE, AFTER = 1, 2


def _one_step(slope, lr):
    """How far one step of descent moves from a place where the loss has this slope."""
    bowl = quadratic(1.0)  # its slope at w is w
    path = descend(bowl, GradientDescent(lr), start=[float(slope)], steps=1)
    return path.w[1, 0] - path.w[0, 0]


direction = Question(
    name="test_01_direction",
    lesson="one_step",
    section="Explore",
    text="A loss depends on one number, w. At w = {w} the graph of the loss has the slope {slope}. "
    "How should w be changed a little to make the loss smaller?",
    draw=lambda rng: {
        "w": int(rng.integers(2, 9)),
        "slope": int(rng.choice([-1, 1]) * rng.integers(2, 9)),
    },
    answer=lambda w, slope: "larger" if _one_step(slope, lr=0.1) > 0 else "smaller",
    kind=Choice(
        {
            "larger": "Make w larger.",
            "smaller": "Make w smaller.",
            "unknown": "That cannot be known without the formula of the loss.",
        },
        shuffled=False,
    ),
    misconceptions=(
        Misconception(
            "step along the slope, not against it",
            lambda w, slope: "larger" if slope > 0 else "smaller",
            "With the slope {slope} the loss {falls} as w grows. On which side of {w} is it "
            "smaller?",
        ),
        Misconception(
            "the slope is not enough to choose a direction",
            lambda w, slope: "unknown",
            "The slope at w = {w} says how the loss changes close to it. How does it change there "
            "when w grows?",
        ),
    ),
    hint="How does the loss change when w grows a little?",
    solution="A slope of {slope} means that the loss {falls} by about {change} as w grows by 0.1, "
    "so w has to {move}.",
    work=lambda w, slope: {
        "change": abs(slope) / 10,
        "falls": "falls" if slope < 0 else "grows",
        "move": "grow" if slope < 0 else "become smaller",
    },
)

length = Question(
    name="test_02_length",
    lesson="one_step",
    section="Explore",
    text="Gradient descent is started at two places with the same step size. The slope of the loss "
    "is {steep} at place A and {flat} at place B. How many times as long as at B is the first "
    "step at A?",
    draw=lambda rng: {
        "steep": int(rng.choice([12, 18, 24, 30])),
        "flat": int(rng.choice([2, 3, 6])),
    },
    answer=lambda steep, flat: _one_step(steep, lr=0.1) / _one_step(flat, lr=0.1),
    kind=Number(),
    misconceptions=(
        Misconception(
            "the step size alone is the length",
            lambda steep, flat: 1,
            "The step size is only a factor. What is it multiplied by?",
        ),
        Misconception(
            "shorter where it is steep",
            lambda steep, flat: flat / steep,
            "A step is the step size times the slope. At which place is this product larger?",
        ),
        Misconception(
            "difference instead of ratio",
            lambda steep, flat: steep - flat,
            "{steep} − {flat} is how much the slopes differ. How many times as large is one?",
        ),
    ),
    hint="A step is the step size times the slope.",
    solution="A step is the step size times the slope. The step size is the same, so the "
    "lengths have the ratio of the slopes: {steep}/{flat} = {answer}.",
)

SPEEDS = {"small": 0.02, "good": 0.8, "large": 2.06}


def _speeds(L):
    return {
        name: descend(quadratic(L), GradientDescent(product / L), start=[1.0], steps=25).loss
        for name, product in SPEEDS.items()
    }


three_curves = Question(
    name="test_03_three_curves",
    lesson="step_size",
    section="Explore",
    text="Gradient descent was run three times from the same start, with three step sizes. Which "
    "curve of the loss belongs to which step size?",
    draw=lambda rng: {"L": int(rng.choice([1, 2, 5, 10]))},
    kind=Match({"small": "much too small", "good": "close to the best", "large": "too large"}),
    misconceptions=(
        Misconception(
            "a step size that is too large is only faster",
            exchanged("good", "large"),
            "You gave the fastest curve to the step size that is too large. What happens when a "
            "step lands further from the minimum than it began?",
        ),
        Misconception(
            "a step size that is too small makes the loss grow",
            exchanged("small", "large"),
            "You gave the growing loss to the smallest steps. Can a very small step against the "
            "slope make the loss larger?",
        ),
        Misconception(
            "smaller steps arrive sooner",
            exchanged("small", "good"),
            "You gave the fastest curve to the smallest steps. How far do they go?",
        ),
    ),
    hint="What does the loss do when each step is tiny, and when each step jumps too far?",
    curves=_speeds,
    solution="Steps that are too small make the loss fall slowly. Steps that are too large jump "
    "across the minimum to a place that is further away, so the loss grows. In the order of the "
    "list: {answer}.",
)

doubled = Question(
    name="test_04_doubled",
    lesson="step_size",
    section="Say it in symbols",
    text="On a parabola, each step of gradient descent leaves {left} of the distance to the "
    "minimum, on the same side of it. Now the step size is doubled. What share of the distance "
    "remains after each step? Give a positive number.",
    draw=lambda rng: {"left": float(rng.choice([0.3, 0.6, 0.7, 0.8, 0.9]))},
    answer=lambda left: abs(
        descend(quadratic(1.0), GradientDescent(2 * (1 - left)), start=[1.0], steps=1).w[1, 0]
    ),
    kind=Number(),
    misconceptions=(
        Misconception(
            "twice the step size leaves half",
            lambda left: left / 2,
            "The step becomes twice as long, not what is left. How long was it before?",
        ),
        Misconception(
            "one doubled step is two steps",
            lambda left: left**2,
            "{left}² is left after two steps, of which the second is shorter. How long is one step "
            "of twice the length?",
        ),
        Misconception(
            "the length of the step, not what is left",
            lambda left: 2 * (1 - left),
            "That is how far the step goes. How far from the minimum does it end?",
        ),
    ),
    hint="How long is a step, as a share of the distance, before and after the doubling?",
    work=lambda left: {"long": 1 - left, "double": 2 * (1 - left), "end": 1 - 2 * (1 - left)},
    solution="A step covers 1 − {left} = {long} of the distance. Doubled, it covers {double}, so "
    "it ends at 1 − {double} = {end} of the distance: {answer} is left.",
)


def _valley_slopes(ratio, x, y):
    return quadratic([1.0, float(ratio)]).grad(np.array([float(x), float(y)]))


valley = Question(
    name="test_05_valley",
    lesson="gradient",
    section="Explore",
    text="The loss is ½(x² + {ratio}y²), with its minimum at (0, 0). From (x, y) = ({x}, {y}), how "
    "far does one step of gradient descent move in y for every unit that it moves in x?",
    draw=lambda rng: {
        "ratio": int(rng.choice([10, 20, 25, 40])),
        "x": int(rng.choice([4, 5, 8])),
        "y": int(rng.choice([1, 2])),
    },
    answer=lambda ratio, x, y: _valley_slopes(ratio, x, y)[1] / _valley_slopes(ratio, x, y)[0],
    kind=Number(),
    misconceptions=(
        Misconception(
            "straight to the minimum",
            lambda ratio, x, y: y / x,
            "That is the direction of the minimum. Gradient descent follows the partial "
            "derivatives: what are they at ({x}, {y})?",
        ),
        Misconception(
            "curvature without the position",
            lambda ratio, x, y: ratio,
            "{ratio} is the ratio of the curvatures. The derivative in x is x, and the one in y is "
            "{ratio}y: what are they at ({x}, {y})?",
        ),
        Misconception(
            "equal steps in both directions",
            lambda ratio, x, y: 1,
            "The step size is the same in x and y, but the derivatives are not: what are they?",
        ),
    ),
    hint="What are the two partial derivatives at this point?",
    work=lambda ratio, x, y: {"slope": ratio * y},
    solution="The derivative in x is x = {x}, and the one in y is {ratio}y = {slope}. The step is "
    "proportional to them, so it moves {slope}/{x} = {answer} in y for every unit in x, although "
    "the minimum is in another direction.",
)


def _overfit(seed):
    """Training and validation losses of a linear model with more weights than examples."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=20) * (np.arange(20) < 4)
    X = rng.normal(size=(72, 20))
    y = X @ truth + 1.5 * rng.normal(size=72)
    training, validation = LinearRegression(X[:12], y[:12]), LinearRegression(X[12:], y[12:])
    path = descend(training, GradientDescent(0.05), start=np.zeros(21), steps=120)
    return np.asarray(path.loss), validation.f(path.w)


def _draw_overfit(rng):
    while True:
        seed = int(rng.integers(10_000))
        _, validation = _overfit(seed)
        best = int(np.argmin(validation))
        if 8 <= best <= 30 and validation[-1] > 1.25 * validation[best]:
            return {"seed": seed, "best": best, "late": int(rng.choice([100, 110, 120]))}


overfit = Question(
    name="test_06_when_to_stop",
    lesson="classify",
    section="When to stop",
    text="A model is trained by gradient descent. Curve A is its loss on the examples it is "
    "trained with, curve B its loss on examples that are kept apart. Which weights would you "
    "choose for new examples?",
    draw=_draw_overfit,
    answer=lambda seed, best, late: "best" if int(np.argmin(_overfit(seed)[1])) == best else "late",
    kind=Choice(
        {
            "best": "those of step {best}",
            "late": "those of step {late}",
            "first": "those of step 0",
        }
    ),
    misconceptions=(
        Misconception(
            "the training loss says how good a model is",
            lambda seed, best, late: "late",
            "At step {late} the loss on the training examples is the smaller one. Which of the two "
            "curves describes examples that the model has not seen?",
        ),
        Misconception(
            "training only does harm once the curves part",
            lambda seed, best, late: "first",
            "The curves are closest at the beginning, but how large is the loss there?",
        ),
    ),
    hint="Which curve describes examples that the model has not seen, and where is it lowest?",
    curves=lambda seed, best, late: dict(zip(("training", "apart"), _overfit(seed), strict=True)),
    solution="Curve B estimates the loss on new examples, and it is lowest at step {best}. After "
    "that the model fits the noise of its training examples.",
)


def _floor(lr):
    """The stationary mean of the loss ½w² with gradient noise 1: half of lr/(2 − lr)."""
    return lr / (2 - lr) / 2


noise_floor = Question(
    name="test_07_noise_floor",
    lesson="stochastic",
    section="Explore",
    text="Stochastic gradient descent on a bowl-shaped loss, with a small constant step size, has "
    "stopped improving: the loss stays on average {level} above the minimum. The step size is "
    "multiplied by {share} and the run goes on for very long. Where does the loss stay, about?",
    draw=lambda rng: {
        "level": float(rng.choice([0.04, 0.08, 0.12, 0.2])),
        "share": float(rng.choice([0.5, 0.25])),
    },
    answer=lambda level, share: level * _floor(share * 1e-9) / _floor(1e-9),
    kind=Number(tolerance=0.1, absolute=1e-3),
    misconceptions=(
        Misconception(
            "the noise does not depend on the step size",
            lambda level, share: level,
            "Each step adds step size times noise. What becomes of this when the step size falls?",
        ),
        Misconception(
            "it always converges in the end",
            lambda level, share: 0,
            "Each step still has noise in it, however long the run. What would stop the noise "
            "from moving w away from the minimum again?",
        ),
        Misconception(
            "proportional to the square of the step size",
            lambda level, share: level * share**2,
            "A single step adds the square, but with smaller steps the noise of more of them adds "
            "up. What remains of the square?",
        ),
    ),
    hint="Each step adds noise in proportion to the step size: does it stop, and how does it add "
    "up?",
    solution="The loss stays where the noise of the steps and their pull to the minimum balance. "
    "With small steps this level is proportional to the step size: {share} · {level} = {answer}.",
)

batch_noise = Question(
    name="test_08_batch_noise",
    lesson="mini_batch",
    section="Explore",
    text="The gradient of a mini-batch of {small} examples, drawn at random from a very large "
    "training set, has the standard deviation {spread}. What is it with {large} examples?",
    draw=lambda rng: {
        "small": int(rng.choice([4, 8, 16])),
        "times": int(rng.choice([4, 16, 25])),
        "spread": int(rng.choice([2, 3, 6])),
    },
    answer=lambda small, times, spread: spread * (small / (small * times)) ** 0.5,
    kind=Number(),
    misconceptions=(
        Misconception(
            "proportional to 1/B instead of 1/√B",
            lambda small, times, spread: spread / times,
            "The variance falls in proportion to the number of examples. What does the standard "
            "deviation, its square root, do?",
        ),
        Misconception(
            "more examples, more noise",
            lambda small, times, spread: spread * times**0.5,
            "The gradient is a mean over the batch. Does a mean vary more or less when it is taken "
            "over more examples?",
        ),
        Misconception(
            "the batch size changes nothing",
            lambda small, times, spread: spread,
            "Single examples vary as before, but the gradient is the mean over the batch. How does "
            "a mean vary?",
        ),
    ),
    hint="How does the standard deviation of a mean depend on the number of examples?",
    work=lambda small, times, spread: {"large": small * times, "root": times**0.5},
    solution="The batch is {times} times as large, so the variance is {times} times smaller and "
    "the standard deviation √{times} = {root} times smaller: {spread}/{root} = {answer}.",
)


def _kind_of_point(up, down):
    """Which kind of point (0, 0) is, from the curvatures there."""
    curvatures = np.linalg.eigvalsh(np.diag([2.0 * up, -2.0 * down]))
    return "minimum" if curvatures.min() > 0 else "maximum" if curvatures.max() < 0 else "saddle"


zero_gradient = Question(
    name="test_09_zero_gradient",
    lesson="landscapes",
    section="Say it in symbols",
    text="At (0, 0) the gradient of the loss {up}x² − {down}y² is zero. What is this point?",
    draw=lambda rng: {"up": int(rng.integers(2, 9)), "down": int(rng.integers(2, 9))},
    answer=_kind_of_point,
    kind=Choice(
        {
            "minimum": "a minimum: the gradient is zero there",
            "maximum": "a maximum: the loss falls as y moves away from 0",
            "saddle": "neither a minimum nor a maximum",
        }
    ),
    misconceptions=(
        Misconception(
            "a zero gradient means a minimum",
            lambda up, down: "minimum",
            "The gradient is zero, but how does the loss change when only y moves away from 0?",
        ),
        Misconception(
            "one falling direction means a maximum",
            lambda up, down: "maximum",
            "The loss falls as y moves away from 0. How does it change when only x does?",
        ),
    ),
    hint="How does the loss change along x alone, and along y alone?",
    solution="Along x the loss rises as {up}x², and along y it falls as −{down}y². A point with "
    "both is a saddle, so it is neither a minimum nor a maximum.",
)


def _draw_memory(rng):
    return {"beta": float(rng.choice([0.5, 0.75, 0.8, 0.9, 0.95]))}


class _Slope:
    """A loss with the constant slope 1."""

    def f(self, w):
        return w[..., 0]

    def grad(self, w):
        return np.ones_like(w)


def _speed_gained(beta):
    path = descend(_Slope(), Momentum(lr=1.0, beta=beta), start=[0.0], steps=600)
    return float(path.w[-2, 0] - path.w[-1, 0])


momentum_speed = Question(
    name="test_10_momentum_speed",
    lesson="momentum",
    section="Say it in symbols",
    text="Momentum steps by lr·v where gradient descent steps by lr·g; before each step, v becomes "
    "{beta}·v + g, and v begins at 0. On a long slope, where the gradient g is the same "
    "everywhere, how many times as long as without momentum do the steps become?",
    draw=_draw_memory,
    answer=_speed_gained,
    kind=Number(),
    misconceptions=(
        Misconception(
            "one step of memory only",
            lambda beta: 1 + beta,
            "1 + {beta} is v after the second step. What is added at the third, and so on?",
        ),
        Misconception(
            "momentum changes nothing",
            lambda beta: 1,
            "v is g after the first step only. What is it after the second?",
        ),
        Misconception(
            "v is multiplied by β",
            lambda beta: beta,
            "The old v is multiplied by {beta}, but then g is added. At which v does this change "
            "nothing any more?",
        ),
    ),
    hint="At which v does v ← {beta}·v + g change nothing any more?",
    work=lambda beta: {"rest": 1 - beta},
    solution="v no longer changes when v = {beta}·v + g, so v = g/(1 − {beta}) = g/{rest}. The "
    "steps become {answer} times as long.",
)


def _first_adam_step(scale):
    path = descend(quadratic(float(scale)), Adam(lr=0.1, eps=1e-12), start=[1.0], steps=1)
    return float(path.w[0, 0] - path.w[1, 0])


adam_scale = Question(
    name="test_11_adam_scale",
    lesson="adam",
    section="Explore",
    text="A loss is multiplied by {scale}, and so is its gradient. By what factor does this change "
    "the length of the first step of Adam (with a negligible ε)?",
    draw=lambda rng: {"scale": int(rng.choice([9, 16, 100, 400, 2500]))},
    answer=lambda scale: _first_adam_step(scale) / _first_adam_step(1),
    kind=Number(),
    misconceptions=(
        Misconception(
            "the step is proportional to the gradient",
            lambda scale: scale,
            "That holds for gradient descent. What does Adam divide the gradient by?",
        ),
        Misconception(
            "the root of the scale remains",
            lambda scale: scale**0.5,
            "Adam divides by the root of the mean of squared gradients. By what factor does that "
            "root grow?",
        ),
        Misconception(
            "Adam divides by the square",
            lambda scale: 1 / scale,
            "Adam divides by the root of the mean of squared gradients, and not by the square "
            "itself. By what factor do numerator and denominator grow?",
        ),
    ),
    hint="What does Adam divide the mean of the gradients by, and how does each of them change?",
    solution="The mean of the gradients and the root of the mean of their squares both grow by the "
    "factor {scale}. Adam divides one by the other, so the step changes by the factor {answer}.",
)


def _draw_rows(rng):
    rows, share = int(rng.choice([100, 200])), float(rng.choice([0.90, 0.93, 0.95]))
    first = round(rows * share)
    return {"rows": rows, "first": first, "second": first - int(rng.choice([1, 2]))}


def _short(number):
    """1 for 1.0, and 0.5 as it is."""
    return int(number) if number == int(number) else number


def _beyond_chance(rows, first, second):
    """Whether the difference is more than two standard errors."""
    error = sum(k / rows * (1 - k / rows) / rows for k in (first, second)) ** 0.5
    return "better" if (first - second) / rows > 2 * error else "chance"


sampling = Question(
    name="test_12_sampling",
    lesson="race",
    section="The rules of the race",
    text="Two trained networks are tried on the same {rows} test examples. The first classifies "
    "{first} of them correctly, the second {second}. What do you conclude for new examples?",
    draw=_draw_rows,
    answer=_beyond_chance,
    kind=Choice(
        {
            "better": "The first network is better.",
            "exact": "The first network is better by {points}.",
            "chance": "Either may be better: the difference could be chance.",
        }
    ),
    misconceptions=(
        Misconception(
            "any difference on a test set is real",
            lambda rows, first, second: "better",
            "With {rows} other test examples the counts would be different. By how much would they "
            "vary, compared with {difference}?",
        ),
        Misconception(
            "a test result is exact",
            lambda rows, first, second: "exact",
            "The difference on these {rows} examples is exact. Would it be the same on {rows} "
            "others?",
        ),
    ),
    hint="By how much would the two counts vary with {rows} other test examples?",
    work=lambda rows, first, second: {
        "difference": first - second,
        "points": plural(_short(100 * (first - second) / rows), "percentage point"),
        "spread": (first * (1 - first / rows)) ** 0.5,
    },
    solution="A count of {first} among {rows} varies by about {spread:.1f} from one test set to "
    "the next (its standard deviation). A difference of {difference} is within that, so it could "
    "be chance.",
)

QUESTIONS = (
    direction,
    length,
    three_curves,
    doubled,
    valley,
    overfit,
    noise_floor,
    batch_noise,
    zero_gradient,
    momentum_speed,
    adam_scale,
    sampling,
)
