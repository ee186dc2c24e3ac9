"""Exercises of lesson 15: one step of Adam."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake, edit, either
from ..checking.probes import Steps, scattered
from .adaptive import GRADIENTS


def adam_step(w, m, v, t, g, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def adam_probes(*more):
    """Trajectories that count t as they should; `more` arguments follow after eps."""
    w = np.array([1.0, 30.0, 0.01, 2.0, -1.0])
    zero = (w, np.zeros(5), np.zeros(5))
    lrs = (0.1, 0.1, 0.02, 0.5)
    wide = [scattered(200, 1e-8, 1e6, seed) for seed in range(3)]
    return [
        Steps(
            ([1.0], np.zeros(1), np.zeros(1)),
            [(t, [4.0], 0.1, 0.9, 0.999, 1e-8, *more) for t in (1, 2, 3)],
        ),
        Steps(
            zero, [(t, g, lrs[t - 1], 0.9, 0.99, 1e-8, *more) for t, g in enumerate(GRADIENTS, 1)]
        ),
        Steps(zero, [(t, g, 0.3, 0.7, 0.8, 0.1, *more) for t, g in enumerate(GRADIENTS, 1)]),
        Steps(
            ([0.5, 0.7], [1e-8, 2.0], [1e-16, 9.0]),
            [(t, [2e-8, -1.0], 0.1, 0.9, 0.999, 1e-8, *more) for t in (1000, 1001, 40)],
        ),
        Steps(([3, -2], [0, 1], [0, 4]), [(3, [1, 5], 0.25, 0.5, 0.75, 0.01, *more)]),
        Steps(
            (scattered(200, 0.01, 100, 3), np.zeros(200), np.zeros(200)),
            [(t, g, 0.05, 0.8, 0.95, 1e-6, *more) for t, g in enumerate(wide, 1)],
        ),
    ]


OLD = "old_m, old_v = m, v"

# fmt: off
ADAM_MISTAKES = [
    Mistake("no bias correction", edit((" / (1 - beta1**t)", ""), (" / (1 - beta2**t)", "")),
        "Neither mean is corrected for its start at 0. With the usual β₁ and β₂ the first "
        "step is therefore 3.16 times too long. Which part of the gradient does m contain at t = "
        "1?"),
    Mistake("half the bias correction",
        either((" / (1 - beta1**t)", ""), (" / (1 - beta2**t)", "")),
        "Only one of m and v is corrected for its start at 0. This matters most in the first "
        "steps. Which of the two still contains its zero start?"),
    Mistake("the corrected average is kept",
        (edit(("), m, v", "), m_hat, v_hat")),
         *either(("), m, v", "), m_hat, v"), ("), m, v", "), m, v_hat"))),
        "Your function returns a corrected mean as its new state. The next step corrects it "
        "once more, so the error grows. Which of m and m̂ is the decaying mean?"),
    Mistake("t off by one",
        tuple(edit(first=f"t = {t}") for t in ("t + 1", "t - 1", "max(t - 1, 1)")),
        "The bias correction uses the wrong power of β. Here t counts from 1: after one step, m "
        "contains the gradient times 1 − β. Which power of β is that?"),
    Mistake("t times, not to the power",
        (*either(("beta1**t", "beta1 * t"), ("beta2**t", "beta2 * t")), edit(first="t = 1")),
        "The bias correction does not take β to the power t. Only for t = 1 is there no "
        "difference. Which weight does the zero start have after two steps, and after t?"),
    Mistake("brackets in the correction",
        either(("(1 - beta1**t)", "(1 - beta1) ** t"), ("(1 - beta2**t)", "(1 - beta2) ** t")),
        "The power t is applied to 1 − β where only β should have it. Only for t = 1 is there no "
        "difference. Which weight does the zero start have after two steps?"),
    Mistake("no brackets in the correction",
        either((" / (1 - beta1**t)", " / 1 - beta1**t"), (" / (1 - beta2**t)", " / 1 - beta2**t")),
        "The brackets around 1 − βᵗ are missing. Python divides before it subtracts, so a mean "
        "becomes smaller by βᵗ, and v̂ can even become negative. What should a mean be divided by?"),
    Mistake("one beta for both", either(("beta2**t", "beta1**t"), ("beta1**t", "beta2**t")),
        "Both means are corrected with the same β. But m was made with β₁ and v with β₂, so "
        "their zero starts fade at different rates. Which β belongs to which correction?"),
    Mistake("the root before the correction",
        edit(("np.sqrt(v_hat)", "np.sqrt(v) / (1 - beta2**t)")),
        "The square root is taken of v, and its result is divided by the whole correction. This "
        "makes the early steps too short. Of which quantity should the root be taken?"),
    Mistake("multiplied by the correction", either(("= m / (", "= m * ("), ("= v / (", "= v * (")),
        "A mean is multiplied by its correction. A mean that starts at 0 is too small, "
        "and this makes it smaller still. Which operation makes it larger?"),
    Mistake("betas swapped",
        (edit(first="beta1, beta2 = beta2, beta1"),
         edit(("beta1 * m + (1 - beta1)", "beta2 * m + (1 - beta2)"),
              ("beta2 * v + (1 - beta2)", "beta1 * v + (1 - beta1)"))),
        "β₁ and β₂ are exchanged. With the usual values m then remembers about 1000 gradients, and "
        "v only about 10. Which of the two means is made with β₁?"),
    Mistake("weights of a mean swapped",
        either(("beta1 * m + (1 - beta1) * g", "(1 - beta1) * m + beta1 * g"),
               ("beta2 * v + (1 - beta2) * g**2", "(1 - beta2) * v + beta2 * g**2")),
        "The two weights of a mean are exchanged, so the new gradient has the weight β. "
        "Usually the old mean has most of the weight. Which number should multiply it?"),
    Mistake("no 1 − beta", either(("(1 - beta1) * g", "g"), ("(1 - beta2) * g**2", "g**2")),
        "The new gradient enters with the weight 1, so the weights of a mean do not add up "
        "to 1. The result is a sum, as in heavy-ball momentum. Which weight remains next to β?"),
    Mistake("no square",
        either(("g**2", "g"), ("g**2", "np.abs(g)"),
               ("(1 - beta2) * g**2", "((1 - beta2) * g) ** 2")),
        "v is not the mean of the squared gradients. Each square should enter with the weight "
        "1 − β₂ outside the square. What does your line for v average?"),
    Mistake("squares in m", edit(("(1 - beta1) * g", "(1 - beta1) * g**2"), ("g**2", "g")),
        "m averages the squares and v averages the gradients. Only a gradient has a direction. "
        "Which of the two means is divided by the root of the other?"),
    Mistake("the usual numbers",
        (edit(first="beta1, beta2 = 0.9, 0.999"), edit(first="eps = 1e-8")),
        "A usual value is used for β₁, β₂ or ε, and the argument is ignored. With {given} your "
        "function gives {got} instead of {expected}. Which number should be a name?"),
    Mistake("no root", edit(("np.sqrt(v_hat)", "v_hat")),
        "m̂ is divided by v̂ without the square root. v̂ is a mean of squares, so a larger "
        "gradient makes a shorter step. What gives v̂ the unit of a gradient?"),
    Convention("epsilon inside the root", edit(("np.sqrt(v_hat) + eps", "np.sqrt(v_hat + eps)")),
        "Your ε is inside the square root, as in some libraries. It is not wrong, but there 1e-8 "
        "acts like 1e-4 outside and shortens steps with small gradients. We use √v̂ + ε."),
    Convention("epsilon hat",
        edit(("m_hat / (", "m * np.sqrt(1 - beta2**t) / (1 - beta1**t) / ("),
             ("sqrt(v_hat)", "sqrt(v)")),
        "This is the ε-hat form of Adam, as in Keras: ε is added to √v instead of √v̂. It is not "
        "wrong, but ε has more effect in the first steps. We use m̂/(√v̂ + ε)."),
    Mistake("epsilon outside the brackets",
        either(("(np.sqrt(v_hat) + eps)", "np.sqrt(v_hat) + eps"),
               ("m_hat / (np.sqrt(v_hat) + eps)", "(m_hat / np.sqrt(v_hat) + eps)")),
        "ε is added after the division. Python divides before it adds, so a coordinate whose "
        "gradients were all 0 still gives 0/0. What should be in the denominator?"),
    Mistake("no epsilon", edit((" + eps", "")),
        "ε is missing from the denominator. A coordinate whose gradients were all 0 gives 0/0, "
        "which is nan and stays nan. Where should ε be added so that this cannot happen?"),
    Mistake("uphill", either(("m_hat / (np", "-m_hat / (np"), ("w - lr", "w + lr")),
        "Your step goes uphill. m̂ is a mean of gradients, and a gradient points in the "
        "direction in which the loss grows. Which sign does the step need?"),
    Mistake("the gradient, not its average", edit(("m_hat / (np", "g / (np")),
        "The step uses the last gradient, and m has no effect on it. This is RMSProp with a bias "
        "correction. What should be divided by √v̂ + ε?"),
    Mistake("no lr", either(("m_hat / (np", "m_hat / lr / (np"), ("w - lr * ", "w - ")),
        "The step is not multiplied by lr. It therefore has the same length for every learning "
        "rate. Where does lr enter the rule?"),
    Mistake("the memory is not kept", edit(("), m, v", "), old_m, old_v"), first=OLD),
        "Your function returns the m and v that it was given. The next step therefore starts "
        "from the same means as this one. Which m and v does it need?"),
    Mistake("m and v swapped", edit(("), m, v", "), v, m")),
        "m and v are returned in the wrong order. The point w comes first, then m, then v. What "
        "would the next step take for the mean of the squares?"),
    Mistake("the old averages",
        edit(("m_hat = m", "m_hat = old_m"), ("v_hat = v", "v_hat = old_v"), first=OLD),
        "The step uses the means from before this gradient. In the first step both are 0, so "
        "w does not move. Which lines should come first?"),
    Mistake("v from the averaged gradient", edit(("g**2", "m**2")),
        "v averages the squares of m instead of the squares of the gradient. Averaging first "
        "removes most of the scatter that v should measure. What enters each of the two "
        "means?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="adam_step",
        signature="adam_step(w, m, v, t, g, lr, beta1, beta2, eps)",
        reference=adam_step,
        mistakes=ADAM_MISTAKES,
        probes=adam_probes,
        hints=[
            "Adam uses two decaying means: m of the gradients, with β₁, and v of their squares, "
            "with β₂.",
            "Both means start at 0 and are too small at first. Divide each by 1 − βᵗ, with its "
            "own β, and give the results new names.",
            "The step is lr · m̂/(√v̂ + ε). Return w and the means without the correction.",
        ],
        returns=("w", "m", "v"),
    ),
]
