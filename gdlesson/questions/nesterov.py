"""Questions on lesson nesterov: why look ahead?"""

from functools import cache

from ..checking.questions import Misconception, Number, Order, Question, Several
from ..descent import descend
from ..optimizers import GradientDescent, Momentum, Nesterov
from ..surfaces import quadratic


def _draw_limit(rng):
    return {
        "limit": float(rng.choice([0.06, 0.08, 0.12, 0.15, 0.18, 0.24, 0.3])),
        "beta": float(rng.choice([0.5, 0.6, 0.7, 0.8, 0.9])),
    }


nesterov_limit_from_momentum = Question(
    name="nesterov_limit_from_momentum",
    lesson="nesterov",
    section="Is it faster?",
    text="On a bowl, momentum with β = {beta} converges for every step size below {limit}, and for "
    "none above it. What is this limit for Nesterov's method with the same β?",
    draw=_draw_limit,
    answer=lambda limit, beta: limit / (1 + 2 * beta),
    kind=Number(),
    misconceptions=(
        Misconception(
            "same limit as momentum",
            lambda limit, beta: limit,
            "{limit} is the limit of momentum. Nesterov's method evaluates the gradient at the "
            "look-ahead, and this changes the limit: how do the two formulas differ?",
        ),
        Misconception(
            "limit of plain descent",
            lambda limit, beta: limit / (1 + beta),
            "This is 2/L, the limit of plain descent on this bowl. What does Nesterov's formula "
            "give for this L and β?",
        ),
        Misconception(
            "usual step size taken for the limit",
            lambda limit, beta: limit / (2 * (1 + beta)),
            "This is 1/L, the step size that is usual for Nesterov's method. At which step size "
            "does the method begin to diverge?",
        ),
    ),
    hint="The limit of momentum is 2(1 + β)/L. Which L does this bowl have, and what follows for "
    "Nesterov's method?",
    work=lambda limit, beta: {"L": 2 * (1 + beta) / limit, "by": 1 + 2 * beta},
    solution="The limit of momentum is 2(1 + β)/L, and that of Nesterov's method is "
    "(2 + 2β)/((1 + 2β)L). So it is smaller by the factor 1 + 2β = {by}, whatever L is: "
    "{limit}/{by} = {answer}.",
)


def _draw_library(rng):
    return {
        "p": int(rng.choice([1, 2, 3, 4])),
        "b": int(rng.choice([-6, -4, 2, 4, 5, 8])),
        "lr": float(rng.choice([0.05, 0.1, 0.2])),
        "beta": float(rng.choice([0.5, 0.6, 0.8, 0.9])),
    }


point_in_our_form = Question(
    name="point_in_our_form",
    lesson="nesterov",
    section="Another way to write it",
    text="A run in PyTorch with nesterov=True, lr = {lr} and β = {beta} is at p = {p}, with the "
    "velocity b = {b}. You continue it with our form of the method, from v = {b}. At which w must "
    "you begin, so that it is the same run?",
    draw=_draw_library,
    answer=lambda p, b, lr, beta: p - Nesterov(lr, beta).look(0.0, b),  # look(w, b) must be p
    kind=Number(tolerance=0.005),
    misconceptions=(
        Misconception(
            "both forms store the same point",
            lambda p, b, lr, beta: p,
            "From w = {p} our form would evaluate the gradient at its look-ahead and not at {p}. "
            "PyTorch's next gradient is the one at p = {p}: which w has its look-ahead there?",
        ),
        Misconception(
            "look-ahead in place of the point itself",
            lambda p, b, lr, beta: p - lr * beta * b,
            "This is the look-ahead of w = {p}. But {p} is a look-ahead already: of which w?",
        ),
        Misconception(
            "look-ahead without β",
            lambda p, b, lr, beta: p + lr * b,
            "You used lr·v for the distance to the look-ahead. By what is the velocity multiplied "
            "before it moves the ball?",
        ),
        Misconception(
            "look-ahead without the step size",
            lambda p, b, lr, beta: p + beta * b,
            "You used βv for the distance to the look-ahead. What turns a velocity into a step?",
        ),
    ),
    hint="Where does each form evaluate its next gradient? The two places must be the same.",
    work=lambda p, b, lr, beta: {"distance": lr * beta * b},
    solution="PyTorch's point is the look-ahead of ours, so p = w − lr·βv. Here lr·βv is "
    "{distance}, so w = p + lr·βv = {answer}. From there both forms evaluate their next gradient "
    "at {p}.",
)


def _draw_valleys(rng):
    return {
        "small": int(rng.choice([4, 9])),
        "large": int(rng.choice([400, 625, 900])),
        "middle": int(rng.choice([144, 196, 256])),
    }


@cache
def _steps(small, large, middle):
    """Key → steps from (1, 1) until a thousandth of the distance to the minimum remains."""
    root = large**0.5
    beta = (root - 1) / (root + 1)
    runs = {
        "small": (small, GradientDescent(2 / (1 + small)), 50),
        "heavy": (large, Momentum(4 / (1 + root) ** 2, beta**2), 250),
        "nesterov": (large, Nesterov(1 / large, beta), 350),
        "middle": (middle, GradientDescent(2 / (1 + middle)), 1000),
    }
    return {
        key: descend(quadratic((1, kappa)), rule, steps=steps).steps_to(1e-3)
        for key, (kappa, rule, steps) in runs.items()
    }


def _fewest_first(**kappas):
    steps = _steps(**kappas)
    return tuple(sorted(steps, key=steps.get))


