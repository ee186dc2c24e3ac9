"""The explorer of lesson 12: one step that looks ahead, magnified."""

import numpy as np

from ..descent import descend
from ..formatting import bracketed, significant, vector
from ..live.controls import choice, dragged, integers, slider
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import Momentum, Nesterov
from ..surfaces import quadratic
from ..views import Contours, Crosses, Formula, Line, Lines, Panel, Row, StepZoom, legend_above
from .base import Explorer
from .learner import as_optimizer
from .records import AT_MINIMUM, Shown, Views

STEPS = 60
LANDS = {f"κ = {k}": quadratic((1.0, k), start=[2.0, 1.0]) for k in (5, 25, 100)}
CURVATURES = {"κ = 5": 5, "κ = 25": 25, "κ = 100": 100}  # L, with μ = 1

ahead_question = Prediction(
    question=(
        "Two balls are at the same point of a valley, with the same velocity. This velocity "
        "carries both balls across the bottom of the valley, up the opposite slope. Momentum "
        "evaluates the gradient before this move, Nesterov's method after it. Which ball goes "
        "farther in this direction?"
    ),
    choices=(
        "The ball of momentum.",
        "The ball of Nesterov's method.",
        "They go equally far, because their velocities are equal.",
    ),
    answer="The ball of momentum.",
    because=(
        "Before the move, minus the gradient points forwards, to the bottom. After it, beyond the "
        "bottom, minus the gradient points back. So only Nesterov's method slows down already."
    ),
    about={"land": "κ = 25", "share": 0.5, "beta": 0.8, "step": 3, "w1": 2.0, "w2": 1.0},
    name="ahead",
)


class LookAhead(Explorer):
    """One step of momentum and of Nesterov's method, magnified, and the descents around it."""

    primary = "step"
    redrawn_by = ("land",)
    picture_only = ("w1", "w2")

    def make_controls(self):
        return {
            "land": choice(LANDS, "κ = 25"),
            "share": slider("step size lr, in 1/L", 0.5, 0.02, 2.4, 0.02, 300),
            "beta": slider("β", 0.8, 0.0, 0.99, width=300),
            "step": integers("magnified step t", 2, 1, 40),
            **dragged(2.5, w1=2.0, w2=1.0),
        }

    def buttons(self):
        return {"Nesterov's best": self.take_best}

    def take_best(self):
        """Set lr = 4/(3L + μ) and its β, rounded to the sliders' grids."""
        share, beta = best_for_nesterov(CURVATURES[self.controls["land"].value])
        self.move_to(share=share, beta=beta)

    def draw(self, page, land):
        formula, zoom, map_ = page.panels(
            Line(),
            Row(
                Panel(330, y="one step, magnified", legend=StepZoom.legend, labels="0", width=1.25),
                Panel(330, "w₁", "w₂", ("momentum", "Nesterov")),
            ),
        )
        path = Contours(map_, LANDS[land], page.palette)
        rival = map_.plot([], [], "--", color=page.palette.ball, lw=1.5, zorder=3.5)[0]
        here = map_.plot(
            [], [], "D", color=page.palette.ink, ms=8, mec=page.palette.paper, zorder=8
        )[0]
        legend_above(map_, [rival, path.trail.line], ("momentum", "Nesterov"))
        return Views(
            [Handle(path.trail.ball, self.on_drag("w1", "w2"), "start")],
            zoom=StepZoom(zoom, page.palette),
            path=path,
            extra=Lines(progressive=("rival",), rival=rival, here=here),
            formula=Formula(formula, page.palette),
            yours=Crosses(map_, page.palette, size=5, joined=False, ink=True, every=2),
        )

    def show(self, views, values):
        surface, L = LANDS[values["land"]], CURVATURES[values["land"]]
        lr, beta, t = values["share"] / L, values["beta"], values["step"]
        start = np.array([values["w1"], values["w2"]])
        path = descend(surface, Nesterov(lr, beta), start, STEPS)
        rival = descend(surface, Momentum(lr, beta), start, STEPS)
        views.path.update(path)
        near = np.logical_and.accumulate(np.abs(rival.w).max(axis=1) < 1e3)
        views.extra.rival.set_data(*rival.w[near].T)
        v, there, steps = one_step(path, t)
        w = path.w[t - 1]
        visible = bool(np.abs([w, *steps]).max() < 1e6)
        views.zoom.update(*(steps if visible else np.zeros((3, 2))), w[1] if visible else 0.0)
        views.extra.here.set_data(*(w[:, None] if visible else np.empty((2, 0))))
        views.formula.update(*(velocity_in_numbers(t, beta, v, there) if visible else [""]))
        yours = self.compare(
            views.yours,
            lambda fn: descend(surface, as_optimizer(fn, lr=lr, beta=beta), start, STEPS).w,
            path.w,
        )
        text = describe(path, rival, values)
        if visible and path.start.any():
            text += compare_steps(t, *steps)
        return Shown.along(path, text + yours)


