"""The twelve slips of lesson 19 as its notebook gives them: name → `Mistake` with its effect.

The learner has to find the slip, so these messages do not name it; the hints do.
"""

from ..checking.exercise import Mistake, edit

EVIDENCE = "The slip is still there. With {given} your function gives {got} instead of {expected}."


def _given(question, *replacements, effect=EVIDENCE):
    return Mistake("as given", edit(*replacements), f"{effect} {question}")


# fmt: off
GIVEN = {
    "errata_numerical_gradient": _given(
        "Which number would you have to multiply one by to obtain the other?",
        ("(2 * h)", "h")),
    "errata_logistic_gradient": _given(
        "What do the two results have in common, and in what do they differ?",
        ("p - y", "y - p")),
    "errata_regression_gradient": _given(
        "How many numbers should dw be, and how many are there?",
        ("2 * np.mean(r * x)", "2 * np.mean(r) * x")),
    "errata_standardise": _given(
        "Which mean and which standard deviation do the two results have?",
        ("(x - np.mean(x))", "x")),
    "errata_minibatches": _given(
        "Print a batch of data in which each row equals its label: what do you see?",
        ("y[rows]", "y[start : start + batch_size]"),
        effect="The slip is still there. On these batches a model becomes hardly better than a "
               "guess."),
    "errata_step_decay": _given(
        "How many drops should there have been, and how many were there?",
        ("(t // every)", "t")),
    "errata_best_epoch": _given(
        "What is the loss at each of these two epochs?",
        ("            break", "            return epoch")),
    "errata_softmax_cross_entropy": _given(
        "Print every line of your function for these scores: which is the first that is no "
        "ordinary number?",
        ("scores - np.max(scores)", "1.0 * scores"),
        ("np.log(np.sum(e)) - s[label]", "-np.log(p[label])")),
    "errata_nesterov_step": _given(
        "Write down the number that each line computes here. Which line is the first that differs "
        "from the rule of lesson 12?",
        ("grad(w - lr", "grad(w + lr")),
    "errata_bias_correction": _given(
        "What begins again with the second pass?",
        ("beta1**t", "beta1 ** (i + 1)"), ("beta2**t", "beta2 ** (i + 1)"),
        effect="The slip is still there. In the first pass over the data your steps are right, "
               "and from the second on they are not."),
    "errata_brackets": _given(
        "In which order does Python compute the last line?",
        ("(np.sqrt(s) + eps)", "np.sqrt(s) + eps"),
        effect="The slip is still there. Where all gradients have been 0, w should stay where it "
               "is, and your function gives nan."),
    "errata_effective_step": _given(
        "How much smaller should the result become if s is 4 times as large, and how much smaller "
        "is yours?",
        ("np.sqrt(s)", "s")),
}
# fmt: on
