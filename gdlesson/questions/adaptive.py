"""Questions on lesson adaptive: why one step size for all coordinates?"""

import numpy as np

from ..checking.questions import Match, Misconception, Number, Order, Question, exchanged
from ..descent import descend
from ..optimizers import AdaGrad, GradientDescent, RMSProp


def _draw_rare(rng):
    every = int(rng.choice([4, 9, 16, 25]))
    return {
        "steps": every * int(rng.choice([4, 10, 20])),
        "every": every,
        "often": int(rng.choice([1, 2, 3, 4])),
        "rarely": int(rng.choice([2, 3, 5, 6, 8])),
    }


def _sums(steps, every, often, rarely):
    """AdaGrad's s of both weights after the last step."""
    rule, w = AdaGrad(), np.zeros(2)
    s = rule.init(w)
    for t in range(steps):
        w, s = rule.step(w, s, np.array([often, rarely if t % every == 0 else 0.0]))
    return s


def _ratio(**numbers):
    frequent, rare = _sums(**numbers)
    return float(np.sqrt(frequent / rare))


rare_feature_step_size = Question(
    name="rare_feature_step_size",
    lesson="adaptive",
    section="Rare features",
    text="AdaGrad takes {steps} steps. For the weight of a frequent word the gradient is {often} "
    "at every step; for that of a rare word it is {rarely} at every {every}th step and otherwise "
    "0. Divide the rare word's step size lr/√s at the end by the frequent word's: what do you "
    "get?",
    draw=_draw_rare,
    answer=_ratio,
    kind=Number(),
    misconceptions=(
        Misconception(
            "size of the gradients ignored",
            lambda steps, every, often, rarely: every**0.5,
            "That would be right if both gradients had the same size. What does each of them add "
            "to its s?",
        ),
        Misconception(
            "s instead of its root",
            lambda **numbers: _ratio(**numbers) ** 2,
            "That is the quotient of the two s. By what does AdaGrad divide a step?",
        ),
        Misconception(
            "sum of gradients instead of their squares",
            lambda steps, every, often, rarely: every * often / rarely,
            "You compared the sums of the gradients. What is added to s at a step?",
        ),
        Misconception(
            "quotient turned over",
            lambda **numbers: 1 / _ratio(**numbers),
            "That is the frequent word's step size divided by the rare word's. Which of the two is "
            "asked for?",
        ),
    ),
    hint="Compute s of both weights, the sum of their squared gradients. The step sizes are lr/√s.",
    work=lambda **n: {
        "count": n["steps"] // n["every"],
        "frequent": n["steps"] * n["often"] ** 2,
        "rare": n["steps"] // n["every"] * n["rarely"] ** 2,
    },
    solution="The frequent word has s = {steps} · {often}² = {frequent}, the rare one "
    "s = {count} · {rarely}² = {rare}. The quotient of the step sizes is "
    "√({frequent}/{rare}) = {answer}.",
)


UNITS = {  # small unit, large unit: how many of the small one make the large one
    ("millimetres", "centimetres"): 10,
    ("centimetres", "metres"): 100,
    ("grams", "kilograms"): 1000,
    ("minutes", "hours"): 60,
    ("months", "years"): 12,
    ("hours", "days"): 24,
    ("days", "weeks"): 7,
}


def _draw_units(rng):
    names = list(UNITS)
    small, large = names[rng.integers(len(names))]
    return {"small": small, "large": large, "factor": UNITS[small, large]}


def _change_ratio(factor, **units):
    """How much more the prediction w·x changes in the first step, for a factor on x."""
    rule, w, y = AdaGrad(lr=0.1), np.zeros(1), 3.0
    changes = []
    for x in (2.0, 2.0 * factor):
        after, _ = rule.step(w, rule.init(w), 2 * x * (w * x - y))
        changes.append(abs(after[0] * x))
    return changes[1] / changes[0]


unit_of_a_feature = Question(
    name="unit_of_a_feature",
    lesson="adaptive",
    section="Say it in symbols",
    text="A model predicts w·x and starts at w = 0. Its feature was given in {large} and is now "
    "given in {small}, so every x is {factor} times as large; the targets and lr stay. How many "
    "times as much as before does AdaGrad's first step now change a prediction?",
    draw=_draw_units,
    answer=_change_ratio,
    kind=Number(),
    misconceptions=(
        Misconception(
            "the scale cancels in the prediction too",
            lambda factor, **units: 1,
            "The scale cancels in the step of w, which is lr long in both units. The prediction is "
            "w·x: what is the same change of w multiplied by now?",
        ),
        Misconception(
            "as with plain descent",
            lambda factor, **units: factor**2,
            "That is so for plain descent, where x is a factor of the gradient and of the "
            "prediction. How long is AdaGrad's first step of w in each of the two units?",
        ),
        Misconception(
            "step divided by the factor",
            lambda factor, **units: 1 / factor,
            "A w that gives the same predictions would be {factor} times as small now. But how "
            "long is AdaGrad's first step of w in each of the two units?",
        ),
    ),
    hint="How long is AdaGrad's first step of w in each unit? And how much does it change w·x?",
    solution="AdaGrad's first step is lr long in both units, because the scale of the gradient "
    "cancels in g/√s. The prediction w·x then changes by lr·|x|, and x is {factor} times as large. "
    "So the change is {answer} times as large: with AdaGrad, features still need scaling.",
)


