"""Exercises of lesson 14: one step of AdaGrad, and one of RMSProp."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake, edit, either
from ..checking.probes import Steps, scattered


def adagrad_step(w, s, g, lr, eps):
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + eps), s


def rmsprop_step(w, s, g, lr, rho, eps):
    s = rho * s + (1 - rho) * g**2
    return w - lr * g / (np.sqrt(s) + eps), s


GRADIENTS = [
    np.array([2.0, -30.0, 0.01, 0.0, 500.0]),
    np.array([1.5, 20.0, -0.02, 0.0, 0.0]),
    np.array([-0.4, 1e-8, 3e-8, 0.0, 0.0]),
    np.array([0.7, -30.0, 0.01, 0.0, 1e-8]),
]


def probes(*rhos):
    """Trajectories of RMSProp, each with its ρ, or those of AdaGrad where there is no ρ."""
    w, tiny = np.array([1.0, 30.0, 0.01, 2.0, -1.0]), np.array([1e-8, -3e-9])
    wide = [scattered(200, 1e-8, 1e6, seed) for seed in range(4)]
    runs = [  # the point, s, the gradients, lr at each step, ε
        (np.array([3.0]), np.zeros(1), np.array([[4.0], [4.0], [2.0]]), [0.1] * 3, 1e-8),
        (w, np.zeros(5), GRADIENTS, [0.1, 0.1, 0.02, 0.5], 1e-8),
        (w, np.zeros(5), GRADIENTS, [0.3] * 4, 0.1),
        (np.array([0.5, 0.7]), np.zeros(2), [tiny, tiny], [0.2] * 2, 3e-8),
        (np.array([-1.5]), np.array([2.0]), np.array([[0.3], [-5e5]]), [6.0] * 2, 0.05),
        (np.array([3, -2]), np.array([4, 1]), [np.array([1, 5])], [0.25], 0.01),
        (scattered(200, 0.01, 100, 4), wide[3] ** 2, wide[:3], [40.0] * 3, 1e-6),
    ]
    rho = [(each,) for each in rhos] or [()] * len(runs)
    return [
        Steps((w, s), [(g, lr, *rho[i], eps) for g, lr in zip(gradients, lrs, strict=True)])
        for i, (w, s, gradients, lrs, eps) in enumerate(runs)
    ]


# fmt: off
EPSILON_MISTAKES = [  # wherever something is divided by √s + ε
    Convention("epsilon inside the root", edit(("np.sqrt(s) + eps", "np.sqrt(s + eps)")),
        "Your ε is inside the square root, as in Keras and optax. It is not wrong, but there "
        "1e-8 has the effect of 1e-4 after the root. We add ε after the root: √s + ε."),
    Mistake("epsilon is not used", edit(first="eps = 1e-8"),
        "Your ε is a fixed number, and the argument eps is ignored. With {given} your function "
        "gives {got} instead of {expected}. Which number in your function should be eps?"),
    Mistake("times epsilon", edit(("+ eps", "* eps")),
        "The root is multiplied by ε. A tiny ε then makes a tiny denominator and a huge step. "
        "Which operation lets ε matter only where √s is close to 0?"),
    Mistake("maximum for epsilon", edit(("np.sqrt(s) + eps", "np.maximum(np.sqrt(s), eps)")),
        "The denominator is the larger of √s and ε instead of their sum. This avoids 0/0 too, "
        "but where √s is as small as ε the step is twice as long. What joins √s and ε in the "
        "rule?"),
]
# fmt: on

# fmt: off
STEP_MISTAKES = [  # the step of AdaGrad and that of RMSProp are the same line
    Mistake("epsilon outside the brackets",
        either(("(np.sqrt(s) + eps)", "np.sqrt(s) + eps"),
               ("(np.sqrt(s) + eps)", "np.sqrt(s) - eps"),
               ("lr * g / (np.sqrt(s) + eps)", "lr * (g / np.sqrt(s) + eps)"),
               ("lr * g / (np.sqrt(s) + eps)", "lr / np.sqrt(s) + eps * g")),
        "ε is not in the denominator. Python divides before it adds, so a coordinate whose "
        "gradients were all 0 still divides by 0. Which brackets bring ε under the fraction bar?"),
    Mistake("no epsilon",
        either((" + eps", ""),
               ("lr * g / (np.sqrt(s) + eps)", "np.nan_to_num(lr * g / np.sqrt(s))")),
        "ε is missing from the denominator. In a coordinate whose gradients were all 0 this "
        "leads to 0/0, which is nan. Where should ε be added so that this cannot happen?"),
    Mistake("the point is divided", edit(("w - lr * g", "(w - lr * g)")),
        "The point w is divided together with the step. Large gradients then pull w towards 0, "
        "wherever the minimum is. Which part of the line should be in the numerator?"),
    Mistake("the gradient squared in the step", edit(("lr * g", "lr * g**2")),
        "The step contains the squared gradient. A square is never negative, so w always moves "
        "in the same direction. In which of the two lines does the square belong?"),
    Mistake("no root", either(("np.sqrt(s)", "s"), ("np.sqrt(s)", "s**2")),
        "The square root of s is missing from the denominator. s contains squares of gradients. "
        "What gives it the unit of a gradient?"),
    Mistake("uphill", edit(("w - ", "w + ")),
        "Your step goes uphill. A gradient points in the direction in which the loss grows. "
        "Which sign does the step need?"),
    Mistake("not divided", either((" / (np.sqrt(s) + eps)", ""), ("g / (", "g * (")),
        "The step is not divided by √s + ε. Coordinates with large gradients therefore still "
        "take the longest steps. Which operation makes their steps shorter?"),
    Mistake("no gradient in the step", edit(("lr * g", "lr")),
        "The step does not contain the gradient. lr/(√s + ε) is only a step size, so w always "
        "moves in the same direction. What does a step size multiply?"),
    Mistake("no lr", edit(("lr * g", "g")),
        "The step is not multiplied by lr. It therefore has the same length for every lr. Where "
        "does lr enter the rule?"),
    Mistake("the old memory", edit(("sqrt(s", "sqrt(old"), first="old = s"),
        "The step uses s from before this gradient. In the first step s is 0, so the step is lr "
        "· g/ε, which is huge. Which of the two lines should come first?"),
    Mistake("only this gradient",
        either(("sqrt(s)", "sqrt(g**2)"), ("np.sqrt(s)", "np.linalg.norm(g)")),
        "The step is divided by the size of this gradient, and s has no effect on it. Which "
        "quantity contains the earlier gradients too?"),
    Mistake("one number for all",
        either(("sqrt(s)", "sqrt(np.sum(s))"), ("sqrt(s)", "sqrt(np.mean(s))"),
               ("np.sqrt(s)", "np.linalg.norm(s)")),
        "All coordinates are divided by the same number. Large gradients in one coordinate then "
        "shorten the steps in the others too. Which entry of s belongs to which coordinate?"),
    Mistake("the root is stored",
        either(("), s", "), np.sqrt(s)"), ("), s", "), np.sqrt(s) + eps")),
        "Your function returns the root of s as the new s. The next step then takes the root "
        "again. Which of s and √s should be remembered?"),
    Mistake("the memory is not kept",
        (edit(("), s", "), old"), first="old = s"), edit(("), s", "), g**2"))),
        "The s that your function returns is not the s that the step used. At the next step, "
        "some of the past gradients are therefore missing from s. Which s does that step need?"),
    Mistake("point and memory swapped", edit(("return w", "return s, w"), ("), s", ")")),
        "w and s are returned in the wrong order. The point w comes first, then s. What would "
        "the next step take for the point?"),
    Mistake("the step, not the point", either(("w - ", ""), ("w - ", "-")),
        "Your function returns the step instead of the point. Where is w after this step?"),
    *EPSILON_MISTAKES,
]
# fmt: on

# fmt: off
ADAGRAD_MISTAKES = [
    *STEP_MISTAKES,
    Mistake("no accumulation", edit(("s + g", "g")),
        "Your s contains only the last gradient. Every step is therefore about lr long, whatever "
        "came before. To what should the new square be added?"),
    Mistake("no square", either(("s + g**2", "s + g"), ("s + g**2", "s + np.abs(g)")),
        "The gradients are added to s without a square. √s then does not have the unit of a "
        "gradient. What should be added to s?"),
    Mistake("averaged",
        either(("s + g**2", "0.9 * s + 0.1 * g**2"), ("s + g**2", "0.9 * s + g**2")),
        "Your s loses a part of the past at every step, as in RMSProp. The s of AdaGrad never "
        "becomes smaller. Which weight does the old s have in a sum?"),
    Mistake("a sum over coordinates",
        either(("s + g**2", "s + np.sum(g**2)"), ("s + g**2", "s + np.mean(g**2)")),
        "The same number is added to s in every coordinate. It combines the squares of all "
        "entries of g. Whose square belongs to which coordinate?"),
]
# fmt: on

# fmt: off
RMSPROP_MISTAKES = [
    *STEP_MISTAKES,
    Mistake("rho and 1 − rho swapped", edit(first="rho = 1 - rho"),
        "ρ and 1 − ρ have changed places. With ρ = 0.9 your s loses 90 % of the past at every "
        "step. Which of the two weights belongs to the past?"),
    Mistake("no 1 − rho", edit(("(1 - rho) * g", "g")),
        "The new square has the weight 1, so the two weights do not add up to 1. For a constant "
        "gradient s grows to g²/(1 − ρ) instead of g². Which weight should the new square have?"),
    Mistake("rho on both", either(("(1 - rho) * g", "rho * g"), ("rho * s", "(1 - rho) * s")),
        "The past and the new square have the same weight. The two weights of an average should "
        "add up to 1. Which weight remains for the new square when the past has ρ?"),
    Mistake("rho on the sum",
        edit(("rho * s + (1 - rho) * g**2", "rho * (s + (1 - rho) * g**2)")),
        "ρ also multiplies the new square, whose weight is then ρ(1 − ρ). The two weights do not "
        "add up to 1. Which term alone should ρ multiply?"),
    Mistake("rho is not used", edit(first="rho = 0.9"),
        "Your ρ is a fixed number, and the argument rho is ignored. With {given} your function "
        "gives {got} instead of {expected}. Which numbers in your function should be ρ and 1 − "
        "ρ?"),
    Mistake("AdaGrad's sum", either(("rho * s + (1 - rho) * g", "s + g"), ("rho * s", "s")),
        "The old s enters with its whole weight, so nothing is ever forgotten. As in AdaGrad, s "
        "then only grows and the steps become shorter. Which weight should the old s have?"),
    Mistake("no square", either(("g**2", "g"), ("g**2", "np.abs(g)")),
        "s averages the gradients without a square. √s then does not have the unit of a "
        "gradient. What should s average?"),
    Mistake("no memory", either(("rho * s + (1 - rho) * g", "g"), ("rho * s + ", "")),
        "Your s contains only the last gradient, and the old s has no effect on it. Which weight "
        "should the old s have in the average?"),
    Mistake("the square of the average",
        either(("rho * s + (1 - rho) * g**2", "(rho * s + (1 - rho) * g) ** 2"),
               ("(1 - rho) * g**2", "((1 - rho) * g) ** 2")),
        "The weight 1 − ρ is squared together with the gradient. With ρ = 0.9, g² then has the "
        "weight 0.01 instead of 0.1. What belongs inside the square?"),
    Mistake("a sum over coordinates", either(("g**2", "np.sum(g**2)"), ("g**2", "np.mean(g**2)")),
        "The same number enters s in every coordinate. It combines the squares of all entries of "
        "g. Whose square belongs to which coordinate?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="adagrad_step",
        signature="adagrad_step(w, s, g, lr, eps)",
        reference=adagrad_step,
        mistakes=ADAGRAD_MISTAKES,
        probes=probes,
        hints=[
            "s contains, for each coordinate, the sum of its squared gradients.",
            "Add g² to s first. The square root of s has the unit of a gradient.",
            "The step is lr · g/(√s + ε), with ε after the root. Return w and s.",
        ],
        returns=("w", "s"),
    ),
    Exercise(
        name="rmsprop_step",
        signature="rmsprop_step(w, s, g, lr, rho, eps)",
        reference=rmsprop_step,
        mistakes=RMSPROP_MISTAKES,
        probes=lambda: probes(0.9, 0.8, 0.95, 0.85, 0.6, 0.7, 0.3),
        hints=[
            "RMSProp is AdaGrad with one line changed: s is a running average instead of a sum.",
            "The old s has the weight ρ, and the new square has the weight 1 − ρ.",
            "The step is the same as in AdaGrad: lr · g/(√s + ε). Return w and s.",
        ],
        returns=("w", "s"),
    ),
]
