"""Room of lesson 10: why look ahead."""

import numpy as np

from ..descent import descend
from ..formatting import vector
from ..live.controls import choice, dragged, integers, slider
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import Momentum, Nesterov, from_function
from ..surfaces import quadratic
from ..views import Contours, LossDuel, StepZoom, axes_at
from .legacy import Formula, LegacyExplorer, Mine

STEPS = 60
LANDS = {f"κ = {k}": quadratic((1.0, k), start=[2.0, 1.0]) for k in (5, 25, 100)}
CURVATURES = {"κ = 5": 5, "κ = 25": 25, "κ = 100": 100}  # L, with μ = 1

ahead_question = Prediction(
    question=(
        "A heavy ball rushes across a valley towards the far wall. Momentum measures the gradient "
        "where the ball is now. Nesterov first carries the ball on by its velocity and measures "
        "there, already up the far wall. How does its next step across the valley compare?"
    ),
    choices=(
        "The same: a gradient is a gradient.",
        "Longer: the ball has more velocity by then.",
        "Shorter: the far wall already pushes back.",
    ),
    answer="Shorter: the far wall already pushes back.",
    because=(
        "Beyond the floor of the valley the gradient points back. Measured a step earlier, it "
        "brakes a step earlier."
    ),
    about={"land": "κ = 25", "share": 0.5, "beta": 0.8, "step": 1},
)


class LookAhead(LegacyExplorer):
    """Momentum and Nesterov from one start, and a single step of both under the glass."""

    height, narrow_height = 470, 900
    primary = "step"
    redrawn_by = ("land",)
    picture_only = ("w1", "w2")

    def __init__(self, after=None, mine=None, **values):
        self.mine = Mine(mine)
        super().__init__(after, **values)

    def make_controls(self):
        return {
            "land": choice(LANDS, "κ = 25"),
            "share": slider("step size lr, in 1/L", 0.5, 0.02, 2.4, 0.02, 300),
            "beta": slider("β", 0.8, 0.0, 0.99, width=300),
            "step": integers("step under the glass", 1, 0, 40),
            **dragged(2.5, w1=2.0, w2=1.0),
        }

    def buttons(self):
        return {"Nesterov's own": self.take_best}

    def take_best(self):
        """Step size 1/L and β = (√κ − 1)/(√κ + 1), rounded to the slider."""
        root = np.sqrt(CURVATURES[self.controls["land"].value])
        self.set(share=1.0, beta=round((root - 1) / (root + 1), 2))

    def draw(self, figure, palette, values):
        left, gap, top = 46, 56, 72
        room = self.width - left - 18
        half = room if self.narrow else (room - gap) // 2
        across, down = (left, top + 424) if self.narrow else (left + half + gap, top)
        land = axes_at(figure, left, top, half, 340, palette, "w₁", "w₂")
        glass = axes_at(figure, across, down + 4, half, 176, palette)
        loss = axes_at(figure, across, down + 238, half, 106, palette, "step", "loss, log scale")
        self.land = Contours(land, LANDS[values["land"]], palette)
        (self.rival,) = land.plot([], [], "--", color=palette.ball, lw=1.5, zorder=3.5)
        (self.here,) = land.plot([], [], "D", color=palette.ink, ms=8, mec=palette.paper, zorder=8)
        self.moving, self.progressive = [self.rival, self.here], {self.rival: 1}
        self.glass = StepZoom(glass, palette)
        self.losses = LossDuel(loss, STEPS, palette, ("momentum", "Nesterov"))
        self.formula = Formula(land, (0, -60), room, palette)
        mine = self.mine.on(land, palette)
        views = [self.land, self, self.glass, self.losses, self.formula, mine]
        return views, [Handle(self.land.trail.ball, self.drag, "start")]

    def drag(self, x, y):
        x, y = np.clip([x, y], -2.5, 2.5)
        self.set(w1=round(float(x), 2), w2=round(float(y), 2))

    def show(self, values):
        surface, L = LANDS[values["land"]], CURVATURES[values["land"]]
        lr, beta, t = values["share"] / L, values["beta"], values["step"]
        start = np.array([values["w1"], values["w2"]])
        path = self.path = descend(surface, Nesterov(lr, beta), start, STEPS)
        rival = descend(surface, Momentum(lr, beta), start, STEPS)
        self.land.update(path)
        seen = np.logical_and.accumulate(np.abs(rival.w).max(axis=1) < 1e3)
        self.rival.set_data(*rival.w[seen].T)
        self.losses.update(rival.loss, path.loss)
        w, g = path.w[t], surface.grad(path.w[t])
        v = (path.w[t - 1] - w) / lr if t else np.zeros(2)
        carried = -lr * beta * v
        there = surface.grad(w + carried)
        before, ahead = carried - lr * g, carried - lr * there
        near = bool(np.abs(np.array([w, before, ahead])).max() < 1e6)
        self.glass.update(*((carried, before, ahead) if near else np.zeros((3, 2))))
        self.here.set_data(*(w[:, None] if near else np.empty((2, 0))))
        self.formula.update(*the_step(t, beta, v, there) if near else [""])
        mine = self.mine.update(lambda fn: _yours(fn, surface, start, lr, beta), path.w)
        steps = before, ahead, carried
        return describe(path, rival, values, L, steps if near else None) + mine

    def each_step(self):
        """w and the loss after every step of Nesterov's."""
        said = "Step {step} of {steps}: w = ({0}, {1}), loss {2:g}."
        return said, np.column_stack([self.path.w, self.path.loss])


