"""Methods that a learner may know, to recognise one where another is asked for. NumPy only.

`methods` yields them as functions with the parameters of an exercise. Here are the update rules,
w ← w − move / √square, and in `formulas` the gradients, schedules and differences.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from .formulas import differences, losses, schedules


def methods(exercise):
    """Yield (method, details, function, indices of the returned values that belong to it).

    These are the methods that may be meant where the exercise asks for one of them.
    """
    for needed, family in FAMILIES.items():
        if set(needed.split()) <= set(exercise.parameters):
            yield from family(exercise)


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
WITHOUT_V = "gradient", "sign", "unit", "almost unit", "unit on average"
BETAS = ("beta1", "beta", "rho"), (0.9, 0.99, 0.5)  # names of β in a move, and usual numbers
RHOS = ("beta2", "rho", "beta"), (0.999, 0.9, 0.99)  # the same for β in a square
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
    "AdaDelta": ("steps", "mean"),
    "AdaMax without momentum": ("gradient", "maximum/maximum with ε"),
    "AdaMax": ("true mean", "maximum/maximum with ε"),
    "AdaMax without bias correction": ("mean", "maximum/maximum with ε"),
}
DECAYS = {  # (w, g, lr, weight_decay) → the gradient to use, and the decay of w
    "": lambda w, g, lr, decay: (g, 0),
    " with weight decay": lambda w, g, lr, decay: (g, lr * decay * w),
    " with an L2 penalty": lambda w, g, lr, decay: (g + decay * w, 0),
}
RATES = {  # t → the factor of a step size that changes from step to step
    "a step size that falls by a percent in each step": lambda t: 0.99**t,
    "a step size that falls by a percent after each step": lambda t: 0.99 ** (t - 1),
    "a step size that falls by a tenth after each step": lambda t: 0.9 ** (t - 1),
}
# fmt: on


@dataclass(frozen=True)
class Rule:
    """One reading of a method. β and the strength of a decay: numbers, or names of arguments.

    beta, rho: those of the move and of the square. ahead: whether the gradient is measured where
    the velocity leads to.
    """

    method: str
    details: str
    move: str
    square: str
    root: Callable
    beta: float | str | None
    rho: float | str | None
    decay: str = ""
    strength: float | str = 0
    ahead: bool = False

    @property
    def has_v(self):
        return self.move not in WITHOUT_V

    @property
    def has_s(self):
        return self.square not in ("", "own")

    def step(self, given, v, s):
        """The new point and state. given: the arguments by name."""
        beta, rho, strength = (given.get(k, k) for k in (self.beta, self.rho, self.strength))
        w, lr, t, eps = given["w"], given["lr"], given.get("t"), given.get("eps", 1e-8)
        g = given["g"] if "g" in given else given["grad"](w - beta * lr * v if self.ahead else w)
        g, less = DECAYS[self.decay](w, g, lr, strength)
        move, true = self.move.removeprefix("true "), self.move.startswith("true")

        def divided(step, v):
            nonlocal s
            if not self.square:
                return step
            square, s = SQUARES[self.square.removeprefix("true ")](g, s, rho, eps, v)
            return step / self.root(square / (1 - rho**t if "true" in self.square else 1), eps)

        if move == "steps":  # AdaDelta: v is the mean square of the steps
            step = np.sqrt(v + eps) * divided(g, None)
            return w - lr * step, mean(v, step**2, rho), s
        if move.startswith("scaled"):  # the velocity is that of divided gradients
            step, v = MOVES[move.removeprefix("scaled ")](divided(g, None), v, lr, beta)
            return w - step - less, v, s
        if move == "mean one ahead":  # each part of the mean has a correction of its own
            v = mean(v, g, beta)
            step = lr * (beta * v / (1 - beta ** (t + 1)) + (1 - beta) * g / (1 - beta**t))
        else:
            step, v = MOVES[move](g, v, lr, beta)
            step = step / (1 - beta**t if true else 1)
        return w - divided(step, v) - less, v, s


def _rules(exercise):
    """Yield every `Rule` with the arguments of an exercise, and with usual numbers for others."""
    given = {*exercise.parameters}

    def betas(names, usual):
        own = [name for name in names if name in given]
        return [*own[:1], *(usual[:2] if own else usual)]

    strengths = ["weight_decay"] if "weight_decay" in given else [0.01, 0.1, 0.001]
    for method, (moves, squares) in RULES.items():
        for move, square in product(moves.split("/"), squares.split("/")):
            of_move = [None] if move in WITHOUT_V else betas(*BETAS)
            of_square = [None] if square in ("", "own", "sum") else betas(*RHOS)
            for beta, rho, root in product(of_move, of_square, ROOTS if square else [""]):
                used = [f"β = {b:g}" for b in (beta, rho) if isinstance(b, float)]
                words = "" if square.startswith("maximum") or move == "steps" else root
                words += f" with {' and '.join(used)}" if used else ""
                rule = Rule(method, words, move, square, ROOTS[root], beta, rho)
                yield rule
                if method == "heavy-ball momentum" and "grad" in given:
                    yield replace(rule, method="Nesterov's method", ahead=True)
                plain = not words and "with" not in method
                for decay, strength in product([*DECAYS][1:], strengths) if plain else ():
                    name = f"{method}{decay}".replace("Adam with weight decay", "AdamW")
                    yield replace(rule, method=name, decay=decay, strength=strength)


def _update_rules(exercise):
    """The rules as functions of one step."""
    places = [k for k, name in enumerate(exercise.returns) if k and name in exercise.parameters]

    def one_step(rule):
        def function(*args):
            given = dict(zip(exercise.parameters, args, strict=False))
            given["w"] = np.asarray(given["w"], dtype=float)
            states = [given[name] for name in exercise.returns[1:]]
            w, v, s = rule.step(given, *(states[:1] or [None]), *(states[-1:] or [None]))
            if rule.has_v:
                states[0] = v
            if rule.has_s:
                states[-1] = s
            return (w, *states) if states else w

        return function

    for rule in _rules(exercise):
        own = {*places[: int(rule.has_v)], *(places[-1:] if rule.has_s else ())}
        if len(own) == rule.has_v + rule.has_s:
            yield rule.method, rule.details, one_step(rule), (0, *own)


def _paths(exercise):
    """The rules as functions of a whole descent."""

    def path(rule, rate=lambda t: 1):
        def descend(grad, w0, lr, steps):
            points = [np.array(w0, dtype=float)]
            v = s = np.zeros_like(points[0])
            for t in range(1, steps + 1):
                given = {"w": points[-1], "grad": grad, "lr": lr * rate(t), "t": t}
                w, v, s = rule.step(given, v, s)
                points.append(w)
            return np.array(points)

        return descend

    for rule in _rules(exercise):
        yield rule.method, rule.details, path(rule), (0,)
        for name, rate in RATES.items() if rule.method == "gradient descent" else ():
            yield f"gradient descent with {name}", "", path(rule, rate), (0,)


FAMILIES = {  # parameters of an exercise → the methods that may be meant there
    "w g lr": _update_rules,
    "w grad lr": _update_rules,
    "w0 grad lr steps": _paths,
    "w b x y": losses,
    "w b X y": losses,
    "lr0 t": schedules,
    "f h": differences,
}
