"""Questions on lesson schedules: how do we choose and change the learning rate?"""

from types import SimpleNamespace

import numpy as np

from ..checking.questions import Match, Misconception, Number, Order, Question, Several, exchanged
from ..descent import descend
from ..optimizers import GradientDescent
from ..problems import LinearRegression
from ..schedules import cosine_decay, inverse_decay, step_decay
from ..surfaces import catalogue, quadratic

SECTION = "Long steps first, short steps later"
LIMITS = "Which schedules can reach the minimum?"


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
    section=LIMITS,
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
    section=LIMITS,
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


def _lr_at(low, high, steps, lowest):
    return low * (high / low) ** (lowest / steps)


rate_in_a_test = Question(
    name="rate_in_a_test",
    lesson="schedules",
    section="Explore",
    text="In a learning-rate range test of {steps} steps, lr is multiplied by the same number at "
    "every step. It grows from {low:g} at step 0 to {high:g} at step {steps}. The loss is lowest "
    "at step {lowest}. You take a tenth of the learning rate there. Which one is it?",
    draw=lambda rng: {
        "low": float(rng.choice([1e-5, 1e-4, 1e-3])),
        "high": float(rng.choice([1.0, 10.0])),
        "steps": int(rng.choice([100, 200])),
        "lowest": int(rng.choice([60, 70, 80, 90])),
    },
    answer=lambda **numbers: _lr_at(**numbers) / 10,
    kind=Number(),
    misconceptions=(
        Misconception(
            "grows by equal amounts",
            lambda low, high, steps, lowest: (low + (high - low) * lowest / steps) / 10,
            "You added the same amount at every step. Here lr is multiplied by the same number: "
            "which share of the powers of ten is passed at step {lowest}?",
        ),
        Misconception(
            "the lowest place itself",
            lambda **numbers: _lr_at(**numbers),
            "This is the learning rate at step {lowest} itself. Which part of it do you take?",
        ),
        Misconception(
            "the end of the test",
            lambda low, high, steps, lowest: high / 10,
            "You took a tenth of the last learning rate. Which one was used at step {lowest}?",
        ),
    ),
    hint="From {low:g} to {high:g} lr is multiplied by {ratio:g} in all. After {lowest} of {steps} "
    "steps it has been multiplied by {ratio:g} to the power {lowest}/{steps}.",
    work=lambda **numbers: {
        "ratio": numbers["high"] / numbers["low"],
        "there": _lr_at(**numbers),
    },
    solution="At step {lowest} the learning rate is {low:g} · {ratio:g}^({lowest}/{steps}) = "
    "{there}. A tenth of it is {answer}.",
)


def _draw_parabola(rng):
    return {
        "L": int(rng.choice([4, 5, 8, 10])),
        "w": int(rng.choice([2, 3])),
        "lr": float(rng.choice([1.0, 2.0])),
        "shrink": float(rng.choice([0.5, 0.6, 0.7, 0.8])),
        "c": float(rng.choice([0.2, 0.3, 0.4])),
    }


def _first_below(limit, lr, shrink):
    while lr > limit * (1 + 1e-12):
        lr *= shrink
    return lr


def _accepted(L, w, lr, shrink, c):
    """On a parabola the loss is on or below the line up to 2(1 − c)/L."""
    return _first_below(2 * (1 - c) / L, lr, shrink)


accepted_step_size = Question(
    name="accepted_step_size",
    lesson="schedules",
    section="Try before you step",
    text="Backtracking on the loss ½ · {L} · w² starts at w = {w}. The first step size is {lr}, "
    "shrink is {shrink} and c is {c}. Which step size is accepted?",
    draw=_draw_parabola,
    answer=_accepted,
    kind=Number(),
    misconceptions=(
        Misconception(
            "any fall is enough",
            lambda L, w, lr, shrink, c: _first_below(2 / L, lr, shrink),
            "With this step size the loss falls, but by less than c · lr · g². Up to which lr is "
            "the fall lr · (1 − lr · L/2) · g² at least c · lr · g²?",
        ),
        Misconception(
            "one shrink too many",
            lambda **numbers: numbers["shrink"] * _accepted(**numbers),
            "You shrank once more than is needed. Does the step size before this one meet the "
            "condition?",
        ),
        Misconception(
            "the largest step size allowed",
            lambda L, w, lr, shrink, c: 2 * (1 - c) / L,
            "This is the largest step size that meets the condition. Only the first step size and "
            "what shrinking makes of it are tried: which of them is the first at most as large?",
        ),
        Misconception(
            "shrinks until 1/L",
            lambda L, w, lr, shrink, c: _first_below(1 / L, lr, shrink),
            "You stopped at the first step size of at most 1/L. The condition holds up to "
            "2(1 − c)/L: which step size meets it first?",
        ),
    ),
    hint="On a parabola the loss falls by lr · (1 − lr · L/2) · g². This is at least c · lr · g² "
    "if lr is at most 2(1 − c)/L. Which of the step sizes that are tried is the first one below?",
    work=lambda L, w, lr, shrink, c: {"limit": 2 * (1 - c) / L},
    solution="The condition holds for step sizes of at most 2(1 − {c})/{L} = {limit}. From {lr} "
    "on, each step size tried is {shrink} times the one before, and the first one that is small "
    "enough is {answer}.",
)