steps_across_valleys = Question(
    name="steps_across_valleys",
    lesson="nesterov",
    section="Is it faster?",
    text="Four runs start at (1, 1) in valleys with curvatures 1 and κ. Order them by the steps "
    "they need until a thousandth of the distance to the minimum remains, the fewest first.",
    draw=_draw_valleys,
    answer=_fewest_first,
    kind=Order(
        {
            "small": "κ = {small}: plain descent at its best step size",
            "heavy": "κ = {large}: momentum at its best step size and β",
            "nesterov": "κ = {large}: Nesterov's method with lr = 1/L, β = (√κ − 1)/(√κ + 1)",
            "middle": "κ = {middle}: plain descent at its best step size",
        }
    ),
    misconceptions=(
        Misconception(
            "steps grow like κ for all methods",
            lambda **kappas: ("small", "middle", "heavy", "nesterov"),
            "You put the smaller κ before the larger one for all methods. For plain descent the "
            "number of steps grows like κ: how does it grow for the other two?",
        ),
        Misconception(
            "method counts and κ does not",
            lambda **kappas: ("heavy", "nesterov", "small", "middle"),
            "You put momentum and Nesterov's method before plain descent in every valley. How many "
            "steps does plain descent need where κ is only {small}?",
        ),
        Misconception(
            "Nesterov's method is always ahead",
            lambda **kappas: ("small", "nesterov", "heavy", "middle"),
            "You put Nesterov's method before momentum in the same valley. Which of them needs "
            "fewer steps on a bowl whose curvatures are known?",
        ),
    ),
    hint="Compare κ for plain descent with √κ for the other two. Which of these two is faster on a "
    "bowl whose curvatures are known?",
    work=lambda **kappas: (
        {f"{key}_steps": steps for key, steps in _steps(**kappas).items()}
        | {"root": kappas["large"] ** 0.5}
    ),
    solution="The number of steps grows like κ for plain descent, and like √κ = {root} for the "
    "other two, of which momentum needs fewer on a bowl. Counted, plain descent needs "
    "{small_steps} steps for κ = {small} and {middle_steps} for κ = {middle}, momentum "
    "{heavy_steps} and Nesterov's method {nesterov_steps}. So the order is {answer}.",
)


def _draw_paths(rng):
    return {
        "L": int(rng.choice([4, 6, 8])),
        "slope": int(rng.choice([2, 3, 5, 7])),
        "steps": int(rng.choice([2, 3, 4])),
        "beta": float(rng.choice([0.5, 0.8, 0.9])),
    }


class _Line:
    """The loss slope·w, which has the same gradient everywhere."""

    def __init__(self, slope):
        self.slope = slope

    def grad(self, w):
        return 0 * w + self.slope


def _same_end(L, slope, steps, beta):
    """The cases in which momentum and Nesterov's method, from w = 1, end at the same point."""
    cases = {
        "first": (quadratic(L), 1, beta),
        "several": (quadratic(L), steps, beta),
        "line": (_Line(slope), 10, beta),
        "memoryless": (quadratic(L), 10, 0.0),
    }
    ends = {
        key: [descend(f, rule(0.1, b), [1.0], count).last[0] for rule in (Momentum, Nesterov)]
        for key, (f, count, b) in cases.items()
    }
    return frozenset(key for key, (one, other) in ends.items() if abs(one - other) < 1e-12)


same_path_as_momentum = Question(
    name="same_path_as_momentum",
    lesson="nesterov",
    section="Say it in symbols",
    text="Momentum and Nesterov's method start at w = 1 with v = 0, lr = 0.1 and the same β. In "
    "which cases do they end at the same point?",
    draw=_draw_paths,
    answer=_same_end,
    kind=Several(
        {
            "first": "on f(w) = {half}w², with β = {beta}, after 1 step",
            "several": "on f(w) = {half}w², with β = {beta}, after {steps} steps",
            "line": "on f(w) = {slope}w, with β = {beta}, after 10 steps",
            "memoryless": "on f(w) = {half}w², with β = 0, after 10 steps",
        }
    ),
    misconceptions=(
        Misconception(
            "same only without memory",
            lambda **numbers: frozenset({"memoryless"}),
            "With β = 0 they are the same, but not only then. What does the look-ahead change "
            "where v = 0, or where the gradient is the same everywhere?",
        ),
        Misconception(
            "look-ahead at v = 0 overlooked",
            lambda **numbers: frozenset({"line", "memoryless"}),
            "One case is missing. Where is the look-ahead in the very first step, when v = 0?",
        ),
        Misconception(
            "constant gradient overlooked",
            lambda **numbers: frozenset({"first", "memoryless"}),
            "One case is missing. What does it change to evaluate the gradient at another point, "
            "where all points have the same gradient?",
        ),
        Misconception(
            "same start, same path",
            lambda **numbers: frozenset({"first", "several", "line", "memoryless"}),
            "The methods share the start, lr and β, but not the place of the gradient. In which "
            "case are the two gradients different?",
        ),
    ),
    hint="The methods differ only in where the gradient is evaluated: at w or at w − lr·βv. In "
    "which cases does this give the same gradient at every step?",
    work=lambda L, **rest: {"half": L // 2},
    solution="They differ only in where the gradient is evaluated, at w or at w − lr·βv. With "
    "β = 0, and in the first step, where v = 0, this is the same point; on {slope}w all points "
    "have the same gradient, {slope}. From the second step on, the gradients on {half}w² differ. "
    "So the answer is {answer}.",
)


QUESTIONS = (
    nesterov_limit_from_momentum,
    point_in_our_form,
    steps_across_valleys,
    same_path_as_momentum,
)
