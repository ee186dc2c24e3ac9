"""Questions on lesson clinic: can you tell what is wrong?"""

import numpy as np

from ..checking.questions import Choice, Match, Misconception, Number, Order, Question, exchanged
from ..descent import descend
from ..optimizers import Adam, GradientDescent
from ..problems import LinearRegression
from ..schedules import step_decay
from ..surfaces import quadratic

FAULTS = ("diverging", "slow", "frozen", "noisy")
RATE, STEPS, ROWS = 0.05, 60, 40


def _draw_runs(rng):
    return {
        "data": int(rng.integers(1000)),
        "every": int(rng.choice([4, 5, 6])),
        "slow": float(rng.choice([0.002, 0.003, 0.004])),
    }


def _line(data):
    """A line through noisy points; x is standardised, so both curvatures are 2."""
    rng = np.random.default_rng(data)
    x = rng.standard_normal(ROWS)
    x = (x - x.mean()) / x.std()
    return LinearRegression(x, 2 * x + 1 + 0.5 * rng.standard_normal(ROWS))


def _fault_curves(data, every, slow):
    line = _line(data)
    steady = GradientDescent(RATE)
    paths = {
        "diverging": descend(line, GradientDescent(1.01), steps=STEPS),
        "slow": descend(line, GradientDescent(slow), steps=STEPS),
        "frozen": descend(
            line, steady, steps=STEPS, schedule=lambda t: step_decay(1, t, 0.5, every)
        ),
        "noisy": descend(line, steady, steps=STEPS, batches=line.batches(1, data)),
    }
    lowest = line.f(line.closed_form())
    return {key: path.loss - lowest for key, path in paths.items()}


faults_from_curves = Question(
    name="faults_from_curves",
    lesson="clinic",
    section="The errata clinic",
    text="Four runs fit the same line and do not reach the minimum, each for a different reason. "
    "The curves show the loss above the minimum. Which curve belongs to which reason?",
    draw=_draw_runs,
    kind=Match(
        {
            "diverging": "all rows at each step, lr above the stability limit",
            "slow": "all rows at each step, lr constant and far too small",
            "frozen": "all rows at each step, lr halved every {every} steps",
            "noisy": "one row at each step, lr constant",
        }
    ),
    misconceptions=(
        Misconception(
            "noise floor and freezing exchanged",
            exchanged("noisy", "frozen"),
            "You exchanged the run on single rows and the one whose lr is halved. Both come to a "
            "level. Which of the two still makes steps late in the run, so that its loss jumps?",
        ),
        Misconception(
            "freezing and a small learning rate exchanged",
            exchanged("frozen", "slow"),
            "You exchanged the two slow runs. With a constant lr the loss is multiplied by the "
            "same factor at each step: which line is that on a log scale?",
        ),
        Misconception(
            "noise and divergence exchanged",
            exchanged("noisy", "diverging"),
            "You exchanged the run on single rows and the one above the stability limit. Which of "
            "the two moves away from the minimum, further with each step?",
        ),
        Misconception(
            "slow and diverging exchanged",
            exchanged("slow", "diverging"),
            "You gave the growing loss to the smallest lr. Can a very short step against the "
            "gradient make the loss larger?",
        ),
    ),
    hint="How long are the steps of each run, early and late? And in which run does chance decide "
    "about the step?",
    work=lambda data, every, slow: {"rate": RATE},
    curves=_fault_curves,
    solution="Above the stability limit the loss grows. With a constant small lr it falls along a "
    "straight line on a log scale. With an lr that is halved again and again it falls at first, "
    "then the steps become too short and it stays at a level, without jumps. On single rows it "
    "falls and then jumps about at the noise floor. So the curves are {answer}.",
)


def _draw_clock(rng):
    return {
        "beta1": float(rng.choice([0.5, 0.75, 0.8, 0.9])),
        "beta2": float(rng.choice([0.96, 0.99, 0.9975, 0.999, 0.9996])),
    }


def _step_at_one(beta1, beta2):
    """The length of a step whose means are full, when t is 1."""
    g = np.ones(1)
    w, _ = Adam(1.0, beta1, beta2, eps=0.0).step(np.zeros(1), (g, g**2, 0), g)
    return float(-w[0])


