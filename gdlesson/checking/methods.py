"""Update rules of the course's methods, to recognise one where another is asked for. NumPy only.

A rule's parameters are named by their role: velocity, mean and square are what a method carries
from step to step. A rule returns the new point.
"""

import inspect
from itertools import permutations, product

import numpy as np


def gradient_descent(w, g, lr):
    return w - lr * g


def sign_descent(w, g, lr):
    return w - lr * np.sign(g)


def normalised_descent(w, g, lr):
    return w - lr * g / np.linalg.norm(g)


def heavy_ball(w, velocity, g, lr, beta):
    return w - lr * (beta * velocity + g)


def averaging_momentum(w, velocity, g, lr, beta):
    return w - lr * (beta * velocity + (1 - beta) * g)


def inner_momentum(w, velocity, g, lr, beta):
    return w - (beta * velocity + lr * g)


def nesterov(w, velocity, g, lr, beta):
    return w - lr * (g + beta * (beta * velocity + g))


def adagrad(w, square, g, lr, eps):
    return w - lr * g / (np.sqrt(square + g**2) + eps)


def rmsprop(w, square, g, lr, rho, eps):
    return w - lr * g / (np.sqrt(rho * square + (1 - rho) * g**2) + eps)


def corrected_rmsprop(w, square, t, g, lr, rho, eps):
    square = (rho * square + (1 - rho) * g**2) / (1 - rho**t)
    return w - lr * g / (np.sqrt(square) + eps)


def adam(w, mean, square, t, g, lr, beta1, beta2, eps):
    mean = (beta1 * mean + (1 - beta1) * g) / (1 - beta1**t)
    square = (beta2 * square + (1 - beta2) * g**2) / (1 - beta2**t)
    return w - lr * mean / (np.sqrt(square) + eps)


def uncorrected_adam(w, mean, square, g, lr, beta1, beta2, eps):
    mean = beta1 * mean + (1 - beta1) * g
    square = beta2 * square + (1 - beta2) * g**2
    return w - lr * mean / (np.sqrt(square) + eps)


def adamw(w, mean, square, t, g, lr, beta1, beta2, eps, weight_decay):
    return adam(w, mean, square, t, g, lr, beta1, beta2, eps) - lr * weight_decay * w


def adam_with_penalty(w, mean, square, t, g, lr, beta1, beta2, eps, weight_decay):
    return adam(w, mean, square, t, g + weight_decay * w, lr, beta1, beta2, eps)


def nadam(w, mean, square, t, g, lr, beta1, beta2, eps):
    mean = beta1 * mean + (1 - beta1) * g
    square = (beta2 * square + (1 - beta2) * g**2) / (1 - beta2**t)
    ahead = beta1 * mean / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
    return w - lr * ahead / (np.sqrt(square) + eps)


def amsgrad(w, mean, square, g, lr, beta1, beta2, eps):
    mean = beta1 * mean + (1 - beta1) * g
    largest = np.maximum(square, beta2 * square + (1 - beta2) * g**2)
    return w - lr * mean / (np.sqrt(largest) + eps)


def adamax(w, mean, square, t, g, lr, beta1, beta2):
    mean = (beta1 * mean + (1 - beta1) * g) / (1 - beta1**t)
    return w - lr * mean / np.maximum(beta2 * square, np.abs(g))


def lion(w, mean, g, lr, beta1):
    return w - lr * np.sign(beta1 * mean + (1 - beta1) * g)


RULES = {
    gradient_descent: "gradient descent",
    sign_descent: "descent by the sign of the gradient",
    normalised_descent: "descent with a normalised gradient",
    heavy_ball: "heavy-ball momentum",
    averaging_momentum: "momentum in its averaging form",
    inner_momentum: "momentum with lr inside the velocity",
    nesterov: "Nesterov's method in PyTorch's form",
    adagrad: "AdaGrad",
    rmsprop: "RMSProp",
    corrected_rmsprop: "RMSProp with a bias correction",
    adam: "Adam",
    uncorrected_adam: "Adam without bias correction",
    adamw: "AdamW",
    adam_with_penalty: "Adam with an L2 penalty",
    nadam: "NAdam",
    amsgrad: "AMSGrad",
    adamax: "AdaMax",
    lion: "Lion",
}
ASKED = {  # exercise → the method that it asks for
    "gd_step": "gradient descent",
    "momentum_step": "heavy-ball momentum",
    "nesterov_step": "Nesterov's method",
    "adagrad_step": "AdaGrad",
    "errata_brackets": "AdaGrad",
    "rmsprop_step": "RMSProp",
    "adam_step": "Adam",
    "errata_bias_correction": "Adam",
    "adamw_step": "AdamW",
}
STATES = ("velocity", "mean", "square")
SIMILAR = {  # parameter of a rule → parameters of an exercise that play its part
    "beta": ("beta", "beta1", "rho"),
    "rho": ("rho", "beta2", "beta"),
    "beta1": ("beta1", "beta", "rho"),
    "beta2": ("beta2", "rho", "beta"),
}
CONSTANTS = {
    "beta": (0.9, 0.99, 0.5),
    "rho": (0.9, 0.99, 0.999),
    "beta1": (0.9,),
    "beta2": (0.999, 0.99),
    "eps": (1e-8, 0.0, 1e-7),
    "lr": (1.0, 0.1, 0.01, 0.001),
    "weight_decay": (0.01,),
}


def other_rule(exercise, calls):
    """Return (the rule in words, the method asked for) where every new point is another rule's.

    calls: the cases of the probes. None where no rule explains them all.
    """
    if exercise.name not in ASKED:
        return None
    for rule, name in RULES.items():
        if name != ASKED[exercise.name]:
            for arguments, constants in _readings(rule, exercise):
                if _explains(rule, arguments, exercise, calls):
                    used = [f"{key} = {value:g}" for key, value in constants.items()]
                    return name + (f" with {' and '.join(used)}" if used else ""), ASKED[
                        exercise.name
                    ]
    return None


def _readings(rule, exercise):
    """Yield ways to call the rule: (parameter → name or constant, the constants among them)."""
    names = list(inspect.signature(rule).parameters)
    states = [name for name in names if name in STATES]
    carried = [name for name in exercise.returns[1:] if name in exercise.parameters]
    if len(states) > len(carried):
        return
    choices = []
    for name in (n for n in names if n not in states):
        if name == "g" and "grad" in exercise.parameters:
            options = ["grad"]
        else:
            options = [n for n in SIMILAR.get(name, (name,)) if n in exercise.parameters]
            options += CONSTANTS.get(name, ()) if name != "lr" or not options else ()
        choices.append([(name, option) for option in options])
    for slots in permutations(carried, len(states)):
        for choice in product(*choices):
            arguments = dict([*choice, *zip(states, slots, strict=True)])
            fixed = {k: v for k, v in arguments.items() if not isinstance(v, str) and k != "eps"}
            yield arguments, fixed


def _explains(rule, arguments, exercise, calls):
    for case in calls:
        given = dict(zip(exercise.parameters, case.args, strict=False))
        values = {
            name: given.get(value) if isinstance(value, str) else value
            for name, value in arguments.items()
        }
        if callable(values.get("g")):
            values["g"] = values["g"](np.asarray(values["w"], dtype=float))
        try:
            point = np.asarray(rule(**values), dtype=float)
        except Exception:
            return False
        got = case.values[0]
        if point.shape != got.shape or not np.allclose(
            point, got, rtol=1e-9, atol=1e-12, equal_nan=True
        ):
            return False
    return True
