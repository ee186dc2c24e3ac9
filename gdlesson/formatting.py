"""How numbers are said in readouts and formulas. Standard library only."""

import math


def vector(w):
    """(1.00, −2.00), or 1.00 for a single number; large ones as 1.0e+05."""
    numbers = [f"{round(x, 2) + 0.0:.2f}" if abs(x) < 1e4 else f"{x:.1e}" for x in w]  # no −0.00
    text = ", ".join(numbers).replace("-", "−")
    return f"({text})" if len(w) > 1 else text


def percent(share):
    """50 %, 99.96 %: as many digits as it takes not to say 100 % of what is less."""
    digits = next(d for d in range(12) if round(100 * share, d) != 100 or d == 11)
    return f"{100 * share:.{digits}f} %"


def number(lr):
    """A step size with the three decimals of the slider, or four where it lies between."""
    return f"{lr:.3f}" if math.isclose(lr, round(lr, 3)) else f"{lr:.4f}"


def plural(n, noun):
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
