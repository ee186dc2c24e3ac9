"""Questions on lesson adam: what does Adam put together, and when does it fail?"""

import numpy as np

from ..checking.questions import Match, Misconception, Number, Question, Several, exchanged
from ..descent import descend
from ..formatting import minus
from ..optimizers import AdaGrad, Adam, AdamW, GradientDescent
from ..surfaces import quadratic


def _moved(rule, gradients):
    """How far a rule moves a weight in its last step, given the gradients of all steps."""
    w, state = np.zeros(1), rule.init(np.zeros(1))
    for g in gradients:
        before = w
        w, state = rule.step(w, state, np.array([float(g)]))
    return float(w[0] - before[0])


def _draw_flip(rng):
    return {"beta1": float(rng.choice([0.5, 0.6, 0.7, 0.8, 0.9])), "g": int(rng.integers(2, 13))}


def _flip_work(beta1, g):
    m = -((1 - beta1) ** 2) * g
    correction = 1 - beta1**2
    return {
        "rest": 1 - beta1,
        "m": m,
        "correction": correction,
        "m_hat": m / correction,
    }


second_step = Question(
    name="second_step",
    lesson="adam",
    section="Say it in symbols",
    text="Adam has β₁ = {beta1}, β₂ = 0.999 and a negligible ε. Its first gradient is {g}, and its "
    "second is −{g}. How long is the second step? Answer in units of lr.",
    draw=_draw_flip,
    answer=lambda beta1, g: abs(_moved(Adam(1.0, beta1, eps=0.0), [g, -g])),
    kind=Number(),
    misconceptions=(
        Misconception(
            "every step of Adam is lr long",
            lambda beta1, g: 1.0,
            "Adam's step is lr long when all gradients so far are equal. Here the second gradient "
            "has the opposite sign: what does that do to m̂, and what to v̂?",
        ),
        Misconception(
            "mean of the gradients not corrected",
            lambda beta1, g: (1 - beta1) ** 2,
            "You divided m itself by √v̂. The weights in m add up to {correction} after two steps: "
            "which correction does m need?",
        ),
        Misconception(
            "no bias correction",
            lambda beta1, g: (1 - beta1) ** 2 / np.sqrt(1 - 0.999**2),
            "This is m/√v. Both means start at 0 and are too small after two steps: by what is "
            "each of them divided?",
        ),
        Misconception(
            "root of the squares left out",
            lambda beta1, g: g * (1 - beta1) / (1 + beta1),
            "{m_hat} is m̂. The step is m̂ divided by √v̂: how large is √v̂ after two gradients of "
            "size {g}?",
        ),
        Misconception(
            "opposite gradients cancel",
            lambda beta1, g: 0.0,
            "They would cancel if both had the same weight in m. Which of the two gradients has "
            "been multiplied by β₁?",
        ),
    ),
    hint="Compute m after both gradients and divide it by 1 − β₁². What is √v̂, when both squares "
    "are equal?",
    work=_flip_work,
    solution="After two steps m = {beta1} · {rest} · {g} − {rest} · {g} = {m}. Its correction is "
    "1 − {beta1}² = {correction}, so m̂ = {m_hat}. Both squared gradients are {g}², so √v̂ = {g}. "
    "The step is lr · |m̂|/√v̂, which is {answer} lr.",
)


def _draw_decay(rng):
    return {
        "w": int(rng.choice([2, 3, 4, 5, 8])),
        "g": float(rng.choice([0.2, 0.4, 3, 5, 20])),
        "lr": float(rng.choice([0.01, 0.02, 0.05])),
        "decay": float(rng.choice([0.1, 0.2, 0.3])),
    }


