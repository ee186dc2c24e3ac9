"""Exercises of lesson 16: the loss of one example, and one layer backwards."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake, edit, either
from ..checking.probes import Call, scattered


def softmax_cross_entropy(scores, label):
    s = scores - np.max(scores)
    e = np.exp(s)
    p = e / np.sum(e)
    slopes = p.copy()
    slopes[label] = p[label] - 1
    return np.log(np.sum(e)) - s[label], slopes


def _score_probes():
    """From 2 to 10 classes; the label first, last and between; scores of every size and sign."""
    return [
        Call([1.0, 2.0, 0.5], 1),
        Call([0.0, 0.0, 0.0, 0.0], 2),
        Call([-1.5, 3.2], 0),
        Call([2.0, -1.0, 0.3, 1.1, -2.4], 4),
        Call(scattered(10, 0.1, 4, 3), 0),
        Call(scattered(10, 0.1, 4, 4), 7),
        Call([1000.0, 998.5, 999.0], 1, note="scores of about 1000"),
        Call([-2000.0, -2001.0], 0, note="scores of about −2000"),
        Call([0.0, 900.0, -900.0], 1, note="scores of 900 and −900"),
        Call([0.0, 40.0, 10.0], 0, note="a label with the probability 4e-18"),
        Call([0.0, 1000.0, 2.0], 0, note="a score far above the label's"),
    ]


LOSS, SLOPES = "np.log(np.sum(e)) - s[label], slopes", "slopes = p.copy()"
STABLE, AT_LABEL = "scores - np.max(scores)", "p[label] - 1"

# fmt: off
SCORE_MISTAKES = [
    Mistake("overflow",
        (edit((STABLE, "1.0 * scores")),
         edit((STABLE, "1.0 * scores"), (LOSS, "-np.log(p[label]), slopes"))),
        "The exponential of a large score overflows. With scores of about 1000, eˢ is too large "
        "for a number, and the result is not a number. Which constant can be subtracted from all "
        "scores without changing the probabilities?"),
    Mistake("mean subtracted",
        (edit((STABLE, "scores - np.mean(scores)")),
         edit((STABLE, "scores - np.mean(scores)"), (LOSS, "-np.log(p[label]), slopes"))),
        "You subtract the mean of the scores. A score can lie far above the mean, and then its "
        "exponential still overflows. With which number subtracted is no score above 0?"),
    Mistake("another score subtracted",
        tuple(edit((STABLE, f"scores - {number}"), *loss)
              for number in ("np.min(scores)", "scores[0]", "scores[-1]", "np.max(np.abs(scores))",
                             "np.median(scores)", "np.sort(scores)[-2]", "scores[label]")
              for loss in ((), ((LOSS, "-np.log(p[label]), slopes"),))),
        "The number that you subtract is not the largest score. A score far above it still "
        "overflows, and if all scores are far below it, all exponentials are 0. With which number "
        "subtracted is the largest exponential exactly 1?"),
    Mistake("clipped scores",
        tuple(edit((STABLE, f"np.{clip}"), *loss)
              for bound in (700, 709, 500, 100)
              for clip in (f"clip(scores, -{bound}, {bound})", f"minimum(scores, {bound})")
              for loss in ((), ((LOSS, "-np.log(p[label]), slopes"),))),
        "You cut the scores off at a limit. Nothing overflows then, but scores of 1000 and 998.5 "
        "become equal, so the probabilities change. What can be subtracted from all scores "
        "without a change?"),
    Mistake("logarithm of a probability of 0", edit((LOSS, "-np.log(p[label]), slopes")),
        "Your loss is infinite where p is rounded to 0. If another score is 1000 above the "
        "label's, p is too small for a number, but the loss is only 1000. What does ln(eˢ / Σ eˢ) "
        "become if you take the logarithm of the quotient apart?"),
    Mistake("wrong sign of the loss",
        either((LOSS, "s[label] - np.log(np.sum(e)), slopes")),
        "Your loss is negative. The probability of the label lies between 0 and 1, so its "
        "logarithm is not positive. What is missing before ln p?"),
    Mistake("the probability, not its logarithm",
        (edit((LOSS, "p[label], slopes")), edit((LOSS, "1 - p[label], slopes"))),
        "Your loss contains the probability of the label itself. A probability of one in a "
        "million should cost much more than one of a half. Which function of p is the "
        "cross-entropy?"),
    Mistake("another base",
        (edit((LOSS, "(np.log(np.sum(e)) - s[label]) / np.log(2), slopes")),
         edit((LOSS, "(np.log(np.sum(e)) - s[label]) / np.log(10), slopes"))),
        "Your logarithm does not have the base e. The gradient p minus the truth belongs to the "
        "natural logarithm. Which function of NumPy computes it?"),
    Mistake("uphill is downhill",
        (edit((SLOPES, "slopes = -p"), (AT_LABEL, "1 - p[label]"))),
        "Your slopes have the wrong sign. A higher score for the right label lowers the loss, so "
        "its slope is negative. Which of p and the truth should be subtracted from the other?"),
    Mistake("the truth is not subtracted", edit((AT_LABEL, "p[label]")),
        "Your slopes are the probabilities themselves. The slope of the label's own score should "
        "be negative, because a higher score lowers the loss. What is subtracted from p at the "
        "label?"),
    Mistake("only the label has a slope", edit((SLOPES, "slopes = np.zeros(len(scores))")),
        "Only the slope of the label's score is not 0. All scores are in the sum in the "
        "denominator of the softmax, so each of them changes the loss. What is the slope of the "
        "other scores?"),
    Mistake("slope with respect to the probability",
        (edit((SLOPES, "slopes = np.zeros(len(scores))"), (AT_LABEL, "-1 / p[label]"))),
        "−1/p is the derivative of −ln p with respect to p. The probability depends on the "
        "scores through the softmax. By what does the chain rule multiply −1/p?"),
    Mistake("slopes of the softmax",
        (edit((SLOPES, "slopes = -p * p[label]"), (AT_LABEL, "p[label] * (1 - p[label])"))),
        "Your slopes are those of the label's probability. The loss is minus its logarithm. By "
        "what does the chain rule multiply the slopes of p?"),
    Mistake("the truth at another place",
        either(("slopes[label] = p[label] - 1", "slopes[-1] = p[-1] - 1"),
               ("slopes[label] = p[label] - 1", "slopes[0] = p[0] - 1"),
               ("slopes[label] = p[label] - 1", "slopes[np.argmax(p)] = np.max(p) - 1"),
               ("slopes[label] = p[label] - 1", "slopes[label - 1] = p[label - 1] - 1")),
        "The 1 is subtracted at a wrong place. Classes are counted from 0, and the label need not "
        "be the most probable class. At which index is the truth 1?"),
    Mistake("1 subtracted from all", edit((SLOPES, "slopes = p - 1")),
        "You subtract 1 from every probability. The truth is 1 for the label and 0 for all other "
        "classes, so the slopes add up to 0. From which probability should 1 be subtracted?"),
    Mistake("p changed before its logarithm",
        edit((SLOPES, "slopes = p"), (LOSS, "-np.log(p[label]), slopes")),
        "You subtract 1 from the label's probability before you take its logarithm, so the loss is "
        "not a number. Should the loss be computed first, or should the slopes be a copy of p?"),
    Mistake("loss of another class",
        either((LOSS, "np.log(np.sum(e)) - np.max(s), slopes"),
               (LOSS, "np.log(np.sum(e)) - s[0], slopes"),
               (LOSS, "np.log(np.sum(e)) - s[-1], slopes"),
               (LOSS, "np.log(np.sum(e)) - np.mean(s), slopes"),
               (LOSS, "-np.sum(np.log(p)), slopes"),
               (LOSS, "np.sum(np.log(np.sum(e)) - s), slopes")),
        "Your loss uses the probability of another class, or of all. Only the label's counts in "
        "the cross-entropy. Which score is subtracted from ln Σ eˢ?"),
    Mistake("a power of two", either(("np.exp(s)", "2.0**s")),
        "Your exponentials have the base 2. The softmax uses eˢ, and its slopes would have "
        "another factor otherwise. Which function computes eˢ?"),
    Convention("mean over the classes",
        (edit((LOSS, "(np.log(np.sum(e)) - s[label]) / len(s), slopes")),
         edit((LOSS, "(np.log(np.sum(e)) - s[label]) / len(s), slopes / len(s)"))),
        "You divide by the number of classes. Some programs do, and then the loss of a guess "
        "depends differently on that number. Ours is −ln p of the label."),
    Mistake("a small number in the logarithm",
        tuple(edit((LOSS, f"-np.log(p[label] + {small}), slopes"))
              for small in ("1e-15", "1e-12", "1e-10", "1e-9", "1e-8", "1e-7")),
        "You add a small number to the probability before the logarithm. A label with the "
        "probability 4e-18 then costs too little. How can ln p be computed from the scores, "
        "without p?"),
]
# fmt: on


def backward(x, W, h, dh):
    dz = dh * (1 - h**2)
    dx = dz @ W.T
    dW = x.T @ dz
    db = np.sum(dz, axis=0)
    return dx, dW, db


def _layer_probes():
    """Layers from 1 to 5 inputs and units, 1 to 6 examples, with saturated and silent units."""
    probes = []
    sizes = [(1, 1, 1), (1, 2, 3), (2, 2, 2), (3, 3, 3), (4, 3, 2), (6, 5, 4), (5, 1, 4)]
    for k, (n, a, b) in enumerate(sizes):
        x, W = scattered((n, a), 0.1, 2, 4 * k), scattered((a, b), 0.1, 1, 4 * k + 1)
        h = np.tanh(x @ W + scattered(b, 0.01, 0.5, 4 * k + 2))
        probes.append(Call(x, W, h, scattered((n, b), 0.01, 3, 4 * k + 3)))
    x, W = np.array([[1.0, -2.0]]), np.array([[30.0, 0.0], [0.5, 0.0]])
    probes.append(Call(x, W, np.tanh(x @ W), np.array([[0.4, -0.7]]), note="a saturated unit"))
    return probes


SLOPE, BACK, WEIGHTS, BIASES = "dh * (1 - h**2)", "dz @ W.T", "x.T @ dz", "np.sum(dz, axis=0)"

# fmt: off
LAYER_MISTAKES = [
    Mistake("slope of the tanh left out", edit((SLOPE, "1.0 * dh")),
        "Your gradient does not contain the slope of the tanh. Between z = xW + b and h lies the "
        "function tanh. What is its slope, written with h?"),
    Mistake("tanh applied twice", edit(("h**2", "np.tanh(h) ** 2")),
        "You apply tanh to h, which is tanh(z) already. With {given} your function gives {got} "
        "instead of {expected}. What is 1 − tanh(z)², written with h?"),
    Mistake("slope of the sigmoid",
        (edit((SLOPE, "dh * h * (1 - h)"))),
        "h(1 − h) is the slope of the sigmoid. This layer uses tanh, whose values lie between −1 "
        "and 1. What is the slope of tanh(z), written with h?"),
    Mistake("slope of a rectifier", edit((SLOPE, "dh * (h > 0)")),
        "You pass the gradient on where h is above 0, as for a rectifier, max(0, z). This layer "
        "uses tanh. What is the slope of tanh(z), written with h?"),
    Mistake("plus for minus", edit(("1 - h**2", "1 + h**2")),
        "Your slope of the tanh is above 1. The tanh is steepest at z = 0, with slope 1, and "
        "flatter everywhere else. Which sign is before h²?"),
    Mistake("1 − h", edit(("h**2", "h")),
        "Your slope of the tanh is 1 − h. It should be the same for h and −h, because the tanh is "
        "symmetric. Which power of h belongs there?"),
    Mistake("root of the slope", edit(("(1 - h**2)", "np.sqrt(1 - h**2)")),
        "You take the root of 1 − h². With {given} your function gives {got} instead of "
        "{expected}. What is the derivative of tanh(z)?"),
    Mistake("dx without the slope", edit((BACK, "dh @ W.T")),
        "dx does not pass through the tanh. The gradient goes back from h to z, and only then "
        "through W to x. Which of dh and dz is multiplied by W?"),
    Mistake("dW without the slope", edit((WEIGHTS, "x.T @ dh")),
        "dW does not pass through the tanh. The weights appear in z = xW + b, so their gradient "
        "is the input times the gradient with respect to z. Which of dh and dz is that?"),
    Mistake("db without the slope", edit((BIASES, "np.sum(dh, axis=0)")),
        "db does not pass through the tanh. The bias is added to z, before the tanh. Which of dh "
        "and dz is summed?"),
    Mistake("mean over the examples",
        (edit((WEIGHTS, "x.T @ dz / len(x)"), (BIASES, "np.mean(dz, axis=0)")),
         edit((BACK, "dz @ W.T / len(x)"), (WEIGHTS, "x.T @ dz / len(x)"),
              (BIASES, "np.mean(dz, axis=0)"))),
        "You divide by the number of examples. dh is the gradient of the loss, in which a mean "
        "has its 1/n already. What would a second division do?"),
    Mistake("mean in one of them",
        either((WEIGHTS, "x.T @ dz / len(x)"), (BIASES, "np.mean(dz, axis=0)")),
        "One of dW and db is divided by the number of examples and the other is not. Both add up "
        "what the examples contribute. Where is a mean in place of a sum?"),
    Mistake("bias summed over the units",
        (edit((BIASES, "np.sum(dz, axis=1)")), edit((BIASES, "np.sum(dz)"))),
        "db is not summed over the examples alone. Each unit has a bias of its own, which every "
        "example uses. Along which axis of dz are the examples?"),
    Mistake("bias not summed", either((BIASES, "1.0 * dz"), (BIASES, "dz[0]"), (BIASES, "dz[-1]")),
        "db does not add up the examples. A bias is a weight whose input is 1 for every example. "
        "What does x.T @ dz become if x is a column of ones?"),
    Mistake("output in place of the input",
        (edit((WEIGHTS, "h.T @ dz"))),
        "dW multiplies by the output h. In z = xW + b each weight is multiplied by its input. "
        "What is the derivative of z with respect to W?"),
    Mistake("dW transposed", edit((WEIGHTS, "dz.T @ x")),
        "Your dW has its rows and columns exchanged. It should have the shape of W, inputs by "
        "units. In which order are x and dz multiplied?"),
    Mistake("other order",
        (edit(("return dx, dW, db", "return dW, dx, db")),
         edit(("return dx, dW, db", "return dW, db, dx"))),
        "The three gradients are returned in another order. The one with respect to the input "
        "comes first. What is the order of the return line?"),
    Mistake("wrong sign", either((SLOPE, "-dh * (1 - h**2)")),
        "All three gradients have the wrong sign. They are derivatives of the loss and point "
        "uphill; the minus belongs to the update. Where does yours come in?"),
]
# fmt: on


EXERCISES = [
    Exercise(
        name="softmax_cross_entropy",
        signature="softmax_cross_entropy(scores, label)",
        reference=softmax_cross_entropy,
        mistakes=SCORE_MISTAKES,
        probes=_score_probes,
        hints=[
            "Subtract the largest score from all scores first: the probabilities do not change, "
            "and no exponential overflows.",
            "p is eˢ divided by the sum of all eˢ. The loss is −ln p[label], which is "
            "ln Σ eˢ − s[label].",
            "The slopes are p, with 1 subtracted at the label. Copy p before you change it.",
        ],
        returns=("the loss", "the vector of slopes"),
    ),
    Exercise(
        name="backward",
        signature="backward(x, W, h, dh)",
        reference=backward,
        mistakes=LAYER_MISTAKES,
        probes=_layer_probes,
        hints=[
            "Go back through the tanh first: dz is dh times the slope of the tanh, 1 − h².",
            "z = xW + b, so dx is dz @ W.T, and dW is x.T @ dz.",
            "Each bias is added once for every example: db is the sum of dz over axis 0.",
        ],
        returns=("dx", "dW", "db"),
    ),
]