def explore(after=None, mine=None, **values):
    """Explore what Nesterov's look-ahead changes in one step, magnified (lesson 12).

    after: a Prediction to answer or skip first. mine: your nesterov_step(w, v, grad, lr, beta),
    whose path is drawn as crosses. values: first values of the controls: land, "κ = 5", "κ = 25"
    or "κ = 100"; share, the step size in units of 1/L, from 0.02 to 2.4; beta from 0 to 0.99;
    step, the magnified one, from 1 to 40; w1 and w2, the start, from −2.5 to 2.5. Raises
    ValueError for other values.
    """
    return LookAhead(after, mine, **values)


def best_for_nesterov(condition):
    """Step size in units of 1/L, and β, with the smallest share left on a quadratic in the long
    run (Lessard, Recht, Packard 2016, table 1). condition: L/μ."""
    root = np.sqrt(3 * condition + 1)
    return 4 * condition / (3 * condition + 1), (root - 2) / (root + 2)


def one_step(path, t):
    """The velocity before step t of Nesterov's path, its gradient, and three displacements.

    Step t leads from w_{t−1} to w_t, so t is at least 1. Returns v (2,), the gradient at the
    look-ahead point (2,), and the displacements (3, 2) from w_{t−1}: by the velocity alone, of a
    momentum step, and of Nesterov's step.
    """
    lr, beta, grad = path.optimizer.lr, path.optimizer.beta, path.problem.grad
    w = path.w[t - 1]
    v = (path.w[t - 2] - w) / lr if t > 1 else np.zeros(2)
    carried = -lr * beta * v
    there = grad(w + carried)
    return v, there, np.array([carried, carried - lr * grad(w), carried - lr * there])


def velocity_in_numbers(t, beta, v, there):
    """The velocity of the magnified step with its numbers, and shorter texts."""
    new = vector(beta * v + there)
    numbers = f"{beta:.2f} · {vector(v)} + {bracketed(vector(there))} = {new}"
    return (
        f"Step {t}: *v* ← β*v* + ∇*f*(*w* − *lr* · β*v*) = {numbers}",
        f"Step {t}: *v* ← {numbers}",
        f"*v* ← {new}",
    )


def describe(path, rival, values):
    """How the descents of Nesterov and of momentum end."""
    share, beta = values["share"], values["beta"]
    limit, other = (2 + 2 * beta) / (1 + 2 * beta), 2 + 2 * beta
    name = f"With step size {share:.2f}/L and β = {beta:.2f}"
    if not path.start.any():
        return AT_MINIMUM
    if share > limit + 1e-9 and path.start[1]:  # along the valley no step size here is too large
        text = f"{name}, Nesterov diverges, because its stability limit is {limit:.3f}/L"
        if share > other + 1e-9:
            return f"{text}; momentum diverges too, above {other:.3f}/L."
        return f"{text}; that of momentum is {other:.3f}/L."
    with_nesterov, with_momentum = (significant(one.loss[-1], 2) for one in (path, rival))
    return (
        f"{name}, the loss after {STEPS} steps is {with_nesterov} with Nesterov and "
        f"{with_momentum} with momentum."
    )


def compare_steps(t, *displacements):
    """The length of the magnified step with Nesterov and with momentum, as a sentence."""
    carried, before, ahead = (float(np.linalg.norm(step)) for step in displacements)
    if carried < 1e-12 * max(before, 1e-300):
        if t > 1:
            return f" In step {t} the velocity does not move the ball: both take the same step."
        return " In step 1 the velocity is still 0, so both take the same step."
    state = f" From the same point and velocity, step {t} is"
    if np.isclose(ahead, before, rtol=1e-4):
        return f"{state} {significant(ahead, 2)} long with both methods."
    pairs = ((significant(ahead, digits), significant(before, digits)) for digits in range(2, 7))
    size, other = next(pair for pair in pairs if pair[0] != pair[1])
    return f"{state} {size} long with Nesterov and {other} with momentum."
