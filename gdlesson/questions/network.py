"""Questions on lesson network: how does a network learn?"""

from functools import cache

import numpy as np

from .. import datasets
from ..checking.questions import Match, Misconception, Number, Question, Several, exchanged
from ..descent import descend
from ..optimizers import GradientDescent
from ..problems import Network, SoftmaxRegression


def _draw_scores(rng):
    a, b, c = (int(n) for n in rng.choice(np.arange(1, 10), 3, replace=False))
    return {"a": a, "b": b, "c": c}


def _slope_of_true_score(a, b, c):
    """The scores are the biases of a softmax regression on one row without features."""
    row = SoftmaxRegression(np.zeros((1, 1)), [1], classes=3)
    return float(row.grad(np.append(np.zeros(3), np.log([a, b, c])))[4])


softmax_slope = Question(
    name="softmax_slope",
    lesson="network",
    section="Say it in symbols: softmax",
    text="For one example a network has three scores z, and the exponentials eᶻ are {a}, {b} and "
    "{c}. The second class is the true one. What is the derivative of the cross-entropy with "
    "respect to the second score?",
    draw=_draw_scores,
    answer=_slope_of_true_score,
    kind=Number(),
    misconceptions=(
        Misconception(
            "probability without the truth",
            lambda a, b, c: b / (a + b + c),
            "{b}/{sum} is the probability of the second class. The derivative is p minus the "
            "truth: what is the truth for the true class?",
        ),
        Misconception(
            "derivative with respect to the probability",
            lambda a, b, c: -(a + b + c) / b,
            "−1/p is the derivative of −ln p with respect to p. But p depends on the scores: "
            "what does the chain rule multiply it by?",
        ),
        Misconception(
            "slope of the softmax alone",
            lambda a, b, c: b * (a + c) / (a + b + c) ** 2,
            "p(1 − p) is the derivative of the probability with respect to its own score. By "
            "what does the chain rule multiply it to give the derivative of the loss?",
        ),
        Misconception(
            "exponentials not normalised",
            lambda a, b, c: b - 1,
            "{b} − 1 uses the exponential where p belongs. How does the softmax turn the three "
            "exponentials into probabilities?",
        ),
    ),
    hint="Which probability does the softmax give to the second class, and what is p minus the "
    "truth?",
    work=lambda a, b, c: {"sum": a + b + c, "p": b / (a + b + c)},
    solution="The softmax divides each exponential by their sum, {a} + {b} + {c} = {sum}, so the "
    "second class has p = {b}/{sum} = {p}. The derivative with respect to a score is p minus the "
    "truth, and the truth is 1 for the true class: {p} − 1 = {answer}.",
)


def _draw_unit(rng):
    return {
        "x": int(rng.choice([2, 3, 4, 5])),
        "h": float(rng.choice([-0.8, -0.6, -0.5, 0.2, 0.5, 0.6, 0.8])),
        "u": int(rng.choice([2, 3, 4])),
        "v": int(rng.choice([-3, -2, -1, 1])),
        "d": float(rng.choice([0.1, 0.2, 0.3, 0.4])),
    }


def _through_network(x, h, u, v, d):
    """The slope of the first weight in a network with one input, one hidden unit, two classes."""
    net = Network([[x]], [1], (1, 1, 2))
    p = np.log([d, 1 - d])  # scores that give p minus the truth = (d, −d)
    W = np.array([[u, v]], float)
    first = np.array([[np.arctanh(h) / x]]), np.zeros((1, 1))
    second = W, (p - h * W[0])[None]
    return float(net.unpack(net.grad(net.pack([first, second])))[0][0][0, 0])