ROWS, PASSES = 20, 3


def _rows(rows):
    """x, y and the best line of two groups of examples, one after the other; x has variance 2."""
    rng = np.random.default_rng(rows)
    x = rng.normal(size=ROWS)
    x = (x - x.mean()) / x.std() * 2**0.5
    y = x + 2.0 * (np.arange(ROWS) < ROWS // 2) + 0.3 * rng.normal(size=ROWS)
    return x, y


def _eight_curves(small, near, above, far, rows):
    """The loss above its minimum; L is 4, the curvatures are 4 and 2."""
    x, y = _rows(rows)
    problem, steps = LinearRegression(x, y), ROWS * PASSES
    best = problem.closed_form()
    start = best + np.array([0.5, 3.0])
    singles = [problem.on([i]) for i in range(ROWS)]
    rng = np.random.default_rng(rows)
    shuffled = [singles[i] for _ in range(PASSES) for i in rng.permutation(ROWS)]
    freeze = {"schedule": lambda t: step_decay(1.0, t, 0.5, 2)}
    runs = {
        "small": (small / 4, {}),
        "good": (0.2 / 4, {}),
        "near": (near / 4, {}),
        "above": (above / 4, {}),
        "far": (far / 4, {}),
        "frozen": (0.5 / 4, freeze),
        "shuffled": (0.2 / 4, {"batches": iter(shuffled)}),
        "ordered": (0.2 / 4, {"batches": iter([*singles] * PASSES)}),
    }
    curves = {}
    for key, (lr, more) in runs.items():
        path = descend(problem, GradientDescent(lr), start=start, steps=steps, **more)
        away = path.w - best
        curves[key] = 2 * away[:, 0] ** 2 + away[:, 1] ** 2
    return curves


eight_curves = Question(
    name="eight_curves",
    lesson="schedules",
    section="What a loss curve tells",
    text="Eight runs of 60 steps fit a line to the same 20 examples, from the same start. L is the "
    "largest curvature of the loss. The curves show the loss above its minimum. Which curve "
    "belongs to which run?",
    draw=lambda rng: {
        "small": float(rng.choice([0.01, 0.02])),
        "near": float(rng.choice([1.95, 1.96, 1.97])),
        "above": float(rng.choice([2.04, 2.05, 2.06])),
        "far": float(rng.choice([2.5, 2.7, 3.0])),
        "rows": int(rng.integers(100_000)),
    },
    kind=Match(
        {
            "small": "all examples, lr = {small}/L",
            "good": "all examples, lr = 0.2/L",
            "near": "all examples, lr = {near}/L",
            "above": "all examples, lr = {above}/L",
            "far": "all examples, lr = {far}/L",
            "frozen": "all examples, lr = 0.5/L, halved after every 2 steps",
            "shuffled": "one example a step, shuffled, lr = 0.2/L",
            "ordered": "one example a step, sorted in two groups, lr = 0.2/L",
        }
    ),
    misconceptions=(
        Misconception(
            "too small and almost too large",
            exchanged("small", "near"),
            "You exchanged the smallest step size and the one just below the limit. In flat "
            "directions a large step size is fast: which of the two curves falls fast at first?",
        ),
        Misconception(
            "a little and far above the limit",
            exchanged("above", "far"),
            "You exchanged the two step sizes above 2/L. Which of the two curves grows faster?",
        ),
        Misconception(
            "just below and just above the limit",
            exchanged("near", "above"),
            "You exchanged the step sizes just below and just above 2/L. Which of the two curves "
            "grows in the end?",
        ),
        Misconception(
            "order of the examples",
            exchanged("shuffled", "ordered"),
            "You exchanged the two runs with one example a step. In the sorted order almost "
            "the same wave returns in every pass of 20 steps: which curve shows it?",
        ),
        Misconception(
            "frozen run taken for a noise floor",
            exchanged("frozen", "shuffled"),
            "You exchanged the frozen run and the noise floor. At a noise floor the steps go on: "
            "which of the two curves still jumps at the end?",
        ),
    ),
    hint="Which curves grow, and how fast? Which of the others jump, which one becomes "
    "level, and which of the smooth ones falls fast?",
    curves=_eight_curves,
    solution="Above 2/L the loss grows: fast at {far}/L, and slowly at {above}/L, where the flat "
    "direction comes down first. At {near}/L the loss falls fast at first and slowly later; at "
    "{small}/L it is slow from the start. The run with halved step sizes freezes. Single examples "
    "jump: around a noise floor when shuffled, in returning waves when sorted. In the order of the "
    "list: {answer}.",
)


QUESTIONS = (
    *(rate_in_a_test, accepted_step_size, where_it_freezes, order_of_step_sizes),
    *(which_schedule, robbins_monro, eight_curves),
)
