"""Exercises of nesterov."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake
from ..checking.probes import Steps, named


def nesterov_step(w, v, grad, lr, beta):
    v = beta * v + grad(w - lr * beta * v)
    return w - lr * v, v


def _probes():
    bowl = named("2w", lambda w: 2.0 * w)
    twisted = named("(w₀ + w₁, w₀ + 3w₁³)", _twisted)
    wide = named("w·(1, 0.2, 0)", lambda w: w * np.array([1.0, 0.2, 0.0]))
    return [
        Steps((np.array([2.0]), np.zeros(1)), [(bowl, 0.1, 0.9)] * 3),
        Steps(
            (np.array([1.0, -0.5]), np.zeros(2)),
            [(twisted, 0.1, 0.8), (twisted, 0.1, 0.8), (twisted, 0.03, 0.8), (bowl, 0.2, 0.5)],
        ),
        Steps(
            (np.array([1.0, 30.0, 0.01]), np.array([0.5, -4.0, 0.0])),
            [(wide, 0.3, 0.6), (wide, 0.05, 0.95), (wide, 0.4, 0.3)],
        ),
        Steps((np.array([3, -2]), np.array([1, 2])), [(twisted, 0.02, 0.5)]),
    ]


def _twisted(w):
    a, b = w[..., 0], w[..., 1]
    return np.stack([a + b, a + 3 * b**3], axis=-1)


def _rule(look, velocity=lambda v, g, lr, beta: beta * v + g, step=None):
    """look(w, v, lr, beta) → where the gradient is measured; step(w, v, g, lr, beta) → w."""

    def form(w, v, grad, lr, beta):
        g = grad(np.asarray(look(w, v, lr, beta), dtype=float))
        new = velocity(v, g, lr, beta)
        return (w - lr * new) if step is None else step(w, new, v, g, lr, beta), new

    return form


def _ahead(w, v, lr, beta):
    return w - lr * beta * v


def _after(w, v, grad, lr, beta):
    """Steps with the old velocity first, then measures there."""
    new = beta * v + grad(w - lr * beta * v)
    return w - lr * beta * v - grad(w - lr * beta * v), new


MISTAKES = [
    Mistake(
        "no look ahead",
        _rule(lambda w, v, lr, beta: w),
        "This is plain momentum: right while v is 0, then it drifts. Your gradient is measured "
        "where the ball is. Where would the velocity carry it without any gradient?",
    ),
    Mistake(
        "looks behind",
        _rule(lambda w, v, lr, beta: w + lr * beta * v),
        "You look behind the ball: v adds up gradients, which point uphill. Which way does the "
        "ball roll with it?",
    ),
    Mistake(
        "looks too far, without lr",
        _rule(lambda w, v, lr, beta: w - beta * v),
        "You look βv ahead, which is a velocity and no distance: the ball moves lr times that. How "
        "far would it roll?",
    ),
    Mistake(
        "looks too far, without beta",
        _rule(lambda w, v, lr, beta: w - lr * v),
        "You look lr·v ahead. By then friction has taken its share of the velocity: how much of v "
        "is left for this step?",
    ),
    Mistake(
        "looks ahead by v",
        (
            _rule(lambda w, v, lr, beta: w - v),
            _rule(lambda w, v, lr, beta: w + v),
            _rule(lambda w, v, lr, beta: v),
        ),
        "The look-ahead point is not where the ball would roll by itself: how far does the old "
        "velocity carry it, after friction, in one step of lr?",
    ),
    Convention(
        "PyTorch's form",
        _rule(
            lambda w, v, lr, beta: w,
            step=lambda w, v, old, g, lr, beta: w - lr * (g + beta * v),
        ),
        "This is Nesterov as PyTorch writes it, w − lr·(g + βv) with g measured at w: not wrong, "
        "its points are our look-ahead points. Ours measures at w − lr·β·v and steps w − lr·v.",
    ),
    Convention(
        "Keras's form",
        _rule(
            lambda w, v, lr, beta: w,
            lambda v, g, lr, beta: beta * v - lr * g,
            lambda w, v, old, g, lr, beta: w + beta * v - lr * g,
        ),
        "This is Nesterov as Keras writes it, v ← βv − lr·g, w ← w + βv − lr·g, with g measured at "
        "w: not wrong, and while lr is constant its points are our look-ahead points. Ours "
        "measures at w − lr·β·v and steps w − lr·v.",
    ),
    Convention(
        "Sutskever's form",
        (
            _rule(
                lambda w, v, lr, beta: w + beta * v,
                lambda v, g, lr, beta: beta * v - lr * g,
                lambda w, v, old, g, lr, beta: w + v,
            ),
            _rule(
                lambda w, v, lr, beta: w + lr * beta * v,
                lambda v, g, lr, beta: beta * v - g,
                lambda w, v, old, g, lr, beta: w + lr * v,
            ),
        ),
        "This is the form of Sutskever and others (2013), v ← βv − lr·∇f(w + βv), w ← w + v: not "
        "wrong, and the same path while lr is constant. Our v adds up gradients, without lr and "
        "without the minus: v ← βv + ∇f(w − lr·β·v).",
    ),
    Convention(
        "lr inside the velocity",
        _rule(
            lambda w, v, lr, beta: w - beta * v,
            lambda v, g, lr, beta: beta * v + lr * g,
            lambda w, v, old, g, lr, beta: w - v,
        ),
        "This keeps lr inside the velocity: not wrong, and the same path while lr is constant. "
        "When lr changes, yours remembers the old one. Ours: v ← βv + ∇f(w − lr·β·v), then "
        "w ← w − lr·v.",
    ),
    Convention(
        "averaging form",
        _rule(_ahead, lambda v, g, lr, beta: beta * v + (1 - beta) * g),
        "This averages the gradients, (1 − β)·∇f: not wrong, but steps are 1/(1 − β) times "
        "smaller, 10 times at β = 0.9. Ours adds the whole gradient: v ← βv + ∇f(w − lr·β·v).",
    ),
    Mistake(
        "uphill",
        (
            _rule(_ahead, step=lambda w, v, old, g, lr, beta: w + lr * v),
            _rule(_ahead, lambda v, g, lr, beta: beta * v - g),
        ),
        "Your ball rolls uphill: v adds up gradients, which point where the loss grows. Which "
        "sign does the step need?",
    ),
    Mistake(
        "steps from the look-ahead point",
        (
            _rule(_ahead, step=lambda w, v, old, g, lr, beta: w - lr * beta * old - lr * v),
            _after,
        ),
        "The step sets out from the look-ahead point, so the old velocity counts twice. The ball "
        "only looks from there; where does it stand?",
    ),
    Mistake(
        "the velocity is not kept",
        (
            lambda w, v, grad, lr, beta: (nesterov_step(w, v, grad, lr, beta)[0], v),
            lambda w, v, grad, lr, beta: (
                nesterov_step(w, v, grad, lr, beta)[0],
                grad(w - lr * beta * v),
            ),
        ),
        "The first step is right, then the ball forgets: the v you hand back is not the one that "
        "moved it. What should the next step begin with?",
    ),
    Mistake(
        "the old velocity moves it",
        _rule(_ahead, step=lambda w, v, old, g, lr, beta: w - lr * old),
        "The velocity is right, and the ball moves with the one before. Which line should come "
        "first?",
    ),
    Mistake(
        "only the gradient",
        (
            _rule(_ahead, step=lambda w, v, old, g, lr, beta: w - lr * g),
            _rule(_ahead, lambda v, g, lr, beta: g),
        ),
        "The gradient is measured in the right place, and then it moves the ball alone. What "
        "became of the velocity it had?",
    ),
    Mistake(
        "no friction",
        (
            _rule(_ahead, lambda v, g, lr, beta: v + g),
            _rule(lambda w, v, lr, beta: w - lr * v, lambda v, g, lr, beta: v + g),
        ),
        "The velocity keeps all it ever gathered. What share of the old v is left at each step?",
    ),
    Mistake(
        "no lr",
        _rule(_ahead, step=lambda w, v, old, g, lr, beta: w - v),
        "The velocity is right and the step ignores lr. How far does the ball go with it?",
    ),
    Mistake(
        "two forms mixed",
        _rule(
            _ahead,
            lambda v, g, lr, beta: beta * v + lr * g,
            lambda w, v, old, g, lr, beta: w - v,
        ),
        "Your velocity holds lr already, and the look ahead multiplies it by lr once more: too "
        "short a look. How far does a ball roll by itself when v is a distance?",
    ),
    Mistake(
        "looks outside the brackets",
        lambda w, v, grad, lr, beta: (
            w - lr * (beta * v + grad(w) - lr * beta * v),
            beta * v + grad(w) - lr * beta * v,
        ),
        "The gradient is measured at w, and lr·β·v is taken from the gradient and not from the "
        "point. Where does the bracket after grad close?",
    ),
    Mistake(
        "two gradients",
        (
            lambda w, v, grad, lr, beta: (
                w - lr * (beta * v + grad(w) + grad(w - lr * beta * v)),
                beta * v + grad(w) + grad(w - lr * beta * v),
            ),
            lambda w, v, grad, lr, beta: _rule(lambda *_: w - lr * (beta * v + grad(w)))(
                w, v, grad, lr, beta
            ),
        ),
        "The gradient is asked for twice, here and ahead. One look is enough: ahead of the ball, "
        "before any gradient has moved it.",
    ),
]

EXERCISES = [
    Exercise(
        name="nesterov_step",
        signature="nesterov_step(w, v, grad, lr, beta)",
        reference=nesterov_step,
        mistakes=MISTAKES,
        probes=_probes,
        hints=[
            "It is momentum with one change: the gradient is measured somewhere else.",
            "Without any gradient the ball would roll by lr·β·v, downhill. Measure there.",
            "Then the velocity is βv plus that gradient, and the ball moves lr times the new "
            "velocity, from w.",
        ],
        returns=("w", "v"),
    )
]