def _draw_bowl(rng):
    while True:
        curvatures = rng.permutation([1, 2, 4, 5, 10, 20, 25])[:4]
        start = rng.permutation([1, 2, 3, 4, 5, 6, 8, 10])[:4]
        slopes = np.sort(curvatures * start)
        if (slopes[1:] >= 1.25 * slopes[:-1]).all():
            return {"curvatures": curvatures.tolist(), "start": start.tolist()}


WEIGHTS = ("w₁", "w₂", "w₃", "w₄")


def _smallest_first(values):
    return tuple(WEIGHTS[i] for i in np.argsort(values, kind="stable"))


def _largest_step_size_first(curvatures, start):
    """In the order of the step sizes lr/√s after AdaGrad's first step."""
    w, rule = np.array(start, float), AdaGrad(lr=0.1)
    _, s = rule.step(w, rule.init(w), np.array(curvatures) * w)
    return _smallest_first(-rule.lr / np.sqrt(s))


step_sizes_of_four_weights = Question(
    name="step_sizes_of_four_weights",
    lesson="adaptive",
    section="Say it in symbols",
    text="A bowl with its minimum at 0 has the curvatures {curvatures} along w₁, w₂, w₃ and w₄. "
    "AdaGrad starts at {start}. Order the weights by their step size lr/√s in the first step, "
    "the largest step size first.",
    draw=_draw_bowl,
    answer=_largest_step_size_first,
    kind=Order({name: name for name in WEIGHTS}, shuffled=False),
    misconceptions=(
        Misconception(
            "√s taken for the curvature",
            lambda curvatures, start: _smallest_first(curvatures),
            "You ordered the weights by their curvatures. AdaGrad does not know these: what does s "
            "contain after the first gradient?",
        ),
        Misconception(
            "√s taken for the distance",
            lambda curvatures, start: _smallest_first(start),
            "You ordered the weights by their distance from the minimum. What else decides how "
            "large a gradient is?",
        ),
        Misconception(
            "large gradient, large step size",
            lambda curvatures, start: _largest_step_size_first(curvatures, start)[::-1],
            "Your order is the reverse. Is s in the numerator or in the denominator of lr/√s?",
        ),
    ),
    hint="After the first step √s is the size of the gradient. How large is the gradient of each "
    "weight on this bowl?",
    work=lambda curvatures, start: {"g": [c * w for c, w in zip(curvatures, start, strict=True)]},
    solution="After one gradient s = g², so √s is the size of the gradient, curvature times "
    "distance: here {g}. The smaller it is, the larger lr/√s. So the order is {answer}.",
)


class _Corner:
    """The loss c·|w|, whose slope is −c or c, from many starts between 1 and 2."""

    def __init__(self, c):
        self.c = c
        self.start = 1 + (np.arange(1, 101)[:, None] * 0.6180339887) % 1  # evenly spread

    def f(self, w):
        return self.c * abs(w).sum(-1)

    def grad(self, w):
        return self.c * np.sign(w)


def _draw_corner(rng):
    return {"c": int(rng.choice([3, 4, 5])), "lr": float(rng.choice([0.08, 0.1, 0.12]))}


def _corner_curves(c, lr):
    rules = {
        "plain": GradientDescent(lr),
        "adagrad": AdaGrad(lr),
        "rmsprop": RMSProp(lr, rho=0.9),
        "small": RMSProp(lr / 5, rho=0.9),
    }
    return {key: descend(_Corner(c), rule, steps=200).loss.mean(1) for key, rule in rules.items()}


loss_with_a_corner = Question(
    name="loss_with_a_corner",
    lesson="adaptive",
    section="Long runs",
    text="The loss f(w) = {c}·|w| has the slope −{c} on the left of 0 and {c} on the right. Each "
    "curve is the mean loss of 100 runs that start between w = 1 and w = 2. Which curve belongs to "
    "which method?",
    draw=_draw_corner,
    kind=Match(
        {
            "plain": "plain descent, lr = {lr}",
            "adagrad": "AdaGrad, lr = {lr}",
            "rmsprop": "RMSProp, lr = {lr}, ρ = 0.9",
            "small": "RMSProp, lr = {fifth}, ρ = 0.9",
        }
    ),
    misconceptions=(
        Misconception(
            "RMSProp converges and AdaGrad does not",
            exchanged("adagrad", "small"),
            "You gave a loss that stops falling to AdaGrad. Here the squared gradient is the same "
            "at every step: for which method does √s go on growing?",
        ),
        Misconception(
            "RMSProp's steps are longer than plain descent's",
            exchanged("plain", "rmsprop"),
            "You gave the longest steps to RMSProp. How long is a step of each method where the "
            "slope is {c} at every step?",
        ),
        Misconception(
            "higher final loss for the smaller step size",
            exchanged("rmsprop", "small"),
            "You exchanged the two runs of RMSProp. Which of them arrives first, and which jumps "
            "farther from side to side in the end?",
        ),
    ),
    hint="How long is a step of each method where the slope always has the size {c}? Which steps "
    "become shorter with time?",
    work=lambda c, lr: {"fifth": lr / 5, "long": c * lr},
    curves=_corner_curves,
    solution="With slope {c} a step of plain descent is {c} · {lr} = {long} long. RMSProp divides "
    "by √s, which soon is {c}, so its steps are {lr} and {fifth} long; these three jump from side "
    "to side in the end, and the longer the step, the farther. AdaGrad's steps shrink like lr/√t, "
    "so its loss goes on falling. The curves are {answer}.",
)


QUESTIONS = (
    rare_feature_step_size,
    unit_of_a_feature,
    step_sizes_of_four_weights,
    loss_with_a_corner,
)
