"""Exercises of lesson 12: one step of Nesterov's method."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake, edit, either
from ..checking.probes import Steps, named, scattered
from .momentum import AVERAGING, OLD, STEP_MISTAKES


def nesterov_step(w, v, grad, lr, beta):
    g = grad(w - lr * beta * v)
    v = beta * v + g
    return w - lr * v, v


def _probes():
    bowl = named("2w", lambda w: 2.0 * w)
    twisted = named("(w₀ + w₁, w₀ + 3w₁³)", _twisted)
    three = named("w·(1, 0, 0.2)", lambda w: w * np.array([1.0, 0.0, 0.2]))
    curvatures = np.abs(scattered(120, 1e-4, 1e3, 1))
    many = named("h·w + sin w", lambda w: curvatures * w + np.sin(w))
    return [
        Steps(([3.0], np.zeros(1)), [(bowl, 0.1, 0.9)] * 3),
        Steps(
            ([1.0, -0.5], np.zeros(2)),
            [(twisted, 0.1, 0.8), (twisted, 0.1, 0.8), (twisted, 0.03, 0.8), (bowl, 0.2, 0.6)],
        ),
        Steps(
            ([1.0, 0.01, 30.0], [0.5, 0.0, -4.0]),
            [(three, 0.3, 0.6), (three, 0.05, 0.95), (three, 0.4, 0.3)],
        ),
        Steps(([4e5], [-3e4]), [(bowl, 0.3, 0.55)] * 2),
        Steps(([3, -2], [1, 5]), [(twisted, 0.02, 0.75)]),
        Steps(
            (scattered(120, 1e-4, 1e3, 2), scattered(120, 1e-8, 1e6, 3)),
            [(many, 0.007, 0.35), (many, 2.0, 0.85)],
        ),
    ]


def _twisted(w):
    a, b = w[..., 0], w[..., 1]
    return np.stack([a + b, a + 3 * b**3], axis=-1)


AT_W = ("grad(w - lr * beta * v)", "grad(w)")

# fmt: off
MISTAKES = [
    Convention("PyTorch's form", edit(AT_W, ("lr * v", "lr * (g + beta * v)")),
        "This is Nesterov's method as in PyTorch: the gradient g is evaluated at w, and the step "
        "is w − lr·(g + βv). It is not wrong; its points are our look-ahead points. We evaluate "
        "g at w − lr·β·v, and our step is w − lr·v."),
    Convention("Keras's form",
        edit(AT_W, (" + g", " - lr * g"), ("w - lr * v", "w + beta * v - lr * g")),
        "This is Nesterov's method as in Keras: v ← βv − lr·g, then w ← w + βv − lr·g, with g "
        "evaluated at w. It is not wrong; while lr is constant, its points are our look-ahead "
        "points. We evaluate g at w − lr·β·v, and our step is w − lr·v."),
    Convention(
        "Sutskever's form",
        (
            edit(
                ("w - lr * beta * v", "w + beta * v"),
                (" + g", " - lr * g"),
                ("w - lr * v", "w + v"),
            ),
            edit(
                ("w - lr * beta", "w + lr * beta"), (" + g", " - g"), ("w - lr * v", "w + lr * v")
            ),
        ),
        "Your velocity points downhill, as in Sutskever and others (2013). It is not wrong to add "
        "such a velocity to w, and the path is the same while lr is constant. We add up the "
        "gradients and subtract: v ← βv + ∇f(w − lr·β·v), then w ← w − lr·v.",
    ),
    Convention("lr inside the velocity",
        edit(("lr * beta * v", "beta * v"), (" + g", " + lr * g"), ("lr * v", "v")),
        "Your velocity contains lr. It is not wrong, and the path is the same while lr is "
        "constant, but after a change of lr your v still contains the old one. We use v ← βv + "
        "∇f(w − lr·β·v), then w ← w − lr·v."),
    AVERAGING,
    Mistake("no look ahead", edit(AT_W),
        "The gradient is evaluated at w, so this is momentum without the look-ahead. The two "
        "rules agree while v is 0. Where would the old velocity carry w without any "
        "gradient?"),
    Mistake("looks behind",
        (edit(("w - lr * beta", "w + lr * beta")),
         edit((" + g", " - g"), ("return w - ", "return w + ")),
         edit(("lr * beta * v", "beta * v"), (" + g", " - lr * g"), ("w - lr * v", "w + v"))),
        "The gradient is evaluated behind w instead of ahead of it. The velocity has one sign in "
        "the look-ahead and the opposite one in the step. In which direction does the velocity "
        "carry w?"),
    Mistake("looks too far, without lr", edit(("lr * beta * v", "beta * v")),
        "The look-ahead is not multiplied by lr. βv is a sum of gradients, and the step moves w "
        "by lr times such a sum. How far would w move without a new gradient?"),
    Mistake("looks too far, without beta", edit(("lr * beta * v", "lr * v")),
        "The look-ahead is not multiplied by β. In this step only the part β of the old velocity "
        "remains. How far would w move without a new gradient?"),
    Mistake("beta twice in the look-ahead", edit(("lr * beta * v", "lr * beta * beta * v")),
        "The velocity is multiplied by β twice before the look-ahead is computed. The step moves "
        "w by lr·β·v without a new gradient, so β belongs there once. In which line is the other "
        "β?"),
    Mistake("looks ahead by v",
        either(("lr * beta * v)", "v)"), ("- lr * beta * v)", "+ v)"),
               ("(w - lr * beta * v)", "(v)")),
        "The gradient is not evaluated at the look-ahead point. That point is where w would be "
        "after a step in which the new gradient is 0. What does the rule give for w then?"),
    Mistake("steps from the look-ahead point",
        edit(("lr * v", "lr * beta * old - lr * v"), first=OLD),
        "The step starts from the look-ahead point, so the old velocity moves w twice. The "
        "look-ahead point is only where the gradient is evaluated. From which point does the step "
        "start?"),
    Mistake("looks ahead twice", edit(("lr * v", "lr * (g + beta * v)")),
        "The rule looks ahead twice, in the gradient and once more in the step. g + βv is the "
        "step of PyTorch's form, where g is evaluated at w. Which step belongs to a gradient that "
        "is evaluated at w − lr·β·v?"),
    Mistake("only the gradient", either(("lr * v", "lr * g"), ("beta * v + g", "g")),
        "The step uses only the new gradient, and the old velocity does not move w. The velocity "
        "then matters at most for where the gradient is evaluated. Which quantity should lr "
        "multiply?"),
    Mistake("two forms mixed",
        (edit((" + g", " + lr * g"), ("lr * v", "v")),
         edit((" + g", " - lr * g"), ("w - lr * v", "w + v"))),
        "Your velocity contains lr, but the look-ahead is computed as if it did not. Without a "
        "new gradient your own step would move w by βv, without another lr. At which point would "
        "w then be?"),
    Mistake("one gradient for w, another for v",
        (edit(("v, v", "v, beta * old + grad(w)"), first=OLD),
         edit(("lr * v", "lr * (beta * old + grad(w))"), first=OLD)),
        "Your w and your v come from two different gradients, one evaluated at w and the other at "
        "the look-ahead. The v that is returned is the one that moves w, so one gradient belongs "
        "in both. Which one?"),
    Mistake("looks outside the brackets",
        edit(("grad(w - lr * beta * v)", "grad(w) - lr * beta * v")),
        "The gradient is evaluated at w, and lr·β·v is subtracted from the gradient. It should be "
        "subtracted from the point. Where does the bracket after grad close?"),
    Mistake("two gradients",
        either((" + g", " + g + grad(w)"), ("lr * beta * v", "lr * (beta * v + grad(w))"),
               ("lr * beta * v", "lr * beta * (beta * v + grad(w))")),
        "Your rule uses two gradients, one at w and one at another point. One is enough: it is "
        "evaluated where the old velocity alone would carry w. Which of the two is that?"),
    *STEP_MISTAKES,
]
# fmt: on

EXERCISES = [
    Exercise(
        name="nesterov_step",
        signature="nesterov_step(w, v, grad, lr, beta)",
        reference=nesterov_step,
        mistakes=MISTAKES,
        probes=_probes,
        hints=[
            "Nesterov's method is momentum with one change: the gradient is evaluated at another "
            "point.",
            "Without a new gradient the step would be lr·β·v, downhill. Evaluate the gradient at "
            "w − lr·β·v.",
            "Then the new velocity is βv plus that gradient, and w moves downhill by lr times the "
            "new velocity.",
        ],
        returns=("w", "v"),
    )
]
