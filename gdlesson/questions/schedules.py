"""Questions on lesson schedules: how do we choose and change the learning rate?"""

from types import SimpleNamespace

import numpy as np

from ..checking.questions import Match, Misconception, Number, Order, Question, Several, exchanged
from ..descent import descend
from ..optimizers import GradientDescent
from ..schedules import cosine_decay, inverse_decay, step_decay
from ..surfaces import catalogue, quadratic

SECTION = "Long steps first, short steps later"


def _draw_freeze(rng):
    return {
        "start": int(rng.choice([8, 10, 12])),
        "lr": float(rng.choice([0.3, 0.4, 0.5, 0.6])),
        "drop": float(rng.choice([0.5, 0.2, 0.25])),
        "every": int(rng.choice([2, 3, 4, 5])),
    }


def _end_on_slope(start, lr, drop, every):
    """Where step decay leads on |w|; 60 stages are enough for rounding."""
    path = descend(
        catalogue["absolute value"],
        GradientDescent(lr),
        start=[start],
        steps=60 * every,
        schedule=lambda t: step_decay(1.0, t, drop, every),
    )
    return float(path.last[0])


where_it_freezes = Question(
    name="where_it_freezes",
    lesson="schedules",
    section=SECTION,
    text="The slope of |w| is 1 wherever w is positive. Descent on |w| starts at w = {start} with "
    "lr = {lr}. After every {every} updates lr is multiplied by {drop}. Which w does descent "
    "approach, however many updates it makes?",
    draw=_draw_freeze,
    answer=_end_on_slope,
    kind=Number(),
    misconceptions=(
        Misconception(
            "enough updates always reach the minimum",
            lambda start, lr, drop, every: 0,
            "The minimum is at 0, but does descent get there? Each update moves w by lr, and lr "
            "shrinks: what is the sum of all step sizes?",
        ),
        Misconception(
            "each step size used once",
            lambda start, lr, drop, every: start - lr / (1 - drop),
            "You added each step size once. How many updates does descent make with each of them?",
        ),
        Misconception(
            "only the first stage counted",
            lambda start, lr, drop, every: start - lr * every,
            "This is where the first {every} updates lead. How far do the next {every} updates go, "
            "and those after them?",
        ),
    ),
    hint="The slope is 1, so each update moves w by lr. How far do the first {every} updates go, "
    "and how far do all stages go together? The sum 1 + q + q² + … is 1/(1 − q).",
    work=lambda start, lr, drop, every: {"stage": lr * every, "total": lr * every / (1 - drop)},
    solution="The first {every} updates move w by {every} · {lr} = {stage}, and each later stage "
    "by {drop} times as much as the one before. All stages together move it by "
    "{stage}/(1 − {drop}) = {total}. So w approaches {start} − {total} = {answer}.",
)


# T, t, tau, drop and every, such that each misconception changes the order.
DECAYS = (
    *((900, 300, 300, 0.6, 200), (600, 150, 200, 0.7, 80), (1200, 300, 300, 0.6, 160)),
    *((1200, 600, 400, 0.6, 350), (600, 300, 200, 0.6, 160), (600, 400, 100, 0.4, 250)),
    *((600, 400, 200, 0.4, 250), (900, 600, 300, 0.4, 350), (1200, 800, 300, 0.6, 280)),
)


def _draw_decays(rng):
    T, t, tau, drop, every = DECAYS[rng.integers(len(DECAYS))]
    return {"T": T, "t": t, "tau": tau, "drop": drop, "every": every}


def _values(T, t, tau, drop, every):
    """The share of the first step size that each schedule has left at update t."""
    return {
        "cosine": float(cosine_decay(1.0, t, T)),
        "inverse": inverse_decay(1.0, t, tau),
        "step": step_decay(1.0, t, drop, every),
    }


def _descending(change=lambda **numbers: {}):
    """The schedules from the largest to the smallest value, some values replaced."""

    def answer(**numbers):
        values = _values(**numbers) | change(**numbers)
        return tuple(sorted(values, key=values.get, reverse=True))

    return answer