epochs_for_updates = Question(
    name="epochs_for_updates",
    lesson="clinic",
    section="The errata clinic",
    text="A program gives Adam the number of the epoch as t, so t = 1 during the whole first "
    "epoch. β₁ = {beta1}, β₂ = {beta2}, and ε is negligible. Late in this epoch, after very many "
    "equal gradients, how long is a step? Answer in units of lr.",
    draw=_draw_clock,
    answer=_step_at_one,
    kind=Number(),
    misconceptions=(
        Misconception(
            "t has no effect",
            lambda beta1, beta2: 1.0,
            "A step of lr would be right. Here m is divided by 1 − β₁ and v by 1 − β₂, although "
            "neither is too small any longer: what do these two divisions do to the step?",
        ),
        Misconception(
            "root of the second correction forgotten",
            lambda beta1, beta2: (1 - beta2) / (1 - beta1),
            "You divided by v̂, which is {v_hat} times v. The step divides by its root: by what "
            "factor is √v̂ too large?",
        ),
        Misconception(
            "only m corrected",
            lambda beta1, beta2: 1 / (1 - beta1),
            "m̂ is {m_hat} times as large as m. But v is corrected too: what does that do to the "
            "step?",
        ),
        Misconception(
            "only v corrected",
            lambda beta1, beta2: np.sqrt(1 - beta2),
            "√v̂ is {root} times as large as √v. But m is corrected too: what does that do to the "
            "step?",
        ),
        Misconception(
            "ratio upside down",
            lambda beta1, beta2: (1 - beta1) / np.sqrt(1 - beta2),
            "You exchanged the two corrections. Is m̂ in the numerator or in the denominator of "
            "the step? And is m̂ larger or smaller than m here?",
        ),
    ),
    hint="After many equal gradients m = g and v = g². What are m̂ and √v̂, when they are "
    "corrected with t = 1?",
    work=lambda beta1, beta2: {
        "rest1": 1 - beta1,
        "rest2": 1 - beta2,
        "m_hat": 1 / (1 - beta1),
        "v_hat": 1 / (1 - beta2),
        "root": 1 / np.sqrt(1 - beta2),
    },
    solution="By then m = g and v = g². With t = 1, m̂ = g/{rest1} = {m_hat} g, and "
    "√v̂ = |g|/√{rest2} = {root} |g|. So a step is {m_hat}/{root} = {answer} lr long, where a "
    "correct count of the updates gives 1 lr.",
)


# lr·L and n rows for which 1 + lr·L = n·lr·L − 1: both faults make w grow equally fast.
GROWTH = ((0.2, 11), (0.25, 9), (0.4, 6), (0.5, 5), (1.0, 3))


def _draw_values(rng):
    product, n = GROWTH[rng.integers(len(GROWTH))]
    L = int(rng.choice([2, 4, 5, 10]))
    factor = (1 + product) * (-1 if rng.integers(2) else 1)
    w = float(rng.choice([16, 20, 40]))
    values = {f"w{k}": float(f"{w * factor**k:.6g}") for k in range(3)}
    return {"n": n, "L": L, "lr": product / L} | values


EXPLANATIONS = {
    "sign": lambda n, L: -L,  # the curvature of what the faulty program descends on
    "sum": lambda n, L: n * L,
    "limit": lambda n, L: L,
}


def _explains(n, L, lr, w0, w1, w2):
    """The explanation whose run has the printed values."""

    def misfit(key):
        surface = quadratic(EXPLANATIONS[key](n, L))
        run = descend(surface, GradientDescent(lr), [w0], 2).w[:, 0]
        return np.abs(run - [w0, w1, w2]).max()

    return min(EXPLANATIONS, key=misfit)


