"""The explorer of lesson 12: momentum that looks ahead."""

import numpy as np

from ..descent import descend
from ..formatting import bracketed, significant, vector
from ..live.controls import choice, dragged, integers, slider
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import Momentum, Nesterov
from ..surfaces import quadratic
from ..views import Column, Contours, Crosses, Formula, Line, Lines, LossDuel, Panel, Row, StepZoom
from .base import Explorer
from .learner import as_optimizer
from .records import AT_MINIMUM, Shown, Views

STEPS = 60
LANDS = {f"κ = {k}": quadratic((1.0, k), start=[2.0, 1.0]) for k in (5, 25, 100)}
CURVATURES = {"κ = 5": 5, "κ = 25": 25, "κ = 100": 100}  # L, with μ = 1

ahead_question = Prediction(
    question=(
        "A ball with momentum crosses a valley and approaches the opposite slope. Momentum "
        "evaluates the gradient where the ball is now. Nesterov first moves the ball by its "
        "velocity and evaluates the gradient there, already on the opposite slope. How does "
        "Nesterov's next step across the valley compare?"
    ),
    choices=(
        "It is the same, because a gradient is a gradient.",
        "It is longer, because the ball has more velocity by then.",
        "It is shorter, because the opposite slope already slows the ball down.",
    ),
    answer="It is shorter, because the opposite slope already slows the ball down.",
    because=(
        "Beyond the bottom of the valley, minus the gradient points back. Nesterov evaluates it "
        "one velocity further on, so it slows the ball down earlier."
    ),
    about={"land": "κ = 25", "share": 0.5, "beta": 0.8, "step": 1},
    name="ahead",
)


class LookAhead(Explorer):
    """Momentum and Nesterov from one start, and one step of both, magnified."""

    primary = "step"
    redrawn_by = ("land",)
    picture_only = ("w1", "w2")

    def make_controls(self):
        return {
            "land": choice(LANDS, "κ = 25"),
            "share": slider("step size lr, in 1/L", 0.5, 0.02, 2.4, 0.02, 300),
            "beta": slider("β", 0.8, 0.0, 0.99, width=300),
            "step": integers("magnified step", 1, 0, 40),
            **dragged(2.5, w1=2.0, w2=1.0),
        }

    def buttons(self):
        return {"Nesterov's own": self.take_best}

    def take_best(self):
        """Set lr = 1/L and β = (√κ − 1)/(√κ + 1), rounded to the slider's grid."""
        root = np.sqrt(CURVATURES[self.controls["land"].value])
        self.set(share=1.0, beta=round((root - 1) / (root + 1), 2))

    def draw(self, page, land):
        names = ("momentum", "Nesterov")
        formula, map_, zoom, loss = page.panels(
            Line(),
            Row(
                Panel(340, "w₁", "w₂"),
                Column(
                    Panel(176, y="one step, magnified", legend=StepZoom.legend, labels=""),
                    Panel(106, "step", "loss, log scale", names, labels="10⁻¹²"),
                ),
            ),
        )
        path = Contours(map_, LANDS[land], page.palette)
        rival = map_.plot([], [], "--", color=page.palette.ball, lw=1.5, zorder=3.5)[0]
        here = map_.plot(
            [], [], "D", color=page.palette.ink, ms=8, mec=page.palette.paper, zorder=8
        )[0]
        return Views(
            [Handle(path.trail.ball, self.on_drag("w1", "w2"), "start")],
            path=path,
            extra=Lines(progressive=("rival",), rival=rival, here=here),
            zoom=StepZoom(zoom, page.palette),
            losses=LossDuel(loss, STEPS, page.palette, names),
            formula=Formula(formula, page.palette),
            yours=Crosses(map_, page.palette),
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
        views.losses.update(rival.loss, path.loss)
        v, there, steps = one_step(path, t)
        visible = bool(np.abs([path.w[t], *steps]).max() < 1e6)
        views.zoom.update(*(steps if visible else np.zeros((3, 2))))
        views.extra.here.set_data(*(path.w[t][:, None] if visible else np.empty((2, 0))))
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
    """Explore what Nesterov's look-ahead changes, next to momentum (lesson 12).

    after: a Prediction to answer or skip first. mine: your nesterov_step(w, v, grad, lr, beta),
    whose path is drawn as crosses. values: first values of the controls: land, "κ = 5", "κ = 25"
    or "κ = 100"; share, the step size in units of 1/L, from 0.02 to 2.4; beta from 0 to 0.99;
    step, the magnified one, from 0 to 40; w1 and w2, the start, from −2.5 to 2.5. Raises
    ValueError for other values.
    """
    return LookAhead(after, mine, **values)


def one_step(path, t):
    """The velocity before step t of Nesterov's path, its gradient, and three displacements.

    Returns v (2,), the gradient at the look-ahead point (2,), and the displacements (3, 2) from
    w_t: by the velocity alone, of a momentum step, and of Nesterov's step.
    """
    lr, beta, grad = path.optimizer.lr, path.optimizer.beta, path.problem.grad
    w = path.w[t]
    v = (path.w[t - 1] - w) / lr if t else np.zeros(2)
    carried = -lr * beta * v
    there = grad(w + carried)
    return v, there, np.array([carried, carried - lr * grad(w), carried - lr * there])


def velocity_in_numbers(t, beta, v, there):
    """The velocity of the magnified step with its numbers, and shorter texts."""
    new = vector(beta * v + there)
    numbers = f"{beta:.2f} · {vector(v)} + {bracketed(vector(there))} = {new}"
    return (
        f"Step {t + 1}: *v* ← β*v* + ∇*f*(*w* − *lr* · β*v*) = {numbers}",
        f"Step {t + 1}: *v* ← {numbers}",
        f"*v* ← {new}",
    )


def describe(path, rival, values):
    """How the descents of Nesterov and of momentum end."""
    share, beta = values["share"], values["beta"]
    limit, other = (2 + 2 * beta) / (1 + 2 * beta), 2 + 2 * beta
    name = f"With step size {share:.2f}/L and β = {beta:.2f}"
    if not path.start.any():
        return AT_MINIMUM
    if share > limit + 1e-9:
        text = f"{name}, Nesterov diverges, because its stability limit is {limit:.2f}/L"
        if share > other + 1e-9:
            return f"{text}; momentum diverges too, above {other:.2f}/L."
        return f"{text}; the limit of momentum is {other:.2f}/L."
    with_nesterov, with_momentum = (significant(one.loss[-1], 2) for one in (path, rival))
    return (
        f"{name}, the loss after {STEPS} steps is {with_nesterov} with Nesterov and "
        f"{with_momentum} with momentum."
    )


def compare_steps(t, *displacements):
    """The length of the magnified step with Nesterov and with momentum, as a sentence."""
    carried, before, ahead = (float(np.linalg.norm(step)) for step in displacements)
    if carried < 1e-12 * max(before, 1e-300):
        return f" In step {t + 1} the velocity is still 0, so both take the same step."
    size, other = significant(ahead, 2), significant(before, 2)
    if np.isclose(ahead, before, rtol=1e-9):
        return f" Step {t + 1} has the length {size}, the same as momentum's from the same place."
    how = "shorter" if ahead < before else "longer"
    return (
        f" Step {t + 1} has the length {size}, so it is {how} than momentum's from the same place, "
        f"{other}."
    )