order_of_step_sizes = Question(
    name="order_of_step_sizes",
    lesson="schedules",
    section=SECTION,
    text="Three schedules start with the same step size lr₀ at update 0. Put them in order of "
    "their step size at update {t}, the largest first.",
    draw=_draw_decays,
    answer=_descending(),
    kind=Order(
        {
            "cosine": "cosine decay that reaches 0 at T = {T}",
            "inverse": "1/t decay, lr₀/(1 + t/τ), with τ = {tau}",
            "step": "step decay: multiplied by {drop} after every {every} updates",
        }
    ),
    misconceptions=(
        Misconception(
            "step decay taken as gradual",
            _descending(lambda T, t, tau, drop, every: {"step": drop ** (t / every)}),
            "You let step decay shrink a little at every update. It stays constant between its "
            "drops: how many times has it dropped before update {t}?",
        ),
        Misconception(
            "1/t decay taken as τ/t",
            _descending(lambda T, t, tau, drop, every: {"inverse": tau / t}),
            "You used τ/t for 1/t decay. The formula has a 1 in its denominator: what is "
            "1/(1 + t/τ) at t = {t}?",
        ),
    ),
    hint="Divide each step size by lr₀. Which share has each schedule left at t = {t}?",
    work=lambda **numbers: {
        **{f"at_{name}": value for name, value in _values(**numbers).items()},
        "drops": ("once", "twice")[numbers["t"] // numbers["every"] - 1],
    },
    solution="At update {t} cosine decay has ½(1 + cos(π · {t}/{T})) = {at_cosine} of the first "
    "step size left, and 1/t decay 1/(1 + {t}/{tau}) = {at_inverse}. Step decay has dropped "
    "{drops}, so it has {at_step} left. The order is {answer}.",
)

RUNS, UPDATES, SHORT = 60, 400, 0.02


def _factors(lr):
    """What each schedule multiplies lr by at update t."""
    return {
        "long": lambda t: 1.0,
        "short": lambda t: SHORT / lr,
        "cosine": lambda t: cosine_decay(1.0, t, UPDATES),
        "frozen": lambda t: step_decay(1.0, t, 0.5, 3),
    }


def _schedule_curves(lr, noise):
    """The mean loss of runs on ½w² whose gradients have noise of size 1."""
    surface, curves = quadratic(1.0), {}
    for key, factor in _factors(lr).items():
        drawn = np.random.default_rng(noise).normal(size=(UPDATES, RUNS, 1))
        path = descend(
            surface,
            GradientDescent(lr),
            start=np.full((RUNS, 1), 5.0),
            steps=UPDATES,
            batches=(SimpleNamespace(grad=lambda w, e=e: surface.grad(w) + e) for e in drawn),
            schedule=factor,
        )
        curves[key] = path.loss.mean(axis=1)
    return curves


def _schedule_work(lr, noise):
    frozen = step_decay(lr, np.arange(UPDATES), 0.5, 3)
    return {"runs": RUNS, "short": SHORT, "reach": 6 * lr, "left": float(np.prod(1 - frozen))}


which_schedule = Question(
    name="which_schedule",
    lesson="schedules",
    section=SECTION,
    text="Descent on ½w² starts at w = 5 with noisy gradients. Each curve shows the mean loss of "
    "{runs} runs with one schedule. Which curve belongs to which?",
    draw=lambda rng: {
        "lr": float(rng.choice([0.15, 0.2, 0.25])),
        "noise": int(rng.integers(100_000)),
    },
    kind=Match(
        {
            "long": "constant lr = {lr}",
            "short": "constant lr = {short}",
            "cosine": "cosine decay from lr = {lr} to 0 at the last update",
            "frozen": "lr = {lr} at first, halved after every 3 updates",
        }
    ),
    misconceptions=(
        Misconception(
            "frozen run taken for a noise floor",
            exchanged("frozen", "long"),
            "You exchanged the run that freezes and the one at a high noise floor. At a noise "
            "floor the steps go on: which of the two curves still moves at the end?",
        ),
        Misconception(
            "small constant step taken for cosine decay",
            exchanged("short", "cosine"),
            "You exchanged the small constant step size and cosine decay. Which of the two "
            "starts with long steps, and when does the noise of cosine decay die down?",
        ),
        Misconception(
            "fast decay settles lowest",
            exchanged("frozen", "cosine"),
            "You gave the curve that falls to the end to the schedule that shrinks fastest. All "
            "its step sizes together stay below {reach}: does its loss still fall at the end?",
        ),
    ),
    hint="Which runs begin equally fast? Which of them soon stops moving, which one stays at a "
    "noise floor, and which one leaves it at the end?",
    work=_schedule_work,
    curves=_schedule_curves,
    solution="The step sizes that are halved together stay below {reach}. They leave {left:.2f} "
    "of the distance to the minimum, and then that curve no longer moves. Constant lr = {lr} "
    "stays at a high noise floor, and lr = {short} falls slowly to a low one. Cosine decay first "
    "falls as fast as lr = {lr}, and leaves its noise floor at the end. In the order of the list: "
    "{answer}.",
)

SLOW, BETWEEN, FAST = (0, 0.3, 0.4), (0.6, 0.7, 0.8, 0.9), (1.2, 1.5, 2)  # powers of t


def _draw_powers(rng):
    chosen = {1, *(rng.choice(powers) for powers in (SLOW, BETWEEN, FAST))}
    chosen.add(rng.choice([p for p in (*SLOW, *BETWEEN, *FAST) if p not in chosen]))
    return {f"p{i}": float(p) for i, p in enumerate(sorted(chosen))}


def _that(holds):
    return lambda **powers: frozenset(name for name, p in powers.items() if holds(p))


def _decay_text(p):
    if p == 0:
        return "lr = 0.1"
    return "lr = 0.1/t" if p == 1 else f"lr = 0.1/t^{p:g}"


robbins_monro = Question(
    name="robbins_monro",
    lesson="schedules",
    section=SECTION,
    text="The sum of 1/t^p over t = 1, 2, 3, … is finite where p is above 1, and grows without "
    "end for every other p. Which of these schedules meet both conditions of Robbins and Monro?",
    draw=_draw_powers,
    answer=_that(lambda p: 0.5 < p <= 1),
    kind=Several({f"p{i}": f"{{text{i}}}" for i in range(5)}, shuffled=False),
    misconceptions=(
        Misconception(
            "only the sum of the step sizes",
            _that(lambda p: p <= 1),
            "In all of these the sum of the step sizes grows without end. What do Robbins and "
            "Monro ask of the sum of their squares?",
        ),
        Misconception(
            "only the sum of the squares",
            _that(lambda p: p > 0.5),
            "In all of these the sum of the squares is finite. What do Robbins and Monro ask of "
            "the sum of the step sizes themselves?",
        ),
        Misconception(
            "sum of the step sizes finite",
            _that(lambda p: p > 1),
            "In these the step sizes add up to a finite sum. How far can descent then travel, and "
            "what if the minimum is farther away?",
        ),
        Misconception(
            "only 1/t",
            _that(lambda p: p == 1),
            "You chose 1/t alone. The square of 1/t^p is 1/t^(2p): for which p is the sum of these "
            "squares finite?",
        ),
    ),
    hint="Which sum must grow without end, and which must be finite? The square of 1/t^p is "
    "1/t^(2p).",
    work=lambda **powers: {f"text{name[1:]}": _decay_text(p) for name, p in powers.items()},
    solution="The sum of the step sizes must grow without end, so p must not be above 1. The sum "
    "of their squares, 1/t^(2p) times a constant, must be finite, so 2p must be above 1. Both "
    "hold where p is above ½ and at most 1: {answer}.",
)


QUESTIONS = (where_it_freezes, order_of_step_sizes, which_schedule, robbins_monro)