fault_from_values = Question(
    name="fault_from_values",
    lesson="clinic",
    section="The errata clinic",
    text="The loss is a mean over {n} rows. It is a parabola in w with curvature {L} and its "
    "minimum at 0. Descent with lr = {lr} prints w = {w0}, {w1}, {w2}. What is wrong?",
    draw=_draw_values,
    answer=_explains,
    kind=Choice(
        {
            "sign": "The step has the wrong sign",
            "sum": "The gradient is a sum over the rows instead of a mean",
            "limit": "The program is right, but lr is above the stability limit",
        }
    ),
    misconceptions=(
        Misconception(
            "changes of side not considered",
            lambda **numbers: {"sign": "sum", "sum": "sign"}[_explains(**numbers)],
            "With this fault w would grow equally fast, but look at the signs of the values: what "
            "does 1 − lr·L become with each of the faults, and is it negative?",
        ),
        Misconception(
            "every divergence blamed on the learning rate",
            lambda **numbers: "limit",
            "lr·L is {product}, so lr is below the limit 2/L. By what factor does each step "
            "really multiply w?",
        ),
    ),
    hint="By what factor does each step multiply w? Compare it with 1 − lr·L for the right "
    "gradient, for one with the wrong sign, and for one that is {n} times as large.",
    work=lambda n, L, lr, w0, w1, w2: {
        "product": lr * L,
        "factor": w1 / w0,
        "good": 1 - lr * L,
        "sign": 1 + lr * L,
        "sum": 1 - n * lr * L,
    },
    solution="Each step multiplies w by {w1}/{w0} = {factor}. The right program would have the "
    "factor 1 − lr·L = 1 − {product} = {good}. The wrong sign gives 1 + {product} = {sign}, and a "
    "sum over {n} rows gives 1 − {n} · {product} = {sum}. So the answer is {answer}.",
)


PROGRAMS = {"right": 1, "half": 0.5, "twice": 2, "uphill": -1}  # factors of the gradient


def _draw_programs(rng):
    L = int(rng.choice([2, 4, 5, 10]))
    return {"L": L, "lr": round(float(rng.choice([0.7, 0.75, 1.4, 1.5, 1.6])) / L, 4)}


def _by_loss(L, lr):
    def loss(key):
        surface = quadratic(PROGRAMS[key] * L)
        return descend(surface, GradientDescent(lr), [1.0], 20).last[0] ** 2

    return tuple(sorted(PROGRAMS, key=loss))


order_of_faults = Question(
    name="order_of_faults",
    lesson="clinic",
    section="The errata clinic",
    text="Four programs run 20 steps of descent with lr = {lr} on a parabola with curvature "
    "L = {L}. Order them by the loss at the end, lowest first.",
    draw=_draw_programs,
    answer=_by_loss,
    kind=Order(
        {
            "right": "no fault",
            "half": "the gradient is half as large as it should be",
            "twice": "the gradient is twice as large as it should be",
            "uphill": "the gradient has the wrong sign",
        }
    ),
    misconceptions=(
        Misconception(
            "larger steps are always faster",
            lambda L, lr: ("twice", "right", "half", "uphill"),
            "You put the largest step against the gradient first. With a doubled gradient the "
            "factor is 1 − 2·lr·L = {twice}: is its size smaller than that of 1 − lr·L?",
        ),
        Misconception(
            "a short step harms less than a long one",
            lambda L, lr: ("right", "half", "twice", "uphill"),
            "You put the right gradient first, then the halved and then the doubled one. But with "
            "lr·L = {product}, which sizes do 1 − lr·L, 1 − ½·lr·L and 1 − 2·lr·L have?",
        ),
        Misconception(
            "order reversed",
            lambda L, lr: _by_loss(L, lr)[::-1],
            "This is the order from the highest loss to the lowest. Which program belongs first?",
        ),
    ),
    hint="By what factor does each program multiply the distance at each step? The size of this "
    "factor decides.",
    work=lambda L, lr: {key: 1 - c * lr * L for key, c in PROGRAMS.items()} | {"product": lr * L},
    solution="With lr·L = {product}, a step multiplies the distance by {right} with the right "
    "gradient, by {half} with half of it, by {twice} with twice as much, and by {uphill} with the "
    "wrong sign. The smaller the size of the factor, the lower the loss: {answer}.",
)


QUESTIONS = (faults_from_curves, epochs_for_updates, fault_from_values, order_of_faults)
