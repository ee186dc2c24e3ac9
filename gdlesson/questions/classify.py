"""Questions on lesson classify: how does descent learn a yes or a no?"""

import numpy as np

from ..checking.questions import Match, Misconception, Number, Question, Several, exchanged
from ..descent import descend
from ..optimizers import GradientDescent
from ..problems import LogisticRegression


def _draw_probabilities(rng):
    yes, no = rng.choice([0.6, 0.7, 0.8, 0.9, 0.95]), rng.choice([0.3, 0.6, 0.7, 0.8, 0.9, 0.95])
    return {"yes": float(yes), "no": float(no)}


def _mean_loss(yes, no):
    """The package's loss of two examples whose z has these probabilities, at w = 1, b = 0."""
    z = [np.log(p / (1 - p)) for p in (yes, no)]
    return float(LogisticRegression(z, [1, 0]).f(np.array([1.0, 0.0])))


cross_entropy_by_hand = Question(
    name="cross_entropy_by_hand",
    lesson="classify",
    section="A loss for probabilities",
    text="A model gives p, the probability of label 1. For an example with label 1 it gives "
    "p = {yes}, and for one with label 0 it gives p = {no}. What is the mean cross-entropy of the "
    "two?",
    draw=_draw_probabilities,
    answer=_mean_loss,
    kind=Number(),
    misconceptions=(
        Misconception(
            "−ln p for label 0 too",
            lambda yes, no: -(np.log(yes) + np.log(no)) / 2,
            "You used −ln p for both examples. For the second one p = {no} is the probability of "
            "the wrong label: what is the probability of its own label?",
        ),
        Misconception(
            "sum instead of mean",
            lambda yes, no: 2 * _mean_loss(yes, no),
            "This is the sum over the two examples. The mean is asked for: by what do you divide?",
        ),
        Misconception(
            "logarithm to base 10",
            lambda yes, no: _mean_loss(yes, no) / np.log(10),
            "You used the logarithm to base 10. Which base does ln have?",
        ),
        Misconception(
            "squared error instead of cross-entropy",
            lambda yes, no: ((1 - yes) ** 2 + no**2) / 2,
            "This is the mean squared error. Cross-entropy is minus the natural logarithm of a "
            "probability: of which one, for each example?",
        ),
    ),
    hint="The loss of an example is minus the natural logarithm of the probability that the model "
    "gives its own label. Which probabilities are these?",
    work=lambda yes, no: {
        "other": 1 - no,
        "loss_yes": -np.log(yes),
        "loss_no": -np.log(1 - no),
    },
    solution="The first example's label has the probability {yes}, so its loss is −ln {yes} = "
    "{loss_yes}. The second example's label is 0, which has the probability 1 − {no} = {other}; "
    "its loss is −ln {other} = {loss_no}. The mean of the two losses is {answer}.",
)


def _draw_step(rng):
    return {
        "x": int(rng.choice([1, 2, 3])),
        "lr": float(rng.choice([0.2, 0.4, 0.5, 0.8, 1.0])),
        "label": int(rng.integers(2)),
    }


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _after_step(x, lr, label):
    problem = LogisticRegression([float(x)], [label])
    w, b = descend(problem, GradientDescent(lr), steps=1).last
    return float(_sigmoid(w * x + b))


probability_after_a_step = Question(
    name="probability_after_a_step",
    lesson="classify",
    section="The gradient",
    text="Logistic regression with p = 1/(1 + e⁻ᶻ) and z = wx + b starts at w = 0, b = 0. You take "
    "one step of descent on the cross-entropy of a single example, x = {x} with label {label}, "
    "with lr = {lr}. What is p for this example after the step?",
    draw=_draw_step,
    answer=_after_step,
    kind=Number(),
    misconceptions=(
        Misconception(
            "step uphill",
            lambda x, lr, label: _after_step(x, lr, 1 - label),
            "Your step goes uphill: the probability of the right label has become smaller. Which "
            "sign does p − y have here, and which sign does the step have?",
        ),
        Misconception(
            "b not updated",
            lambda x, lr, label: float(_sigmoid((label - 0.5) * lr * x**2)),
            "You updated w only. What is the derivative of the cross-entropy with respect to b?",
        ),
        Misconception(
            "factor x missing",
            lambda x, lr, label: float(_sigmoid((label - 0.5) * lr * (x + 1))),
            "Your step of w has no factor x. What is the derivative of z with respect to w?",
        ),
        Misconception(
            "factor 2 of the squared error",
            lambda x, lr, label: _after_step(x, 2 * lr, label),
            "Your step is twice as long as it should be. The factor 2 belongs to the squared "
            "error: what is the derivative of the cross-entropy with respect to z?",
        ),
        Misconception(
            "z instead of p",
            lambda x, lr, label: (label - 0.5) * lr * (x**2 + 1),
            "This is z after the step. By which function does p follow from z?",
        ),
    ),
    hint="What is p before the step? The derivative of the loss with respect to z is p − y; what "
    "are then the derivatives with respect to w and b?",
    work=lambda x, lr, label: {
        "residual": 0.5 - label,
        "w": (label - 0.5) * lr * x,
        "b": (label - 0.5) * lr,
        "z": (label - 0.5) * lr * (x**2 + 1),
    },
    solution="Before the step p = 0.5, so p − y = {residual}. The step changes w by "
    "−lr·(p − y)·x = {w} and b by −lr·(p − y) = {b}. Then z = wx + b = {z}, and "
    "p = 1/(1 + e⁻ᶻ) = {answer}.",
)

