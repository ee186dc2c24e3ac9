"""Answers to the questions of lesson step-size, by other formulas than the package's."""


def loss_factor(L, lr):
    w = 7.0
    return (w - lr * L * w) ** 2 / w**2


def limit_from_slope(at, L):
    """The step size at which the ball arrives as far on the other side as it started, halved in."""
    low, high = 0.0, 10.0
    for _ in range(60):
        lr = (low + high) / 2
        low, high = (low, lr) if abs(at - lr * L * at) >= at else (lr, high)
    return low


def which_step_size(L, slow):
    """Losses ½·L·w² by the closed form w = (1 − lr·L)ᵗ."""
    products = {"slow": slow, "best": 1.2, "wild": 1.9, "diverges": 2.05}
    return {key: [0.5 * L * (1 - p) ** (2 * t) for t in range(31)] for key, p in products.items()}


def guaranteed_fall(L, lr, slope):
    """The area under the least slope on the way, which falls from g by L for each unit."""
    way = lr * slope
    return (slope + slope - L * way) / 2 * way


def step_size_to_land(L, lr, start):
    """A step is proportional to its step size: the whole way, in place of the way it went."""
    way = lr * (0.5 * L * (start + 1) ** 2 - 0.5 * L * (start - 1) ** 2) / 2
    return lr * start / way
