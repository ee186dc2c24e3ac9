"""Exercises of lesson 15: one step of AdamW, which makes Adam's mistakes and its own."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake, edit
from .adam import ADAM_MISTAKES, adam_probes


def adamw_step(w, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * (m_hat / (np.sqrt(v_hat) + eps) + weight_decay * w), m, v


DECAY = " + weight_decay * w"

# fmt: off
ADAMW_MISTAKES = [
    Mistake("L2 in the gradient",
        tuple(edit((DECAY, ""), first=f"g = g + {k} * weight_decay * w") for k in (1, 2)),
        "The decay is added to the gradient, which is Adam with an L2 penalty. Then it enters "
        "both means and is divided by √v̂. Where in the step should it be added, so that it is "
        "not divided?"),
    Mistake("no decay", edit((DECAY, "")),
        "This is Adam, because the weights do not decay. When every gradient is 0, w should "
        "still shrink; which term makes it shrink?"),
    Mistake("weights grow", edit(("+ weight_decay", "- weight_decay")),
        "The decay has the wrong sign, so the weights grow. You can see it when every gradient "
        "is 0. In which direction should w move then?"),
    Convention("decay without lr", edit((DECAY, ""), ("w - lr", "w - weight_decay * w - lr")),
        "The decay is not multiplied by lr, as in the paper of Loshchilov and Hutter. It is not "
        "wrong, but it does not become smaller with lr. We use lr · weight_decay · w, as "
        "PyTorch."),
    Mistake("decay after the step",
        edit((DECAY, ""), ("w - lr * (", "(1 - lr * weight_decay) * (w - lr * ")),
        "The decay is applied after Adam's step, so the step decays too. Both changes should be "
        "computed from the same w. Which w is that?"),
    Mistake("decay of the gradient", edit(("weight_decay * w", "weight_decay * g")),
        "The decay is computed from the gradient instead of the weights. When every gradient is "
        "0, nothing shrinks. What should weight_decay multiply?"),
    Mistake("lr twice in the decay", edit(("weight_decay * w", "lr * weight_decay * w")),
        "The decay is multiplied by lr twice, once inside the brackets and once outside. At lr = "
        "0.1 it is therefore 10 times too small. Which of the two is enough?"),
    Mistake("a factor of 2",
        tuple(edit(("weight_decay * w", f"{k} * weight_decay * w")) for k in (2, 0.5)),
        "The decay is wrong by a factor of 2. The gradient of a penalty weight_decay · w² "
        "contains a 2, but there is no penalty here. How much does w lose in one step?"),
    Mistake("decay is divided",
        edit((DECAY, ""), ("m_hat / (np", "(m_hat + weight_decay * w) / (np")),
        "The decay is divided by √v̂ + ε together with m̂. Weights with large gradients "
        "therefore decay least. Where should the bracket around m̂ end?"),
    Mistake("the penalty, not its slope",
        tuple(edit(("weight_decay * w", f"weight_decay * w**2{half}")) for half in (" / 2", "")),
        "The step contains the penalty, with w², instead of its slope, so a negative weight moves "
        "away from 0. What is the slope of ½ · weight_decay · w²?"),
    Mistake("a constant decay",
        tuple(edit((DECAY, f" + weight_decay{times}")) for times in ("", " * np.sign(w)")),
        "Every weight loses the same amount, whatever its size. A decay is proportional to the "
        "weight. What should weight_decay multiply?"),
    Mistake("only the decay", edit(("m_hat / (np.sqrt(v_hat) + eps) + ", "")),
        "The weights decay, but Adam's own step is missing. The gradient has no effect on w. "
        "Which two terms does the bracket after lr contain?"),
    *ADAM_MISTAKES,
]
# fmt: on

EXERCISES = [
    Exercise(
        name="adamw_step",
        signature="adamw_step(w, m, v, t, g, lr, beta1, beta2, eps, weight_decay)",
        reference=adamw_step,
        mistakes=ADAMW_MISTAKES,
        probes=lambda: [*adam_probes(0.1), *adam_probes(0.7)[1:3]],
        hints=[
            "The gradient and both means are the same as in Adam, without the decay.",
            "The decay removes lr · weight_decay · w, computed from the w that was given.",
            "lr multiplies a sum of two terms: m̂/(√v̂ + ε) and weight_decay · w.",
        ],
        returns=("w", "m", "v"),
    ),
]
