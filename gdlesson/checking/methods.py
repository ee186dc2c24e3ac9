"""Methods that a learner may know, to recognise one where another is asked for. NumPy only.

`others` yields them as functions with the parameters of an exercise. Here are the update rules,
w ← w − move / √square, and in `formulas` the gradients, schedules and differences.
"""

from itertools import product

import numpy as np

from .formulas import differences, losses, schedules

ASKED = {  # exercise → the method that it asks for
    "gd_step": "gradient descent",
    "gradient_descent": "gradient descent",
    "momentum_step": "heavy-ball momentum",
    "nesterov_step": "Nesterov's method",
    "adagrad_step": "AdaGrad",
    "errata_brackets": "AdaGrad",
    "rmsprop_step": "RMSProp",
    "adam_step": "Adam",
    "errata_bias_correction": "Adam",
    "adamw_step": "AdamW",
    "mse_gradient": "the gradient of the mean squared error",
    "errata_regression_gradient": "the gradient of the mean squared error",
    "logistic_gradient": "the gradient of logistic regression",
    "step_decay": "step decay",
    "cosine_decay": "cosine decay",
    "derivative": "a central difference",
    "numerical_gradient": "a central difference",
}


def others(exercise):
    """Yield (method in words, function, indices of the returned values that belong to it).

    These are the methods that may be meant in place of the one that the exercise asks for.
    """
    for needed, family in FAMILIES.items():
        if set(needed.split()) <= set(exercise.parameters):
            for method, details, function, own in family(exercise):
                if method != ASKED.get(exercise.name):
                    yield method + details, function, own


def mean(old, new, beta):
    """The running mean."""
    return beta * old + (1 - beta) * new


# "true" in a name: divided by 1 − βᵗ, which corrects the start at zero.
# fmt: off
MOVES = {  # (g, v, lr, β) → the step before it is divided, and the new v
    "gradient": lambda g, v, lr, b: (lr * g, None),
    "sign": lambda g, v, lr, b: (lr * np.sign(g), None),
    "unit": lambda g, v, lr, b: (lr * g / np.linalg.norm(g), None),
    "almost unit": lambda g, v, lr, b: (lr * g / (np.linalg.norm(g) + 1e-8), None),
    "unit on average": lambda g, v, lr, b: (lr * g / np.sqrt(np.mean(g**2)), None),
    "velocity": lambda g, v, lr, b: (lr * (n := b * v + g), n),
    "velocity with lr": lambda g, v, lr, b: (n := b * v + lr * g, n),
    "velocity downhill": lambda g, v, lr, b: (-(n := b * v - lr * g), n),
    "ahead": lambda g, v, lr, b: (lr * (g + b * (n := b * v + g)), n),
    "ahead with lr": lambda g, v, lr, b: (lr * g + b * (n := b * v + lr * g), n),
    "ahead downhill": lambda g, v, lr, b: (lr * g - b * (n := b * v - lr * g), n),
    "mean": lambda g, v, lr, b: (lr * (n := mean(v, g, b)), n),
    "mean ahead": lambda g, v, lr, b: (lr * mean(n := mean(v, g, b), g, b), n),
    "sign of velocity": lambda g, v, lr, b: (lr * np.sign(n := b * v + g), n),
    "sign of mean": lambda g, v, lr, b: (lr * np.sign(n := mean(v, g, b)), n),
    "gradient, mean stored": lambda g, v, lr, b: (lr * g, mean(v, g, b)),
}
SQUARES = {  # (g, s, β, ε, new v) → the square whose root divides, and the new s
    "own": lambda g, s, b, eps, v: (g**2, None),
    "sum": lambda g, s, b, eps, v: (n := s + g**2, n),
    "mean": lambda g, s, b, eps, v: (n := mean(s, g**2, b), n),
    "largest": lambda g, s, b, eps, v: (n := np.maximum(s, mean(s, g**2, b)), n),
    "additive": lambda g, s, b, eps, v: (n := s - (1 - b) * np.sign(s - g**2) * g**2, n),
    "centred": lambda g, s, b, eps, v: ((n := mean(s, g**2, b)) - v**2, n),
    "belief": lambda g, s, b, eps, v: (n := mean(s, (g - v) ** 2, b), n),
    "belief and ε": lambda g, s, b, eps, v: (n := mean(s, (g - v) ** 2, b) + eps, n),
    "maximum": lambda g, s, b, eps, v: ((n := np.maximum(b * s, np.abs(g))) ** 2, n),
    "maximum with ε": lambda g, s, b, eps, v: ((n := np.maximum(b * s, np.abs(g) + eps)) ** 2, n),
}
ROOTS = {
    "": lambda square, eps: np.sqrt(square) + eps,
    " with ε inside the root": lambda square, eps: np.sqrt(square + eps),
    " without ε": lambda square, eps: np.sqrt(square),
}
RULES = {  # method → its moves and squares
    "gradient descent": ("gradient", ""),
    "descent by the sign of the gradient": ("sign", ""),
    "descent with a normalised gradient": ("unit/almost unit/unit on average", ""),
    "descent with each coordinate divided by its own size": ("gradient", "own"),
    "descent by the sign of the velocity": ("sign of velocity", ""),
    "heavy-ball momentum": ("velocity", ""),
    "momentum in its averaging form": ("mean", ""),
    "momentum with lr inside the velocity": ("velocity with lr/velocity downhill", ""),
    "momentum with a bias correction": ("true mean", ""),
    "Nesterov's method in PyTorch's form": ("ahead", ""),
    "Nesterov's method in Keras's form": ("ahead with lr/ahead downhill", ""),
    "Nesterov's method in an averaging form": ("mean ahead", ""),
    "Lion": ("sign of mean", ""),
    "AdaGrad": ("gradient", "sum"),
    "AdaGrad with momentum": ("velocity/mean", "sum"),
    "RMSProp": ("gradient", "mean"),
    "RMSProp with a bias correction": ("gradient", "true mean"),
    "RMSProp with momentum": ("velocity/scaled velocity/scaled velocity with lr", "mean"),
    "centred RMSProp": ("gradient, mean stored", "centred"),
    "Adam": ("true mean", "true mean"),
    "Adam without bias correction": ("mean", "mean"),
    "Adam with only v corrected": ("mean", "true mean"),
    "Adam with only m corrected": ("true mean", "mean"),
    "NAdam": ("true mean ahead/true mean one ahead", "true mean"),
    "NAdam without bias correction": ("mean ahead", "mean/true mean"),
    "Yogi": ("true mean", "additive/true additive"),
    "Yogi without bias correction": ("mean", "additive"),
    "AMSGrad without momentum": ("gradient", "largest/true largest"),
    "AMSGrad": ("mean/true mean", "largest/true largest"),
    "AdaBelief": ("true mean", "true belief/true belief and ε"),
    "AdaBelief without bias correction": ("mean", "belief"),
    "AdaMax without momentum": ("gradient", "maximum/maximum with ε"),
    "AdaMax": ("true mean", "maximum/maximum with ε"),
    "AdaMax without bias correction": ("mean", "maximum/maximum with ε"),
}
DECAYS = {  # (w, g, lr, weight_decay) → the gradient to use, and the decay of w
    " with weight decay": lambda w, g, lr, decay: (g, lr * decay * w),
    " with an L2 penalty": lambda w, g, lr, decay: (g + decay * w, 0),
}
NORMALISED = "descent with a normalised gradient"
# fmt: on


