"""How numbers and lists are written in readouts, formulas and messages. Standard library only.

One style in the whole course: a true minus sign before a number, exponents as Python writes them
(6.1e+03, 2.5e-05), a space before the percent sign.
"""

import math
import re


def minus(text):
    """The text with a true minus sign before its numbers; exponents stay as Python reads them."""
    return re.sub(r"(?<![\w.)])-(?=[\d.])", "−", text)


def significant(x, digits=3):
    """A number with so many significant digits: 0.0413, −20.4, 6.12e+03."""
    if not math.isfinite(x):
        return "beyond all numbers"
    return minus(f"{x + 0.0:.{digits}g}")


def decimals(x, places=2):
    """A number with so many decimals, and never −0.00: 1.20, −3.00."""
    return minus(f"{round(x, places) + 0.0:.{places}f}")


def step_size(lr):
    """A step size with the three decimals of its slider, or four where it lies in between."""
    return f"{lr:.3f}" if math.isclose(lr, round(lr, 3)) else f"{lr:.4f}"


def small_loss(loss):
    """A loss that ends near 0, with two digits: 0.0016, or "below 1e-12" where rounding decides."""
    return significant(loss, 2) if loss > 1e-12 else "below 1e-12"


def vector(w, digits=None):
    """A point as text: (1.00, −2.00), or 1.00 for a single number.

    w: a sequence of numbers. digits: significant ones; without it two decimals are written, and
    numbers from 10 000 on as 1.0e+05.
    """

    def coordinate(x):
        if digits is not None:
            return significant(x, digits)
        return decimals(x) if abs(x) < 1e4 else minus(f"{x:.1e}")

    text = ", ".join(coordinate(x) for x in w)
    return f"({text})" if len(w) > 1 else text


def bracketed(text):
    """A number as the factor of a product: in brackets where it is negative, 2 · (−0.50)."""
    return f"({text})" if text.startswith("−") else text


def percent(share):
    """A share as 50 %, 0.3 % or 99.96 %: never 0 % or 100 % of what is more or less than that."""
    if math.isclose(share, 1, rel_tol=1e-12):
        return "100 %"
    if 0 < share <= 0.005:  # a half would be rounded to 0
        return f"{100 * share:.1g} %"
    digits = next((d for d in range(5) if round(100 * share, d) != 100), None)
    return "almost 100 %" if digits is None else f"{100 * share:.{digits}f} %"


def plural(n, noun):
    """A count with its noun: 1 step, 2 steps."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def listed(names):
    """Names as a list in a sentence: w, v and s."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def first_step(path, lr):
    """The update rule with the numbers of a path's first step, and two shorter ways to write it.

    path: with `w` (steps + 1, d) and `g` (steps, d), at least one step. Returns texts for
    `views.Formula`, the longest first.
    """
    old, slope, new = vector(path.w[0]), bracketed(vector(path.g[0])), vector(path.w[1])
    numbers = f"{old} − {step_size(lr)} · {slope} = {new}"
    short = f"*w* ← {numbers}"
    return f"First step: *w* ← *w* − *lr* · ∇*f* = {numbers}", f"First step: {short}", short


def step_text(dimensions, ending="loss {%d:g}"):
    """What a picture says of each step of a path over so many weights (see `live.playback`).

    Its numbers are the weights, and then those of the ending, by default the loss: {0} is written
    with two decimals, {0:g} with three digits.
    """
    w = ", ".join(f"{{{i}}}" for i in range(dimensions))
    w = f"({w})" if dimensions > 1 else w
    return f"Step {{step}} of {{steps}}: w = {w}, {ending.replace('%d', str(dimensions))}."


def sentence(text):
    """The text with a full stop, unless it ends with one, or with a quoted sentence."""
    return text if text.endswith((".", ".”")) else f"{text}."
