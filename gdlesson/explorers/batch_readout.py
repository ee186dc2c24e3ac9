"""What the picture of lesson 05 says of its state. May import: the core, formatting."""

import math

import numpy as np

from ..formatting import decimals, minus, percent, plural

DIGITS = {  # of the step size, and of its limit
    "raw": (".1e", ".2e"),
    "scaled only": (".4f", ".6f"),
    "centred only": (".4f", ".6f"),
    "standardised": (".2f", ".2f"),
}


def step_size(values):
    """The step size as its slider shows it, with more digits where it lies in between."""
    lr, digits = values["lr"], DIGITS[values["features"]][0]
    text = f"{lr:{digits}}"
    return text if math.isclose(float(text), lr) else f"{lr:.4g}"


@np.errstate(over="ignore")  # a diverging path may leave all numbers
def describe(fit, values, path, line):
    """What the step size does, how far the descent came, and the line it reached, (w, b)."""
    loss = float(fit.in_square_grams(path.loss[-1]))
    back = "" if values["features"] == "raw" else " in raw numbers,"
    reached = f"the line is w = {grams(line[0])} g per mm, b = {grams(line[1])} g{back} with "
    reached += compared(loss, fit.best_loss)
    if path.steps == 0:
        return f"No step is taken: {reached}"
    lr, steps, is_round = values["lr"], plural(path.steps, "step"), fit.kappa < 1.001
    limit, name = 2 / fit.L, f"Step size {step_size(values)}"
    border = f"the stability limit 2/L = {limit:{DIGITS[values['features']][1]}}"
    across = "to the minimum" if is_round else "across the valley"
    away = np.linalg.norm(path.w - fit.best, axis=1)
    tiny = 1e-9 * np.linalg.norm(fit.best)
    at_best = away[0] <= tiny
    if at_best and path.loss[-1] <= 1.001 * path.loss[0]:
        return (
            f"The start is the best line. The gradient there is 0, so no step moves it: {reached}"
        )
    on_floor = not is_round and abs(fit.steep @ (path.w[0] - fit.best)) <= tiny
    if math.isclose(lr, limit):
        return (
            f"{name} is {border}: every step jumps to the other side, and the distance {across} "
            f"never gets shorter. After {steps} {reached}"
        )
    if lr > limit:
        start = "the best line" if at_best else "the floor of the valley"
        even = f" even from {start}, because rounding errors grow" if at_best or on_floor else ""
        grows = f"Every step multiplies the distance {across} by {decimals(lr * fit.L - 1)}"
        text = growth(float(fit.in_square_grams(path.loss[0])), loss, steps, grows)
        lowest = f"the lowest possible loss is {large(fit.best_loss)}."
        return f"{name} is above {border}, so descent diverges{even}. {text}; {lowest}"
    left, factor = away[-1] / away[0], 1 - lr * fit.L
    if abs(factor) < 1e-9 and is_round:
        return f"{name} is 1/L, so the first step ends at the minimum. After {steps} {reached}"
    how = f"{name} is below {border}, so descent converges"
    if factor < 0 and not on_floor:
        how += f", but overshoots: every step crosses the {'minimum' if is_round else 'valley'}"
    if left < 1e-6:
        needed = plural(int(np.argmax(away <= 1e-6 * away[0])), "step")
        return (
            f"{how}. After {needed} only a millionth of the distance to the best (w, b) remains, "
            f"and after {steps} {reached}"
        )
    return (
        f"{how}. The condition number is {fit.kappa:.3g}: after {steps}, {percent(left)} of the "
        f"distance to the best (w, b) remains, and {reached}"
    )


def growth(before, after, steps, grows):
    """How the loss grew on a path that diverges; it may fall at first: then say what grows."""
    if not math.isfinite(after):
        return f"The loss grew beyond all numbers in {steps}"
    if after > 1.001 * before:
        return f"The loss grew from {large(before)} to {large(after)} in {steps}"
    return f"{grows}, but the loss does not show it within {steps}: it is {large(after)}"


def compared(loss, lowest):
    """A loss next to the lowest possible one, as the end of a sentence."""
    if loss <= lowest * (1 + 1e-9):
        return f"loss {large(loss)}, the lowest possible."
    if large(loss) == large(lowest):
        return f"loss {large(loss)}, the lowest possible to six digits."
    return f"loss {large(loss)}; the lowest possible loss is {large(lowest)}."


def large(loss):
    """153,790, or 1.8e+09 where it would be long."""
    return f"{loss:,.0f}" if loss < 1e9 else f"{loss:.1e}"


def grams(w):
    """50.2, −0.3; large ones as 1.0e+06."""
    return decimals(w, 1) if abs(w) < 1e6 else minus(f"{w:.1e}")