def _move(given, move, square, root, beta, rho, v, s):
    """How far w moves downhill, and the new state. given: the arguments by name."""
    g, lr, t, eps = given["g"], given["lr"], given.get("t"), given.get("eps", 1e-8)
    beta, rho = given.get(beta, beta), given.get(rho, rho)

    def divided(step, v):
        nonlocal s
        divisor, s = SQUARES[square.removeprefix("true ")](g, s, rho, eps, v)
        return step / root(divisor / (1 - rho**t) if square.startswith("true") else divisor, eps)

    if move.startswith("scaled"):  # the velocity is that of divided gradients
        step, v = MOVES[move.removeprefix("scaled ")](divided(g, None), v, lr, beta)
        return step, v, s
    if move == "true mean one ahead":  # each part of the mean has a correction of its own
        v = mean(v, g, beta)
        step = lr * (beta * v / (1 - beta ** (t + 1)) + (1 - beta) * g / (1 - beta**t))
    else:
        step, v = MOVES[move.removeprefix("true ")](g, v, lr, beta)
        step = step / (1 - beta**t) if move.startswith("true") else step
    return (divided(step, v), v, s) if square else (step, v, None)


def _readings(exercise):
    """Yield (method, details, has it v, move, square, root, β of the move, β of the square)."""

    def betas(names, usual):  # a parameter of the exercise, or usual numbers
        own = [name for name in names if name in exercise.parameters]
        return [*own[:1], *(usual[:2] if own else usual)]

    for method, (moves, squares) in RULES.items():
        for move, square in product(moves.split("/"), squares.split("/")):
            has_v = move not in ("gradient", "sign", *RULES[NORMALISED][0].split("/"))
            of_move = betas(("beta1", "beta", "rho"), (0.9, 0.99, 0.5)) if has_v else [None]
            fixed = square in ("", "own", "sum")
            of_square = [None] if fixed else betas(("beta2", "rho", "beta"), (0.999, 0.9, 0.99))
            for beta, rho, root in product(of_move, of_square, ROOTS if square else [""]):
                used = [f"β = {b:g}" for b in (beta, rho) if isinstance(b, float)]
                words = "" if square.startswith("maximum") else root
                words += f" with {' and '.join(used)}" if used else ""
                yield method, words, has_v, move, square, ROOTS[root], beta, rho