adamw_first_step = Question(
    name="adamw_first_step",
    lesson="adam",
    section="Weight decay: AdamW",
    text="A weight is {w}, and its first gradient is {g}. AdamW has lr = {lr}, a weight decay of "
    "{decay} and a negligible ε. By how much does its first step reduce the weight?",
    draw=_draw_decay,
    answer=lambda w, g, lr, decay: (
        w - float(AdamW(lr, eps=0.0, weight_decay=decay).step(*_first(w), np.array([g]))[0][0])
    ),
    kind=Number(),
    misconceptions=(
        Misconception(
            "decay as an L2 penalty",
            lambda w, g, lr, decay: lr,
            "This is Adam with an L2 penalty: there the penalty is part of the gradient, and the "
            "first step is lr long whatever the gradient is. Where does AdamW apply the decay?",
        ),
        Misconception(
            "decay without the learning rate",
            lambda w, g, lr, decay: lr + decay * w,
            "In one step AdamW removes much less than {decay} of the weight. What is the decay "
            "multiplied by?",
        ),
        Misconception(
            "gradient not divided by its root",
            lambda w, g, lr, decay: lr * (g + decay * w),
            "You multiplied the gradient {g} by lr, as plain descent does. How long is Adam's "
            "first step for a gradient of any size?",
        ),
        Misconception(
            "decay only",
            lambda w, g, lr, decay: lr * decay * w,
            "{shrink} is what the decay removes. Which other part does a step of AdamW have?",
        ),
    ),
    hint="The step has two parts: Adam's first step, and the decay. How large is each?",
    work=lambda w, g, lr, decay: {"shrink": lr * decay * w},
    solution="Adam's first step is lr = {lr} long, whatever the gradient is. Separately, the decay "
    "removes lr · {decay} · w = {lr} · {decay} · {w} = {shrink}. Together the weight is reduced "
    "by {lr} + {shrink} = {answer}.",
)


def _first(w):
    """A weight and Adam's state before the first step."""
    w = np.array([float(w)])
    return w, Adam().init(w)


STEPS = 40  # of the curves
DESCENT_LR = 0.1


def _draw_start(rng):
    lr = float(rng.choice([0.2, 0.3, 0.4, 0.5]))
    return {"start": float(round(lr * rng.integers(14, 21), 2)), "lr": lr}


def _rules(lr):
    return {
        "descent": GradientDescent(DESCENT_LR),
        "adam": Adam(lr),
        "slow": Adam(lr / 10),
        "adagrad": AdaGrad(lr),
    }


def _start_curves(start, lr):
    return {
        key: descend(quadratic(1.0), rule, [start], STEPS).loss for key, rule in _rules(lr).items()
    }


adam_curves = Question(
    name="adam_curves",
    lesson="adam",
    section="What changes Adam's steps?",
    text="Four runs on f(w) = ½w², each from w = {start}. Which curve of the loss belongs to which "
    "run?",
    draw=_draw_start,
    kind=Match(
        {
            "descent": "plain descent, lr = {descent_lr}",
            "adam": "Adam, lr = {lr}",
            "slow": "Adam, lr = {slow_lr}",
            "adagrad": "AdaGrad, lr = {lr}",
        }
    ),
    misconceptions=(
        Misconception(
            "Adam's first steps shorten with the gradient",
            exchanged("descent", "adam"),
            "You exchanged plain descent and the faster Adam. Descent multiplies the loss by the "
            "same factor at each step. Which line is that on a log scale?",
        ),
        Misconception(
            "AdaGrad's steps do not shrink",
            exchanged("adam", "adagrad"),
            "You exchanged Adam and AdaGrad with the same lr. Both begin with a step of length lr. "
            "Which of the two divides by a sum that only grows?",
        ),
        Misconception(
            "the smaller learning rate arrives first",
            exchanged("adam", "slow"),
            "You exchanged the two runs of Adam. At first each step is about lr long: how many "
            "steps does a distance of {start} take with each lr?",
        ),
        Misconception(
            "slow by a small lr and slow by shrinking steps",
            exchanged("slow", "adagrad"),
            "You exchanged AdaGrad and the slower Adam. One begins with a step of {lr}, and its "
            "steps become shorter; the other begins with steps of {slow_lr}. Which falls faster at "
            "first?",
        ),
    ),
    hint="How long are the first steps of each run, and how does their length change?",
    work=lambda start, lr: {
        "descent_lr": DESCENT_LR,
        "slow_lr": lr / 10,
        "fast_steps": start / lr,
        "slow_way": STEPS * lr / 10,
        "steps": STEPS,
    },
    curves=_start_curves,
    solution="Plain descent multiplies the loss by the same factor at each step, which is a "
    "straight line on a log scale. Adam's first steps are about lr long, so with lr = {lr} it "
    "needs somewhat more than {start}/{lr} = {fast_steps:.0f} steps to the minimum and then "
    "overshoots, and with lr = {slow_lr} it moves only about {slow_way} in {steps} steps. AdaGrad "
    "begins with a step of {lr}, and its steps become shorter. So the curves are {answer}.",
)


