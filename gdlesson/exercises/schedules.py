"""Exercises of lesson 08: step sizes that fall in steps, and along a cosine."""

import numpy as np

from ..checking.exercise import Exercise, Mistake, edit, either
from ..checking.probes import Call


def step_decay(lr0, t, drop, every):
    return lr0 * drop ** (t // every)


def cosine_decay(lr0, t, T):
    return 0.5 * lr0 * (1 + np.cos(np.pi * t / T))


EVIDENCE = "With {given} your function gives {got} instead of {expected}. "
ROUNDED_PI = (
    "3.14 3.141 3.142 3.1415 3.1416 3.14159 3.141592 3.141593 3.1415926 3.1415927 3.14159265 22/7"
)
POWER = "* drop ** (t // every)"

# fmt: off
STEP_MISTAKES = [
    Mistake("smooth", edit(("//", "/")),
        "t / every is not rounded down to a whole number. The step size therefore changes at "
        "every t, and it agrees with step decay only where t is a multiple of `every`. Which "
        "division gives a whole number?"),
    Mistake("one drop early",
        either(("t //", "(t + 1) //"), ("(t //", "(1 + t //"), ("(t //", "-(-t //")),
        f"The drops come too early. {EVIDENCE}t counts from 0, and the first drop comes at "
        "t = every. How many drops have there been at t = every − 1?"),
    Mistake("one drop late",
        either(("t //", "(t - 1) //"), ("t //", "max(t - 1, 0) //"), ("(t //", "(-1 + t //")),
        f"The drops come too late. {EVIDENCE}t counts from 0, and at t = every there has been one "
        "drop. Which is the first t at which your step size is below lr0?"),
    Mistake("one drop only", edit(("t // every", "t >= every")),
        "The step size drops only once. It is right before t = 2 · every, but all later drops "
        "are missing. How many drops have there been at t = 5 · every?"),
    Mistake("only at the multiples",
        either(("t // every", "t % every == 0"), ("t // every", "t > 0 and t % every == 0")),
        "The step size is lower only where t is a multiple of `every`. Elsewhere it is lr0, "
        "although each drop should last until the next one. What should the exponent count?"),
    Mistake("times, not to the power",
        either(("drop **", "drop *"), ("* drop **", "- drop *"),
               (POWER, "* (1 - drop * (t // every))")),
        "The number of drops multiplies `drop` instead of being its exponent. "
        f"{EVIDENCE}Each drop should multiply what remains after the drop before it; how do you "
        "write `drop` times `drop` times `drop`?"),
    Mistake("divided by drop", edit(("lr0 *", "lr0 /")),
        "The step size is divided by `drop`. With drop = 0.5 it therefore doubles at each drop. "
        "Which operation makes it half as large?"),
    Mistake("drop is the share removed", edit(("drop **", "(1 - drop) **")),
        "The factor of each drop is 1 − `drop` instead of `drop`. With drop = 0.5 there is no "
        "difference, but with drop = 0.1 the step size falls to 90 % where it should fall to 10 "
        "%. Is `drop` the fraction that is removed, or the fraction that remains?"),
    Mistake("at every step", either(("(t // every)", "t"), ("//", "%")),
        f"The exponent counts steps instead of drops. {EVIDENCE}There is one drop in `every` "
        "steps. How many whole times does `every` fit into t?"),
    Mistake("t times every", edit(("//", "*")),
        f"The exponent is the product of t and `every`. {EVIDENCE}There is one drop in `every` "
        "steps. How many whole times does `every` fit into t?"),
    Mistake("no brackets", edit(("(t // every)", "t // every")),
        "The brackets around t // every are missing. Python raises to a power before it divides, "
        "so the exponent is t and the result is divided by `every`. What should the exponent be?"),
    Mistake("drops in mid-stretch", edit(("t // every", "round(t / every)")),
        "The drops come too early by half of `every`. Rounding to the nearest whole number "
        "counts a drop that is yet to come. Which way should t / every be rounded?"),
    Mistake("one over t",
        either((POWER, "/ (1 + drop * (t // every))"), (POWER, "/ (1 + drop * t)")),
        f"The step size falls like 1/t. {EVIDENCE}In step decay each drop multiplies what remains "
        "by the same factor. Which factor is that, and how many times is it applied?"),
    Mistake("e for drop",
        either((POWER, "* np.exp(-drop * (t // every))"), (POWER, "* np.exp(-drop * t)")),
        f"`drop` is used as the rate of an exponential decay. {EVIDENCE}Here `drop` itself is the "
        "factor, 0.5 for half. Which number should be raised to a power?"),
    Mistake("t and every swapped",
        either(("t // every", "every // t"), ("t // every", "every // t if t else 0")),
        "t and `every` are swapped in the division. Your function counts how many times t fits "
        "into `every`, and this number falls as t grows. Which of the two should be divided by "
        "the other?"),
    Mistake("drop is not used", either(("* drop", "* 0.5"), ("* drop", "* 0.1")),
        f"`drop` is not used. {EVIDENCE}Which number in your function should be `drop`?"),
    Mistake("factor, not step size", edit(("lr0 * ", "")),
        "lr0 is missing from the result. Your function returns only the factor, which is 1 at t "
        "= 0. What should this factor multiply?"),
    Mistake("power of the product", edit(("lr0 * drop", "(lr0 * drop)")),
        "lr0 is raised to the power together with `drop`. At t = 0 the result is therefore 1, "
        "whatever lr0 is. Which part of the product should be raised?"),
    Mistake("constant", edit((f" {POWER}", "")),
        "The step size never changes. It is right before the first drop and too large "
        "afterwards. Where should t appear in your function?"),
]
# fmt: on

# fmt: off
COSINE_MISTAKES = [
    Mistake("goes below zero", (edit(("0.5 * ", ""), ("(1 + np", "(np")), edit(("(1 + np", "(np"))),
        "The cosine is not shifted up by 1. The step size is therefore negative in the second "
        "half, where descent goes uphill. The cosine runs from 1 to −1; how can you shift and "
        "scale it so that it runs from 1 to 0?"),
    Mistake("folded at zero",
        (edit(("0.5 * ", ""), ("(1 + np", "abs(np")),
         edit(("0.5 * ", ""), ("(1 + np", "max(0, np"))),
        "The negative half of the cosine is cut off or reflected. The step size is therefore "
        "already 0 at t = T/2. The cosine runs from 1 to −1; how can you shift and scale it so "
        "that it runs from 1 to 0?"),
    Mistake("starts again", edit(("* t /", "* (t % T) /")),
        "The cosine starts again at t = T. There your function gives lr0 instead of 0, which is "
        "called a warm restart. What is t % T when t = T?"),
    Mistake("cut to whole numbers", either(("t / T", "t // T"), ("t / T", "(t // T)")),
        f"The angle grows in jumps because a fraction is cut off. {EVIDENCE}The angle should grow "
        "a little at every t. Which division gives the fraction?"),
    Mistake("a short pi", tuple(edit(("np.pi", pi)) for pi in ROUNDED_PI.split()),
        f"π is rounded to a few digits. {EVIDENCE}Which constant of NumPy has all the digits of "
        "π that a number can hold?"),
    Mistake("not halved", edit(("0.5 * ", "")),
        "The factor ½ is missing. At t = 0, for example, the sum 1 + cos(0) is 2, but the step "
        "size should be lr0. Where does the factor belong?"),
    Mistake("a full turn", edit(("np.pi", "2 * np.pi")),
        "The angle makes a full turn between t = 0 and t = T. The step size is therefore 0 in "
        "the middle and lr0 again at the end. How much of a turn takes a cosine from its top to "
        "its bottom?"),
    Mistake("a quarter turn",
        (edit(("0.5 * ", ""), ("(1 + np", "(np"), ("/ T", "/ T / 2")), edit(("/ T", "/ T / 2"))),
        "The angle makes only a quarter turn between t = 0 and t = T. The step size therefore "
        "falls fastest at the end, where it should hardly change. Which angle should the cosine "
        "have at t = T?"),
    Mistake("no pi", edit(("np.pi * ", "")),
        "The angle does not contain π. np.cos takes radians, so at t = T the angle is 1 and the "
        "step size is still 0.77 · lr0. How many radians are half a turn?"),
    Mistake("degrees", edit(("np.pi", "180")),
        "The angle is in degrees. np.cos takes radians, so the step size jumps up and down "
        "instead of falling. How many radians are half a turn?"),
    Mistake("climbs", edit(("1 + np", "1 - np")),
        "The cosine has the wrong sign. The step size therefore climbs from 0 to lr0 instead of "
        "falling from lr0 to 0. What is the cosine at t = 0, and what should the sum be there?"),
    Mistake("sine", edit(("np.cos", "np.sin")),
        "A sine is used in place of the cosine. A sine is 0 at both ends of half a turn, so the "
        "result is half of lr0 at t = 0 and again at t = T. Which of the two functions is "
        "largest at the angle 0?"),
    Mistake("t and T swapped", either(("t / T", "T / t"), ("t / T", "T / t if t else 0")),
        "t and T are swapped in the division. T / t has no value at t = 0, and the angle shrinks "
        "as t grows. Which fraction of the T steps is over at t?"),
    Mistake("straight line", edit(("0.5 * lr0 * (1 + np.cos(np.pi * t / T))", "lr0 * (1 - t / T)")),
        "The step size falls along a straight line. The line and the cosine curve agree at the "
        "start, in the middle and at the end, but nowhere else. At which t does the cosine curve "
        "fall slowly?"),
    Mistake("off by one",
        either(("* t /", "* (t + 1) /"), ("/ T", "/ (T + 1)"), ("/ T", "/ (T - 1)")),
        f"t or T is off by one in the angle. {EVIDENCE}The step size should be lr0 at t = 0 and 0 "
        "at t = T. Which angles does your function use there?"),
    Mistake("factor, not step size",
        either(("lr0 * (", "("), ("lr0 * (1 +", "(lr0 +"), ("lr0 * (1 + ", "(1 + lr0 * ")),
        "lr0 does not multiply the whole result. The step size should be lr0 times a number "
        "between 0 and 1. Which part of your expression is this number?"),
    Mistake("brackets",
        (edit(("(1 + np", "1 + np"), ("T))", "T)")), edit(("t / T))", "t) / T)")),
         edit(("* t / T))", ") * t / T)"))),
        f"A bracket is in the wrong place. {EVIDENCE}One pair of brackets should hold the sum "
        "1 + cos, and another the whole angle. Where does each pair close in your line?"),
]
# fmt: on

STEP_PROBES = (
    (0.2, 27, 0.5, 10), (0.4, 0, 0.5, 7), (0.2, 9, 0.3, 10), (0.8, 20, 0.5, 20),
    (0.7, 37, 0.1, 12), (0.3, 11, 0.7, 3), (1, 14, 0.25, 7), (2.0, 5, 0.9, 1),
    (3e-8, 130, 0.3, 50), (4e5, 734, 0.95, 200), (0.6, 640, 0.97, 16),
)  # fmt: skip
COSINE_PROBES = (
    (0.2, 25, 100), (0.3, 0, 90), (0.2, 50, 100), (0.7, 110, 110), (3, 7, 12),
    (0.05, 1, 8), (0.4, 1, 3), (0.9, 2, 2), (3e-8, 200, 333), (4e5, 1234, 10_000),
)  # fmt: skip

EXERCISES = [
    Exercise(
        name="step_decay",
        signature="step_decay(lr0, t, drop, every)",
        reference=step_decay,
        mistakes=STEP_MISTAKES,
        probes=lambda: [Call(*args, atol=1e-300) for args in STEP_PROBES],
        hints=[
            "Count the drops: there is none before t = every, one from t = every on, and two from "
            "t = 2 · every on.",
            "The number of drops is t // every.",
            "Each drop multiplies the step size by `drop`, so lr0 is multiplied by a power of it.",
        ],
    ),
    Exercise(
        name="cosine_decay",
        signature="cosine_decay(lr0, t, T)",
        reference=cosine_decay,
        mistakes=COSINE_MISTAKES,
        # Near t = T the sum 1 + cos loses its digits, so results are compared to those of lr0.
        probes=lambda: [Call(*args, atol=1e-12 * args[0]) for args in COSINE_PROBES],
        hints=[
            "Over half a turn, a cosine falls from 1 to −1, slowly at both ends.",
            "The angle at t is π · t / T. Then 1 + cos runs from 2 to 0.",
            "Multiply this sum by half of lr0.",
        ],
    ),
]
