"""Questions on lesson start-here: what a step size does, before any formula."""

from functools import cache

import numpy as np

from ..checking.questions import Choice, Match, Misconception, Number, Order, Question, exchanged
from ..datasets import digits
from ..descent import descend
from ..optimizers import GradientDescent
from ..problems import Network
from ..surfaces import quadratic

LESSON_L = 25  # the largest curvature of the lesson's valley
NETWORK_STEPS = 12  # later a run with far too large steps depends on every rounding


second_limit = Question(
    name="second_limit",
    lesson="start_here",
    section="Start here",
    text="In another long valley the path starts to jump across when the step size exceeds "
    "{first}. From which step size on does descent in this valley no longer converge?",
    draw=lambda rng: {"first": float(rng.choice([0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25]))},
    answer=lambda first: 2 * first,
    kind=Number(),
    misconceptions=(
        Misconception(
            "jumping across taken for divergence",
            lambda first: first,
            "Above {first} the path jumps across the valley, but each jump can be shorter than the "
            "one before. In the valley of lesson 00, did descent stop converging at the "
            "first jump?",
        ),
        Misconception(
            "one limit for every valley",
            lambda first: 2 / LESSON_L,
            "{lesson_second} is the limit in the valley of lesson 00, where the path starts "
            "to jump across above {lesson_first}. Here it starts above {first}. How are the two "
            "limits of a valley related?",
        ),
        Misconception(
            "same gap instead of same ratio",
            lambda first: first + 1 / LESSON_L,
            "You added {lesson_first}, which is the gap between the limits 1/L and 2/L in the "
            "valley of lesson 00. Another valley has another L. What do 1/L and 2/L have in "
            "common in every valley?",
        ),
    ),
    hint="The scale of step sizes in lesson 00 shows the two limits, 1/L and 2/L. How are "
    "they related?",
    work=lambda first: {"lesson_first": 1 / LESSON_L, "lesson_second": 2 / LESSON_L},
    solution="The path jumps across when the step size exceeds 1/L, so 1/L = {first} in this "
    "valley. Descent no longer converges from 2/L on, which is twice as much: "
    "2 · {first} = {answer}.",
)


def _draw_start(rng):
    return {
        "L": int(rng.choice([20, 25, 40, 50])),
        "product": float(rng.choice([1.6, 1.8, 2.2, 2.4])),
        "times": int(rng.choice([5, 10, 100])),
    }


def _second_run(L, product, times):
    """What the loss does from the second start: "falls", "grows" or "detour"."""
    second = times if product < 2 else 1 / times
    start = [second, second]
    loss = descend(quadratic((1, L)), GradientDescent(product / L), start=start, steps=200).loss
    if loss[-1] < loss[0]:
        return "falls" if np.all(np.diff(loss) < 0) else "detour"
    return "grows"


def _two_runs(L, product, times):
    converges = product < 2
    return {
        "lr": product / L,
        "first": "falls towards its lowest value" if converges else "grows without limit",
        "second": f"{times} times " + ("as far from" if converges else "closer to"),
    }


other_start = Question(
    name="other_start",
    lesson="start_here",
    section="Start here",
    text="In another long valley, every cut through the minimum is a parabola. The loss of a run "
    "with step size {lr} {first}. You keep the step size and start {second} the minimum, in the "
    "same direction from it. What does the loss of this second run do?",
    draw=_draw_start,
    answer=_second_run,
    kind=Choice(
        {
            "falls": "It falls towards its lowest value.",
            "grows": "It grows without limit.",
            "detour": "It grows at first and falls later.",
        }
    ),
    misconceptions=(
        Misconception(
            "limit depends on the start",
            lambda L, product, times: "grows" if product < 2 else "falls",
            "You let the distance of the start decide. When you drag the ball in the picture "
            "of lesson 00, do the two limits on the scale of the step size move?",
        ),
        Misconception(
            "a growing loss falls again later",
            lambda L, product, times: "detour",
            "The second run is the first one on another scale: every distance is multiplied by "
            "the same number. What did the loss of the first run do?",
        ),
    ),
    hint="Does the limit of the step size depend on where the run starts?",
    work=_two_runs,
    solution="Both runs start in the same direction from the minimum, and the slope of a parabola "
    "is proportional to the distance. So the second run is the first one on another scale: every "
    "distance is multiplied by the same number. The loss of the first run {first}, so the loss of "
    "the second run does so as well.",
)


def _draw_order(rng):
    return {
        "L": int(rng.choice([10, 20, 25, 50])),
        "kappa": int(rng.choice([25, 50])),
        "small": float(rng.choice([0.1, 0.2, 0.3])),
        "medium": float(rng.choice([0.8, 0.9])),
        "large": float(rng.choice([1.6, 1.7, 1.8])),
        "beyond": float(rng.choice([2.1, 2.2])),
    }


