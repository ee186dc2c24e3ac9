"""Exercises of lesson 11: one step of momentum."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake, edit, either
from ..checking.probes import Steps, scattered


def momentum_step(w, v, g, lr, beta):
    v = beta * v + g
    return w - lr * v, v


def _probes():
    gradients = [
        np.array([2.0, 0.0, -7.0]),
        np.array([1.5, 0.0, 0.3]),
        np.array([-0.4, 0.0, 1e-8]),
        np.array([0.7, 0.0, -300.0]),
    ]
    wide = [scattered(200, 1e-8, 1e6, seed) for seed in range(4)]
    return [
        Steps(([2.0], np.zeros(1)), [([g], 0.1, 0.9) for g in (1.0, 1.0, 0.5)]),
        Steps(
            ([1.0, 0.01, 30.0], np.zeros(3)),
            [(g, lr, 0.8) for g, lr in zip(gradients, (0.1, 0.1, 0.02, 0.5), strict=True)],
        ),
        Steps(
            ([2.0, -1.0], [0.5, 4.0]),
            [([1.0, -0.3], 0.3, 0.6), ([0.2, 0.0], 0.3, 0.95), ([4e4, -2e5], 0.01, 0.85)],
        ),
        Steps(([3, -2], [7, 1]), [([1, 5], 0.25, 0.625)]),
        Steps((scattered(200, 0.01, 100, 4), wide[3]), [(g, 30.0, 0.35) for g in wide[:3]]),
    ]


OLD = "old = v"

AVERAGING = Convention(
    "averaging form",
    edit((" + g", " + (1 - beta) * g")),
    "Your velocity is an average, with (1 − β)g, as in many courses. It is not wrong, but the "
    "steps are a tenth as long at β = 0.9. We add the whole gradient to βv.",
)

# fmt: off
STEP_MISTAKES = [  # the last two lines of momentum and those of Nesterov's method are the same
    Mistake("uphill",
        (edit(("return w - ", "return w + ")), edit((" + g", " - g")),
         edit((" + g", " - lr * g"), ("lr * v", "v"))),
        "Your step goes uphill. A gradient points in the direction in which the loss grows. "
        "Which of your lines needs another sign?"),
    Mistake("the old velocity moves it",
        (edit(("lr * v", "lr * old"), first=OLD), edit(("lr * v", "lr * beta * old"), first=OLD)),
        "The step uses the velocity from before this gradient. In the first step that velocity "
        "is 0, so w does not move. Which of the lines should come first?"),
    Mistake("the velocity is not kept",
        (edit(("v, v", "v, old"), first=OLD), edit(("v, v", "v, g"))),
        "The v that your function returns is not the v that moved w. At the next step, some of "
        "the past gradients are therefore missing from v. Which v does that step need?"),
    Mistake("no friction", edit(("beta * v +", "v +")),
        "β does not multiply the old velocity in your v, so no part of it is ever lost. With a "
        "constant gradient the steps then grow without limit. Which part of the old v should "
        "remain?"),
    Mistake("beta on the wrong side",
        either(("beta * v + g", "v + beta * g"), ("beta * v +", "(1 - beta) * v +"),
               ("beta * v + g", "(1 - beta) * v + beta * g"), ("beta * v + g", "beta * (v + g)")),
        "In your v, the old velocity must be multiplied by β and the gradient by 1. "
        "With {given} your function gives {got} instead of {expected}. What does β multiply in "
        "yours?"),
    Mistake("no lr", edit(("lr * v", "v")),
        "The step is not multiplied by lr. In the first step, w therefore moves by the whole "
        "gradient, whatever the learning rate is. Where does lr enter the rule?"),
    Mistake("the gradient twice", either(("lr * v", "lr * (g + v)"), ("lr * v", "lr * v - g")),
        "The step contains this gradient twice. The new v already contains it, and the step adds "
        "it once more. What is left when you remove it there?"),
    Mistake("lr twice", either((" + g", " + lr * g"), ("beta * v + g", "lr * (beta * v + g)")),
        "The gradient is multiplied by lr twice, once in the velocity and once in the step. At "
        "lr = 0.1 the first step is therefore 10 times too short. Which of the two is enough?"),
    Mistake("lr is stored",
        (edit(("v, v", "v, lr * v")),
         edit((" + g", " + lr * g"), ("lr * v", "lr * (old + g)"), first=OLD)),
        "The v that your function returns contains lr. The next step multiplies v by lr, so this "
        "gradient is then multiplied by lr twice. What should v remember?"),
    Mistake("two velocities",
        (edit(("lr * v", "lr * (old + g)"), first=OLD), edit(("v, v", "v, old + g"), first=OLD)),
        "Only one of your two velocities contains β. The velocity that moves w is therefore not "
        "the one that your function returns. Can both lines use the same v?"),
    Mistake("lr on the gradient alone",
        (edit(("lr * v", "lr * g - beta * old"), first=OLD),
         edit(("lr * v", "lr * g + beta * old"), first=OLD)),
        "In your step, lr multiplies the gradient but not the old velocity. v is a sum of "
        "gradients, so βv has to be multiplied by lr too. Which terms does lr multiply in yours?"),
    Mistake("beta is not used", edit(first="beta = 0.9"),
        "Your β is a fixed number, and the argument beta is ignored. With {given} your function "
        "gives {got} instead of {expected}. Which number in your function should be beta?"),
    Mistake("velocity and point swapped", edit(("return w", "return v, w"), ("v, v", "v")),
        "w and v are returned in the wrong order. The point w comes first, then v. What would "
        "the next step take for the point?"),
    Mistake("only the sign", either(("lr * v", "lr * np.sign(v)"), (" + g", " + np.sign(g)")),
        "The sign of the gradient or of the velocity is used without its size. A small slope "
        "then has the same effect as a large one. In which line does the size get lost?"),
    Mistake("the step, not the point",
        either(("return w - ", "return "), ("return w - ", "return -")),
        "Your function returns the step instead of the point. Where is w after this step?"),
]
# fmt: on

# fmt: off
MISTAKES = [
    AVERAGING,
    Convention("lr inside the velocity", edit((" + g", " + lr * g"), ("lr * v", "v")),
        "Your velocity contains lr: v ← βv + lr·g. It is not wrong, and the path is the same "
        "while lr is constant, but after a change of lr your v still contains the old one. We "
        "use v ← βv + g, then w ← w − lr·v."),
    Convention("velocity points downhill",
        (edit((" + g", " - lr * g"), ("w - lr * v", "w + v")),
         edit((" + g", " - g"), ("w - ", "w + "))),
        "Your velocity points downhill, as in Keras. It is not wrong to add such a velocity to "
        "w, and the path is the same while lr is constant. We add up the gradients and subtract: "
        "v ← βv + g, then w ← w − lr·v."),
    Mistake("plain descent",
        (edit(("lr * v", "lr * g")), edit(("beta * v + g", "g")),
         edit(("beta * v + g", "v"), ("lr * v", "lr * g"))),
        "The step does not use earlier gradients, so this is plain gradient descent. With a "
        "constant gradient all your steps are equally long, but with momentum they become "
        "longer. Which quantity remembers the earlier gradients?"),
    Mistake("Nesterov's step", edit(("lr * v", "lr * (g + beta * v)")),
        "This is Nesterov's step in PyTorch's form, which uses g + βv with the new v. Momentum "
        "moves w by lr times the new velocity alone. What did you add to that velocity?"),
    *STEP_MISTAKES,
]
# fmt: on

EXERCISES = [
    Exercise(
        name="momentum_step",
        signature="momentum_step(w, v, g, lr, beta)",
        reference=momentum_step,
        mistakes=MISTAKES,
        probes=_probes,
        hints=[
            "There are two lines: first the velocity changes, then w moves with the new velocity.",
            "The old velocity has the weight β, and the whole gradient is added to it.",
            "w moves downhill by lr times the new velocity. Return w and v.",
        ],
        returns=("w", "v"),
    )
]