through_tanh = Question(
    name="through_tanh",
    lesson="network",
    section="Backpropagation",
    text="A hidden unit has the input x = {x} and the output h = tanh(z) = {h}. Its weights to "
    "the two scores are {u} and {v}. The gradient of the loss with respect to the scores is "
    "({d}, −{d}). What is the derivative of the loss with respect to the weight from x to the "
    "unit?",
    draw=_draw_unit,
    answer=_through_network,
    kind=Number(),
    misconceptions=(
        Misconception(
            "slope of the tanh left out",
            lambda x, h, u, v, d: x * d * (u - v),
            "{back} is the derivative with respect to the output h, and you multiplied it by x. "
            "Which function lies between z and h, and what is its slope here?",
        ),
        Misconception(
            "slope of the sigmoid",
            lambda x, h, u, v, d: x * h * (1 - h) * d * (u - v),
            "h(1 − h) is the slope of the sigmoid. How does the slope of the tanh depend on its "
            "output?",
        ),
        Misconception(
            "tanh applied twice",
            lambda x, h, u, v, d: x * (1 - np.tanh(h) ** 2) * d * (u - v),
            "The slope of the tanh is 1 − tanh(z)², and {h} is tanh(z) already. What is the slope?",
        ),
        Misconception(
            "output of the unit in place of its input",
            lambda x, h, u, v, d: h * (1 - h**2) * d * (u - v),
            "You multiplied by the output h. The weight from x to the unit appears in z = w·x + b: "
            "what is the derivative of z with respect to w?",
        ),
        Misconception(
            "only one of two paths",
            lambda x, h, u, v, d: x * (1 - h**2) * d * u,
            "This is the contribution of the first score. The unit also influences the loss "
            "through the second score: what does that add?",
        ),
    ),
    hint="Go backwards from the scores to h, then from h to z, and then from z to the weight. What "
    "is each step multiplied by?",
    work=lambda x, h, u, v, d: {
        "back": d * (u - v),
        "slope": 1 - h**2,
        "at_z": d * (u - v) * (1 - h**2),
        "v_shown": f"({v})".replace("-", "−") if v < 0 else f"{v}",
        "h_shown": f"(−{-h:g})" if h < 0 else f"{h:g}",
    },
    solution="With respect to h the derivative is {d} · {u} − {d} · {v_shown} = {back}. The slope "
    "of the tanh is 1 − h² = 1 − {h_shown}² = {slope}, so with respect to z it is "
    "{back} · {slope} = {at_z}. The weight is multiplied by x in z, so its derivative is "
    "{at_z} · {x} = {answer}.",
)


def _draw_layers(rng):
    first, bias, second = (
        ("0", "1 in every entry", "random"),
        ("0", "0", "random"),
        ("random", "0", "0"),
        ("random", "1 in every entry", "0"),
        ("0", "1 in every entry", "0"),
    )[rng.integers(5)]
    return {
        "first": first,
        "bias": bias,
        "second": second,
        "hidden": int(rng.choice([8, 16, 32, 64])),
    }


def _learning(first, bias, second, hidden):
    """The parts of a network whose gradient is not zero, for one example."""
    rng = np.random.default_rng(0)
    net = Network(rng.uniform(1, 2, (1, 4)), [1], (4, hidden, 3))
    filled = {"0": np.zeros, "random": rng.standard_normal}
    (W1, b1), (W2, b2) = net.unpack(np.zeros(net.d))
    w = net.pack(
        [
            (filled[first](W1.shape), b1 + (bias != "0")),
            (filled[second](W2.shape), b2),
        ]
    )
    (W1, b1), (W2, b2) = net.unpack(net.grad(w))
    parts = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    return {key for key, gradient in parts.items() if gradient.any()}


def _parts_not_zero(first, bias, second, hidden):
    return {
        key
        for key, value in (("W1", first), ("b1", "random"), ("W2", second), ("b2", "random"))
        if value != "0"
    }