def _update_rules(exercise):
    places = [k for k, name in enumerate(exercise.returns) if k and name in exercise.parameters]
    asked = ASKED.get(exercise.name, "").replace("AdamW", "Adam")
    for method, words, has_v, *reading in _readings(exercise):
        has_s = reading[1] not in ("", "own")
        own = {*places[: int(has_v)], *(places[-1:] if has_s else ())}
        if len(own) < has_v + has_s:
            continue
        yield method, words, _update_rule(exercise, reading), (0, *own)
        strengths = (
            ["weight_decay"] if "weight_decay" in exercise.parameters else [0.01, 0.1, 0.001]
        )
        for decay, strength in product(DECAYS, strengths if method == asked else ()):
            name = "AdamW" if method + decay == "Adam with weight decay" else method + decay
            rule = _update_rule(exercise, reading, DECAYS[decay], strength)
            yield name, words, rule, (0, *own)
    for own in (places[:2], places[1::-1]) if len(places) > 1 else ():
        yield "AdaDelta", "", _adadelta(exercise, *own), (0, *own)


def _update_rule(exercise, reading, decay=lambda w, g, lr, strength: (g, 0), strength=None):
    def rule(*args):
        given, states = _given(exercise, args)
        w, g, lr = given["w"], given["g"], given["lr"]
        given["g"], less = decay(w, g, lr, given.get(strength, strength))
        first, last = (states[0], states[-1]) if states else (None, None)
        step, v, s = _move(given, *reading, first, last)
        if v is not None:
            states[0] = v
        if s is not None:
            states[-1] = s
        return (w - step - less, *states) if states else w - step - less

    return rule


def _adadelta(exercise, i, j):
    """AdaDelta with its mean square of steps as value i, and that of gradients as value j."""

    def rule(*args):
        given, states = _given(exercise, args)
        eps, rho = given.get("eps", 1e-6), given.get("rho", given.get("beta2", 0.9))
        u, s = states[i - 1], mean(states[j - 1], given["g"] ** 2, rho)
        step = np.sqrt(u + eps) / np.sqrt(s + eps) * given["g"]
        states[i - 1], states[j - 1] = mean(u, step**2, rho), s
        return given["w"] - given["lr"] * step, *states

    return rule


def _given(exercise, args):
    """The arguments by name, with the gradient at w, and the states among them."""
    given = dict(zip(exercise.parameters, args, strict=False))
    given["w"] = np.asarray(given["w"], dtype=float)
    if "grad" in given:
        given["g"] = given["grad"](given["w"])
    return given, [given[name] for name in exercise.returns[1:]]


def _paths(exercise):
    def path(reading, ahead=0, rate=lambda t: 1):
        def descend(grad, w0, lr, steps):
            points = [np.array(w0, dtype=float)]
            v = s = np.zeros_like(points[0])
            for t in range(1, steps + 1):
                g = grad(points[-1] - ahead * lr * v if ahead else points[-1])
                step, v, s = _move({"g": g, "lr": lr * rate(t), "t": t}, *reading, v, s)
                points.append(points[-1] - step)
            return np.array(points)

        return descend

    for method, words, _, *reading in _readings(exercise):
        yield method, words, path(reading), (0,)
        if method == "heavy-ball momentum":
            yield "Nesterov's method", words, path(reading, ahead=reading[-2]), (0,)
        for name, rate in RATES.items() if method == "gradient descent" else ():
            yield f"gradient descent with {name}", "", path(reading, rate=rate), (0,)


RATES = {  # of a step size that changes from step to step
    "a step size that falls by a percent in each step": lambda t: 0.99**t,
    "a step size that falls by a percent after each step": lambda t: 0.99 ** (t - 1),
    "a step size that falls by a tenth after each step": lambda t: 0.9 ** (t - 1),
}
FAMILIES = {  # parameters of an exercise → the methods that may be meant there
    "w g lr": _update_rules,
    "w grad lr": _update_rules,
    "w0 grad lr steps": _paths,
    "w b x y": losses,
    "w b X y": losses,
    "lr0 t": schedules,
    "f h": differences,
}