def explore(after=None, mine=None, **values):
    """The explorer of lesson 10.

    after: a Prediction to answer or skip first. mine: your nesterov_step(w, v, grad, lr, beta),
    whose path is drawn beside the package's. values: controls to begin with, by name.
    """
    return LookAhead(after, mine, **values)


def _yours(fn, surface, start, lr, beta):
    """The path of a learner's nesterov_step; None where nothing comes back."""
    if fn(start.copy(), np.zeros(2), surface.grad, lr, beta) is None:
        return None
    return descend(surface, from_function(fn, lr=lr, beta=beta), start, STEPS).w


def the_step(t, beta, v, there):
    """The velocity of the step under the glass, with its numbers; and shorter."""
    new = beta * v + there
    v, there, new = (vector(x) for x in (v, there, new))
    numbers = f"{beta:.2f} · {v} + {there} = {new}"
    return (
        f"Step {t + 1}: *v* ← β*v* + ∇*f*(*w* − *lr* · β*v*) = {numbers}",
        f"Step {t + 1}: *v* ← {numbers}",
        f"*v* ← {new}",
    )


def describe(path, rival, values, L, steps):
    """What looking ahead does to the step under the glass, and how both descents end."""
    share, beta, t = values["share"], values["beta"], values["step"]
    border = (2 + 2 * beta) / (1 + 2 * beta)
    name = f"Step size {share:.2f}/L, β {beta:.2f}"
    if share > border + 1e-9:
        end = f"{name}: above (2 + 2β)/(1 + 2β) = {border:.2f}/L, Nesterov diverges"
        fate = (
            " too"
            if share > 2 * (1 + beta) + 1e-9
            else f", momentum only above {2 + 2 * beta:.2f}/L"
        )
        end = f"{end}{fate}."
    elif not path.start.any():
        end = "The start is the minimum: no step moves it."
    else:
        losses = [f"{one.loss[-1]:.2g}" for one in (path, rival)]
        end = (
            f"{name}: after {STEPS} steps the loss is {losses[0]} with Nesterov, {losses[1]} with "
            "momentum."
        )
    if steps is None or not path.start.any():
        return end
    before, ahead, carried = (float(np.linalg.norm(step)) for step in steps)
    if carried < 1e-12 * max(before, 1e-300):
        return f"{end} Step {t + 1} has nothing to carry on yet: both take the same step."
    how = "shorter" if ahead < before * (1 - 1e-9) else "longer"
    if np.isclose(ahead, before, rtol=1e-9):
        how = "as long"
    than = "as" if how == "as long" else "than"
    return (
        f"{end} Step {t + 1} is {ahead:.2g} long, {how} {than} momentum's from the same place, "
        f"{before:.2g}."
    )