def _losses(L, kappa, **products):
    """The loss after 100 steps in a valley with curvatures L/κ and L, for each lr·L."""
    valley = quadratic((L / kappa, L))
    return {
        key: descend(valley, GradientDescent(product / L), start=[10.0, 1.0], steps=100).loss[-1]
        for key, product in products.items()
    }


def _ordered(**numbers):
    losses = _losses(**numbers)
    return tuple(sorted(losses, key=losses.get))


step_sizes_by_loss = Question(
    name="step_sizes_by_loss",
    lesson="start_here",
    section="Start here",
    text="In a long valley the path jumps across when the step size exceeds {first}, and descent "
    "diverges above {second}. Four runs begin at the same point, far along the valley. Put their "
    "step sizes in order of the loss after 100 steps, lowest first.",
    draw=_draw_order,
    answer=_ordered,
    kind=Order(
        {
            "small": "{lr_small}",
            "medium": "{lr_medium}",
            "large": "{lr_large}",
            "beyond": "{lr_beyond}",
        }
    ),
    misconceptions=(
        Misconception(
            "small steps arrive first",
            lambda **numbers: ("small", "medium", "large", "beyond"),
            "You put the smallest step size first. A run has only 100 steps: how far along the "
            "valley does it get with the step size {lr_small}, and with larger ones?",
        ),
        Misconception(
            "larger is always faster",
            lambda **numbers: ("beyond", "large", "medium", "small"),
            "You put the largest step size first. Is {lr_beyond} below the limit {second}?",
        ),
        Misconception(
            "jumping across is slower",
            lambda **numbers: ("medium", "small", "large", "beyond"),
            "You put the run that jumps across the valley behind those that do not. The jumps "
            "become shorter, and meanwhile the path advances along the valley. With which step "
            "size does it advance further in one step?",
        ),
    ),
    hint="With which step size does descent diverge? With which of the others does the path "
    "advance fastest along the valley?",
    work=lambda L, kappa, **products: {
        "first": 1 / L,
        "second": 2 / L,
        **{f"lr_{key}": product / L for key, product in products.items()},
        **{f"loss_{key}": v for key, v in _losses(L, kappa, **products).items()},
    },
    solution="The step size {lr_beyond} is above {second}, so its loss grows without limit and it "
    "comes last. The other three converge, and the larger the step size is, the further the path "
    "advances along the valley. After 100 steps their losses are {loss_large:.2g} at {lr_large}, "
    "{loss_medium:.2g} at {lr_medium} and {loss_small:.2g} at {lr_small}.",
)


@cache
def _images():
    """The pixels from −0.5 to 0.5, (600, 64), and the labels, (600,)."""
    data = digits()
    return data["pixels"] / 16 - 0.5, data["label"]


def _draw_network(rng):
    return {
        "weights": int(rng.integers(1000)),
        "small": float(rng.choice([0.02, 0.03, 0.05])),
        "good": float(rng.choice([0.8, 1.0, 1.2])),
        "large": int(rng.choice([8, 10, 12])),
    }


def _network_curves(weights, **step_sizes):
    X, labels = _images()
    network = Network(X[:100], labels[:100], (64, 16, 10), seed=weights)
    return {
        key: descend(network, GradientDescent(lr), steps=NETWORK_STEPS).loss
        for key, lr in step_sizes.items()
    }


network_step_sizes = Question(
    name="network_step_sizes",
    lesson="start_here",
    section="Start here",
    text="A small network learns to read handwritten digits. It is trained three times from the "
    "same start, with three step sizes. Which curve of the loss belongs to which step size?",
    draw=_draw_network,
    kind=Match({"small": "{small}", "good": "{good}", "large": "{large}"}),
    misconceptions=(
        Misconception(
            "small steps learn fastest",
            exchanged("small", "good"),
            "You gave the curve that ends lowest to the step size {small}. Short steps downhill "
            "make the loss smaller each time, but by how much?",
        ),
        Misconception(
            "large steps learn fastest",
            exchanged("good", "large"),
            "You gave the curve that ends lowest to the step size {large}. It is much larger "
            "than the other two. In the valley of lesson 00, what did the loss do when the "
            "step size was far too large?",
        ),
        Misconception(
            "growing loss taken for small steps",
            exchanged("small", "large"),
            "You gave the loss that grows to the smallest step size. Can a very short step "
            "downhill make the loss much larger?",
        ),
    ),
    hint="Very small steps change the loss only a little, and steps that are far too large make it "
    "grow.",
    work=lambda **numbers: {
        "steps": NETWORK_STEPS,
        **{f"end_{key}": losses[-1] for key, losses in _network_curves(**numbers).items()},
    },
    curves=_network_curves,
    solution="With {small} the loss falls slowly, to {end_small:.2f} after {steps} steps. With "
    "{good} it falls to {end_good:.2f}. With {large} the steps go far beyond the places "
    "where the loss is low, and after {steps} steps it is {end_large:.0f}. So the "
    "curves are {answer}.",
)


QUESTIONS = (second_limit, other_start, step_sizes_by_loss, network_step_sizes)