# Seeds of data on which the flexible model overfits visibly within the steps of the picture.
OVERFITS = (8, 14, 25, 41, 46, 52, 57, 58, 64, 77, 81, 82, 100, 105, 109, 111, 115, 116, 144)
ROWS, STEPS, POWERS = 20, 300, 8


def _fit_curves(data):
    """Losses of logistic regression on x alone and on its powers, trained on a few rows."""
    rng = np.random.default_rng(data)
    x = rng.uniform(-1, 1, ROWS + 200)
    y = (x + 0.6 * rng.normal(size=len(x)) > 0).astype(float)
    X = np.stack([x**k for k in range(1, POWERS + 1)], axis=1)
    X = (X - X[:ROWS].mean(axis=0)) / X[:ROWS].std(axis=0)
    simple, flexible = (LogisticRegression(X[:ROWS, :k], y[:ROWS]) for k in (1, POWERS))
    path = descend(flexible, GradientDescent(0.6), steps=STEPS)
    return {
        "simple": descend(simple, GradientDescent(0.6), steps=STEPS).loss,
        "training": path.loss,
        "validation": LogisticRegression(X[ROWS:], y[ROWS:]).f(path.w),
    }


curves_of_overfitting = Question(
    name="curves_of_overfitting",
    lesson="classify",
    section="When to stop",
    text="Two models are trained on the same {rows} examples by batch descent. The simple one "
    "uses x only, the flexible one x, x², … up to x⁸. The validation set has others from the "
    "same source. Which curve of the loss belongs to which?",
    draw=lambda rng: {"data": int(rng.choice(OVERFITS))},
    kind=Match(
        {
            "training": "flexible model, training set",
            "validation": "flexible model, validation set",
            "simple": "simple model, training set",
        }
    ),
    misconceptions=(
        Misconception(
            "validation loss expected below training loss",
            exchanged("training", "validation"),
            "You gave the curve that falls all the way to the validation set. On which set does "
            "each step lower the loss?",
        ),
        Misconception(
            "a simple model fits the training set better",
            exchanged("training", "simple"),
            "You gave the curve that ends lowest to the simple model. The flexible model can do "
            "all that the simple one can, and more: which of them fits the training set better?",
        ),
        Misconception(
            "rising loss on the training set",
            exchanged("validation", "simple"),
            "You gave the curve that rises to the training set of the simple model. Batch descent "
            "lowers the loss on the examples it is trained on: on which set can the loss rise?",
        ),
    ),
    hint="Batch descent with a safe step size lowers the loss on the training set at every step. "
    "Which curve rises? And which model can fit the training set better?",
    work=lambda data: {"rows": ROWS},
    curves=_fit_curves,
    solution="On the training set each step lowers the loss, so the curve that falls and then "
    "rises belongs to the validation set: there the flexible model overfits. On the training set "
    "the flexible model ends below the simple one: it can do all that the simple one can, and "
    "more. In the order of the list: {answer}.",
)

MEANS = {  # a step that uses the test set, and the one that should take its place
    "standardising all sets with the mean and standard deviation of all three sets": (
        "standardising all sets with the mean and standard deviation of the training set"
    ),
    "replacing missing values by the mean of all three sets": (
        "replacing missing values by the mean of the training set"
    ),
}
CHOICES = {
    f"{verb} with the lowest test loss": f"{verb} with the lowest validation loss"
    for verb in ("stopping at the epoch", "keeping the learning rate", "keeping the model")
}
AGAIN = "adding another column because the test loss is high, and testing again"
REPORT = "reporting a test loss that is higher than the validation loss"


def _draw_protocol(rng):
    """Five steps: a mean over the test set, a choice by the validation loss, a fair use, others."""
    leak, other = rng.permutation(list(MEANS))
    first, second = rng.permutation(list(CHOICES))[:2]
    fair, last = rng.permutation([MEANS[other], REPORT, AGAIN])[:2]
    chosen = [leak, CHOICES[first], rng.choice([second, CHOICES[second]]), fair, last]
    return {f"step{i}": str(step) for i, step in enumerate(rng.permutation(chosen))}


def _those(*groups):
    return lambda **steps: frozenset(
        name for name, step in steps.items() if any(step in group for group in groups)
    )


test_rows_leak = Question(
    name="test_rows_leak",
    lesson="classify",
    section="When to stop",
    text="Penguins are divided into a training, a validation and a test set. The test set must "
    "have no influence on the model that is tested. Which of these steps break this rule?",
    draw=_draw_protocol,
    answer=_those(MEANS, CHOICES, [AGAIN]),
    kind=Several({f"step{i}": f"{{step{i}}}" for i in range(5)}, shuffled=False),
    misconceptions=(
        Misconception(
            "means over the test set are harmless",
            _those(CHOICES, [AGAIN]),
            "You left out a step that computes a mean over all sets. Could the model be "
            "different if the test set were different?",
        ),
        Misconception(
            "the validation set taken for the test set",
            _those(MEANS, CHOICES, [AGAIN], CHOICES.values()),
            "You included a choice by the validation loss. Which set is there for choosing?",
        ),
        Misconception(
            "every use of the test set breaks the rule",
            _those(MEANS, CHOICES, [AGAIN], MEANS.values(), [REPORT]),
            "You included a step after which the model is the same, whatever the test set is. "
            "After which of your steps could another test set lead to another model?",
        ),
    ),
    hint="After which of these steps could the model be different if the test set were different?",
    solution="A step breaks the rule if another test set could lead to another model. So no choice "
    "may depend on the test set, and every mean and standard deviation must come from the training "
    "set alone. Choices by the validation loss are allowed. The rule is broken by {answer}.",
)


QUESTIONS = (
    cross_entropy_by_hand,
    probability_after_a_step,
    curves_of_overfitting,
    test_rows_leak,
)