PATTERNS = "pqrs"


def _draw_patterns(rng):
    """Four sequences of one large gradient and n small ones: (sign, large, n)."""
    drawn = set()
    while len(drawn) < 4:
        n = int(rng.choice([3, 4, 5]))
        large = int(rng.choice([c for c in range(2, n + 5) if c != n]))
        drawn.add((int(rng.choice([-1, 1])), large, n))
    order = sorted(drawn)
    rng.shuffle(order)
    return dict(zip(PATTERNS, order, strict=True))


def _gradients(sign, large, n):
    return [sign * large] + n * [-sign]


def _total(rule, gradients):
    """How far a rule moves a weight over a sequence of gradients."""
    return sum(_moved(rule, gradients[: t + 1]) for t in range(len(gradients)))


def _against_descent(**patterns):
    adam = Adam(1.0, beta1=0.0, beta2=0.0, eps=0.0)
    return {
        key
        for key, pattern in patterns.items()
        if _total(adam, _gradients(*pattern)) * _total(GradientDescent(1.0), _gradients(*pattern))
        < 0
    }


def _pattern_texts(**patterns):
    return {
        f"{key}_text": minus(", ".join(f"{g}" for g in _gradients(*pattern)))
        for key, pattern in patterns.items()
    }


rare_gradients = Question(
    name="rare_gradients",
    lesson="adam",
    section="What goes wrong: the rare large gradient",
    text="The gradients of a weight repeat one of these sequences again and again. Adam has "
    "β₁ = β₂ = 0 and a negligible ε. With which sequences does it move the weight in the opposite "
    "direction to plain descent, over many steps?",
    draw=_draw_patterns,
    answer=_against_descent,
    kind=Several({key: f"{{{key}_text}}" for key in PATTERNS}, shuffled=False),
    misconceptions=(
        Misconception(
            "Adam follows the mean gradient",
            lambda **patterns: set(),
            "Plain descent follows the mean of the gradients. Adam without a memory divides each "
            "gradient by its own size: how long is each of its steps?",
        ),
        Misconception(
            "every rare gradient misleads Adam",
            lambda **patterns: set(patterns),
            "Adam goes with the more frequent sign here. Plain descent goes with the sum of the "
            "gradients: does the sum always have the other sign?",
        ),
        Misconception(
            "Adam follows the largest gradient",
            lambda **patterns: {key for key, (_, large, n) in patterns.items() if large < n},
            "You let the largest gradient decide for Adam. How long is Adam's step for a large "
            "gradient, and how long for a small one, when nothing is remembered?",
        ),
        Misconception(
            "only a positive gradient can mislead",
            lambda **patterns: {
                key for key, (sign, large, n) in patterns.items() if large > n and sign > 0
            },
            "These are right, but they are not all: what happens when the rare gradient is "
            "negative?",
        ),
    ),
    hint="For each sequence, compute the sum of the gradients, and count their signs. Which of the "
    "two does plain descent follow, and which does Adam?",
    work=_pattern_texts,
    solution="Without a memory m̂/√v̂ = g/|g|, so every step of Adam is lr long and the more "
    "frequent sign wins. Plain descent follows the sum of the gradients. The two directions are "
    "opposite where the large gradient exceeds the sum of the others in size: {answer}.",
)


QUESTIONS = (second_step, adamw_first_step, adam_curves, rare_gradients)