zero_layer = Question(
    name="zero_layer",
    lesson="network",
    section="Where to start",
    text="A network with {hidden} hidden units computes h = tanh(xW₁ + b₁) and the scores "
    "hW₂ + b₂. At the start W₁ is {first}, b₁ is {bias}, W₂ is {second} and b₂ is 0. For one "
    "example with x ≠ 0, which of the four gradients are not zero?",
    draw=_draw_layers,
    answer=_learning,
    kind=Several({"W1": "W₁", "b1": "b₁", "W2": "W₂", "b2": "b₂"}, shuffled=False),
    misconceptions=(
        Misconception(
            "a weight of zero has no gradient",
            _parts_not_zero,
            "You left out the weights that are 0 themselves. The derivative with respect to a "
            "weight is its input times the gradient at its output. Is the weight itself part of "
            "this product?",
        ),
        Misconception(
            "one layer of zeros stops everything",
            lambda **numbers: {"b2"},
            "b₂ has a gradient, but is it the only one? Each gradient is a product of an input and "
            "of what comes back from the loss: for which of the others is one of the two zero?",
        ),
        Misconception(
            "biases have no gradient",
            lambda **numbers: _learning(**numbers) - {"b1", "b2"},
            "You left out the biases. A bias is a weight whose input is always 1: what is its "
            "derivative?",
        ),
    ),
    hint="The gradient of W₂ is h times the gradient at the scores. The gradient of W₁ is x times "
    "what comes back through W₂. Which of these factors are zero here?",
    work=lambda first, bias, second, hidden: {
        "forward": "here h = tanh(0) = 0, so the gradient of W₂ is 0"
        if first == bias == "0"
        else "here it is not 0, so W₂ has a gradient",
        "backward": "W₂ = 0, so the gradients of W₁ and b₁ are 0"
        if second == "0"
        else "W₂, which is not 0, so W₁ and b₁ have gradients",
    },
    solution="The gradient at the scores, p minus the truth, is never zero, and it is the gradient "
    "of b₂. The input of W₂ is h: {forward}. On the way back the gradient is multiplied by "
    "{backward}. So the gradients that are not zero are those of {answer}.",
)


ROWS, UNITS, STEPS = 60, 8, 16  # of the runs on the digits


@cache
def _digits():
    rows = datasets.digits()
    return rows["pixels"] / 16, rows["label"]


def _draw_network(rng):
    return {
        "lr": float(rng.choice([0.7, 0.8, 0.9])),
        "part": int(rng.integers(10)),
        "seed": int(rng.integers(5)),
    }


def _network_curves(lr, part, seed):
    X, y = (each[part * ROWS : (part + 1) * ROWS] for each in _digits())
    net = Network(X, y, (64, UNITS, 10))
    runs = {
        "good": (lr, net.initial(seed)),
        "small": (lr / 5, net.initial(seed)),
        "large": (lr * 6, net.initial(seed)),
        "zero": (lr, np.zeros(net.d)),
    }
    return {
        key: descend(net, GradientDescent(rate), start, STEPS).loss
        for key, (rate, start) in runs.items()
    }


network_curves = Question(
    name="network_curves",
    lesson="network",
    section="Where to start",
    text="A network learns to read {rows} digits of ten classes, all of them at every step. Four "
    "runs differ in the learning rate or in the weights at the start. Which curve of the loss "
    "belongs to which run?",
    draw=_draw_network,
    kind=Match(
        {
            "small": "lr = {small_lr}, random weights",
            "good": "lr = {lr}, random weights",
            "large": "lr = {large_lr}, random weights",
            "zero": "lr = {lr}, all weights 0",
        }
    ),
    misconceptions=(
        Misconception(
            "dead start taken for a small learning rate",
            exchanged("small", "zero"),
            "You exchanged the start at zero and the smallest learning rate. With all weights 0 "
            "only the last bias learns: what loss do ten equally probable classes have?",
        ),
        Misconception(
            "larger steps are always faster",
            exchanged("good", "large"),
            "You gave the fastest curve to the largest learning rate. What does the loss do when "
            "each step is far too long?",
        ),
        Misconception(
            "start at zero is a good start",
            exchanged("good", "zero"),
            "You gave the fastest curve to the network that starts at zero. What are its hidden "
            "outputs, and which of its weights have a gradient?",
        ),
        Misconception(
            "small steps make the loss jump",
            exchanged("small", "large"),
            "You gave the jumping loss to the smallest learning rate. How far does the network "
            "move in one step with each of the three learning rates?",
        ),
    ),
    hint="A network that only guesses among ten classes has the loss ln 10 = 2.30. Which run "
    "cannot get away from there, and which one overshoots?",
    work=lambda lr, part, seed: {"rows": ROWS, "small_lr": lr / 5, "large_lr": lr * 6},
    curves=_network_curves,
    solution="With all weights 0, only the last bias learns, so the loss stays near ln 10 = 2.30, "
    "that of guessing. With lr = {large_lr} each step overshoots and the loss jumps up. With "
    "lr = {small_lr} the loss falls slowly, and with lr = {lr} five times as fast at first. So the "
    "curves are {answer}.",
)


QUESTIONS = (softmax_slope, through_tanh, zero_layer, network_curves)
