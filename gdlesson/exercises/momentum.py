"""Exercises of momentum."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake
from ..checking.probes import Steps


def momentum_step(w, v, g, lr, beta):
    v = beta * v + g
    return w - lr * v, v


def _probes():
    gradients = [
        np.array([2.0, -7.0, 0.0]),
        np.array([1.5, 0.3, 0.0]),
        np.array([-0.4, 1e-8, 0.0]),
        np.array([0.7, -300.0, 0.0]),
    ]
    return [
        Steps(
            (np.array([1.0]), np.zeros(1)),
            [(np.array([1.0]), 0.1, 0.9), (np.array([1.0]), 0.1, 0.9), (np.array([0.5]), 0.1, 0.9)],
        ),
        Steps(
            (np.array([1.0, 30.0, 0.01]), np.zeros(3)),
            [(g, lr, 0.8) for g, lr in zip(gradients, (0.1, 0.1, 0.02, 0.5), strict=True)],
        ),
        Steps(
            (np.array([2.0, -1.0]), np.array([0.5, 4.0])),
            [(np.array([1.0, -0.3]), 0.3, 0.5), (np.array([0.2, 0.0]), 0.3, 0.95)],
        ),
        Steps((np.array([3, -2]), np.array([0, 1])), [(np.array([1, 5]), 0.25, 0.5)]),
    ]


def _rule(velocity, step=lambda w, v, old, g, lr, beta: w - lr * v):
    def form(w, v, g, lr, beta):
        new = velocity(v, g, lr, beta)
        return step(w, new, v, g, lr, beta), new

    return form


def _heavy(v, g, lr, beta):
    return beta * v + g


MISTAKES = [
    Convention(
        "averaging form",
        _rule(lambda v, g, lr, beta: beta * v + (1 - beta) * g),
        "This is momentum in its averaging form (1 − β)g, used in many courses: not wrong, but "
        "its steps are 10 times smaller at β = 0.9. Ours adds the whole gradient: v ← βv + g.",
    ),
    Convention(
        "lr inside the velocity",
        _rule(lambda v, g, lr, beta: beta * v + lr * g, lambda w, v, old, g, lr, beta: w - v),
        "This keeps lr inside the velocity, v ← βv + lr·g: not wrong, and the same path while lr "
        "is constant. When lr changes, yours still remembers the old one. Ours: v ← βv + g, then "
        "w ← w − lr·v.",
    ),
    Convention(
        "velocity points downhill",
        (
            _rule(lambda v, g, lr, beta: beta * v - lr * g, lambda w, v, old, g, lr, beta: w + v),
            _rule(lambda v, g, lr, beta: beta * v - g, lambda w, v, old, g, lr, beta: w + lr * v),
        ),
        "Your velocity points downhill and is added, as in Keras: not wrong, the ball moves the "
        "same way while lr is constant. Our v adds up gradients, v ← βv + g, and the step turns "
        "it round: w ← w − lr·v.",
    ),
    Mistake(
        "uphill",
        (
            _rule(_heavy, lambda w, v, old, g, lr, beta: w + lr * v),
            _rule(lambda v, g, lr, beta: beta * v - g),
        ),
        "Your ball rolls uphill: gradients point where the loss grows, and the velocity is made of "
        "gradients. Which sign does one of the two lines need?",
    ),
    Mistake(
        "the old velocity moves it",
        (
            _rule(_heavy, lambda w, v, old, g, lr, beta: w - lr * old),
            _rule(_heavy, lambda w, v, old, g, lr, beta: w - lr * beta * old),
        ),
        "The velocity is right, and the ball moves with the one before: in the first step it does "
        "not move at all. Which of your two lines should come first?",
    ),
    Mistake(
        "the velocity is not kept",
        (
            lambda w, v, g, lr, beta: (momentum_step(w, v, g, lr, beta)[0], v),
            lambda w, v, g, lr, beta: (momentum_step(w, v, g, lr, beta)[0], g),
        ),
        "The first step is right, then the ball forgets: the v you hand back is not the one that "
        "moved it. What should the next step begin with?",
    ),
    Mistake(
        "plain descent",
        (
            _rule(_heavy, lambda w, v, old, g, lr, beta: w - lr * g),
            lambda w, v, g, lr, beta: (w - lr * g, v),
            _rule(lambda v, g, lr, beta: g),
            _rule(lambda v, g, lr, beta: g + 0 * v, lambda w, v, old, g, lr, beta: w - lr * g),
        ),
        "This is plain descent: the velocity has no say in the step. With a constant gradient "
        "every step is equally long, where a heavy ball gathers speed.",
    ),
    Mistake(
        "no friction",
        _rule(lambda v, g, lr, beta: v + g),
        "The velocity keeps all it ever gathered: without β the ball never comes to rest. What "
        "share of v is left at each step?",
    ),
    Mistake(
        "beta on the wrong side",
        (
            _rule(lambda v, g, lr, beta: v + beta * g),
            _rule(lambda v, g, lr, beta: (1 - beta) * v + g),
            _rule(lambda v, g, lr, beta: (1 - beta) * v + beta * g),
            _rule(lambda v, g, lr, beta: beta * (v + g)),
        ),
        "β says how much of the *old* velocity is left, 90 % at 0.9. With {given} you get {got}, "
        "not {expected}: what does your β or 1 − β multiply?",
    ),
    Mistake(
        "no lr",
        _rule(_heavy, lambda w, v, old, g, lr, beta: w - v),
        "The velocity is right and the step ignores lr. How far does the ball go with it?",
    ),
    Mistake(
        "the gradient twice",
        (
            _rule(_heavy, lambda w, v, old, g, lr, beta: w - lr * (g + v)),
            _rule(
                lambda v, g, lr, beta: beta * v + g, lambda w, v, old, g, lr, beta: w - lr * v - g
            ),
        ),
        "The velocity holds this gradient already, and your step adds it once more. What is in v "
        "after the first line?",
    ),
    Mistake(
        "Nesterov's step",
        _rule(_heavy, lambda w, v, old, g, lr, beta: w - lr * (g + beta * v)),
        "This is Nesterov's step in PyTorch's form, g + βv: the next lesson. A heavy ball moves "
        "with its velocity alone.",
    ),
    Mistake(
        "lr twice",
        (
            _rule(lambda v, g, lr, beta: beta * v + lr * g),
            _rule(lambda v, g, lr, beta: lr * (beta * v + g)),
            _rule(lambda v, g, lr, beta: beta * v + (1 - beta) * lr * g),
        ),
        "lr enters in the velocity and again in the step, so the ball crawls: 0.1 becomes 0.01. "
        "One of the two places is enough.",
    ),
    Mistake(
        "lr is stored",
        (
            lambda w, v, g, lr, beta: (w - lr * (beta * v + g), lr * (beta * v + g)),
            lambda w, v, g, lr, beta: (w - lr * v - lr * g, beta * v + lr * g),
        ),
        "The ball moves right the first time, and the v you hand back holds lr already: the next "
        "step multiplies it by lr once more. What should v remember?",
    ),
    Mistake(
        "two velocities",
        (
            lambda w, v, g, lr, beta: (w - lr * (v + g), beta * v + g),
            lambda w, v, g, lr, beta: (w - lr * (beta * v + g), v + g),
        ),
        "β is in one of your two lines only: the velocity that moves the ball and the one you "
        "hand back are not the same. Can both use one v?",
    ),
    Mistake(
        "lr on the gradient alone",
        (
            _rule(_heavy, lambda w, v, old, g, lr, beta: w - lr * g - beta * old),
            _rule(_heavy, lambda w, v, old, g, lr, beta: w - lr * g + beta * old),
        ),
        "lr shortens the gradient, and the old velocity joins the step at its full length: with a "
        "velocity made of gradients that is too far. What should lr shorten?",
    ),
    Mistake(
        "beta is not used",
        tuple(_rule(lambda v, g, lr, beta, k=k: k * v + g) for k in (0.9, 0.99, 0.5)),
        "Your ball loses the same share of its velocity whatever β is: with {given} you get "
        "{got}, not {expected}. Which number stands where β belongs?",
    ),
    Mistake(
        "velocity and point swapped",
        lambda w, v, g, lr, beta: momentum_step(w, v, g, lr, beta)[::-1],
        "Both are right and have changed places: the point comes first, then the velocity.",
    ),
    Mistake(
        "only the sign",
        (
            _rule(_heavy, lambda w, v, old, g, lr, beta: w - lr * np.sign(v)),
            _rule(lambda v, g, lr, beta: beta * v + np.sign(g)),
        ),
        "Only a sign is left of how steep it is, so a gentle slope pushes like a cliff. Which "
        "line loses the size?",
    ),
    Mistake(
        "the step, not the point",
        (
            _rule(_heavy, lambda w, v, old, g, lr, beta: lr * v),
            _rule(_heavy, lambda w, v, old, g, lr, beta: -lr * v),
        ),
        "The first value is the step. Where is the ball after it?",
    ),
]

EXERCISES = [
    Exercise(
        name="momentum_step",
        signature="momentum_step(w, v, g, lr, beta)",
        reference=momentum_step,
        mistakes=MISTAKES,
        probes=_probes,
        hints=[
            "Two lines: first the velocity changes, then the ball moves with it.",
            "Of the old velocity the share β is left, and the whole gradient comes on top.",
            "The ball goes lr times the new velocity, downhill. Return the point and the velocity.",
        ],
        returns=("w", "v"),
    )
]
