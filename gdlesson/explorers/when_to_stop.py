"""The second explorer of lesson 02: when a descent stops, on an ordinary and on a log axis."""

import numpy as np

from ..descent import descend
from ..formatting import plural
from ..live.controls import choice, powers, slider, stops
from ..live.figure import Handle
from ..optimizers import GradientDescent
from ..surfaces import catalogue
from ..views import Column, Crosses, Curve, Lines, Panel, Row, Threshold
from .base import Explorer
from .learner import LearnerText
from .one_step import THREE_POINTS, short, size
from .records import Shown, Views

LOSSES = {  # name → surface, its formula over w; smallest, first and largest step size
    "three points": (THREE_POINTS, "2(w − 1)² + 2/3", (0.01, 0.1, 0.6)),
    "plateau": (catalogue["plateau"], "w²/(1 + w²)", (0.1, 0.5, 3.0)),
    "two valleys": (catalogue["quartic"], "w⁴ − 3w² + w", (0.005, 0.02, 0.25)),
}
STEPS = [0, 1, 2, 3, 5, 10, 20, 30, 50, 100, 200]


class WhenToStop(Explorer):
    """A descent that stops at a small gradient or after so many steps; its gradient on two axes."""

    primary = "tol"
    redrawn_by = ("loss", "steps")
    adapts_to = ("loss",)
    picture_only = ("w",)
    learner_text = LearnerText("end point", mark="a cross")

    def make_controls(self):
        return {
            "loss": choice(LOSSES),
            "tol": powers("tolerance tol", 1e-3, -4, 0, 0.25, readout_format=".1g"),
            "lr": slider("step size lr", 0.1, 0.01, 0.6, width=320),
            "steps": stops("at most steps", STEPS, 30, 320),
            "w": slider("start w", 2.0, -1.0, 3.0),
        }

    def adapt(self, before, after):
        surface, _, (smallest, first, largest) = LOSSES[after["loss"]]
        low, high = surface.domain[0]
        digits = ".3f" if smallest < 0.01 else ".2f"
        lr = {"min": smallest, "max": largest, "step": smallest, "readout_format": digits}
        return {
            "lr": {**lr, "value": first},
            "w": {"min": low, "max": high, "value": float(surface.start[0])},
        }

    def draw(self, page, loss, steps):
        surface, formula, _ = LOSSES[loss]
        land, ordinary, log = page.panels(
            Row(
                Panel(300, "w", f"loss f(w) = {formula}", width=5, labels="−0.0"),
                Column(
                    Panel(85, "", "size of the gradient, ordinary axis", labels="10⁻³"),
                    Panel(125, "step", "size of the gradient, log axis", labels="10⁻³"),
                    width=5,
                ),
            )
        )
        top = 10 ** np.ceil(np.log10(steepest(surface)))
        slopes = Threshold(log, steps, page.palette, (1e-5, top))
        return Views(
            [
                Handle((path := Curve(land, surface, page.palette)).trail.ball,
                       self.on_drag("w"), "start", "x"),
                Handle(slopes.knob, self.on_drag(y="tol"), "tolerance tol", "y"),
            ],
            path=path,
            ordinary=on_ordinary_axis(ordinary, surface, steps, page.palette),
            slopes=slopes,
            yours=Crosses(land, page.palette, size=13, joined=False),
        )  # fmt: skip

    def show(self, views, values):
        surface, lr, tol = LOSSES[values["loss"]][0], values["lr"], values["tol"]
        path, stopped = run(surface, np.array([values["w"]]), lr, tol, values["steps"])
        with np.errstate(all="ignore"):  # a path may diverge
            w, g = path.w[:, 0], surface.grad(path.w)[:, 0]
            views.path.update(path)
        views.slopes.update(np.abs(g), tol)
        seen, end = np.abs(g)[: len(views.slopes.measured.get_xdata())], views.slopes.last
        views.ordinary.measured.set_data(np.arange(len(seen)), seen)
        views.ordinary.threshold.set_data([-0.02 * end, 1.02 * end], [tol, tol])
        yours = self.compare(
            views.yours,
            lambda fn: [fn(one_number(surface), float(w[0]), lr, tol, values["steps"])],
            [[w[-1], path.steps]],
            lambda end: np.column_stack([end[:, 0], surface.f(end[:, :1])]),
        )
        return Shown(
            describe(surface, path, g, lr, tol, stopped) + yours,
            "Step {step} of {steps}: w = {0}, gradient {1:g}, loss {2:g}.",
            np.column_stack([w, g, path.loss]),
        )


def explore(after=None, mine=None, **values):
    """Explore when a descent stops, and its gradients on an ordinary and on a log axis (lesson 02).

    after: a Prediction to answer or skip first. mine: your descend_until(grad, w, lr, tol,
    max_steps), whose end point is drawn as a cross. values: first values of the controls: loss,
    "three points", "plateau" or "two valleys"; tol, the gradient at which to stop, from 1e-4 to 1;
    lr, from 0.01 to 0.6, 0.1 to 3 and 0.005 to 0.25 on these; steps, at most, one of 0, 1, 2, 3,
    5, 10, … 200; w, the start, from −1 to 3, −5 to 5 and −2 to 2. Raises ValueError for other
    values.
    """
    return WhenToStop(after, mine, **values)


def on_ordinary_axis(ax, surface, steps, palette):
    """The sizes of the gradient, and the one at which to stop, on an ordinary axis."""
    last, largest = max(1, steps), steepest(surface)
    ax.set(xlim=(-0.02 * last, 1.02 * last), ylim=(-0.04 * largest, 1.04 * largest))
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.grid(axis="y")
    (threshold,) = ax.plot([], [], "--", color=palette.ball, lw=1.8, zorder=3)
    (measured,) = ax.plot(
        [], [], "o-", color=palette.path, lw=1.4, ms=4.5, mec=palette.paper, mew=0.6, zorder=4
    )
    return Lines(["measured"], threshold=threshold, measured=measured)


def steepest(surface):
    """The largest size of the gradient in the picture of a loss."""
    return np.abs(surface.grad(np.linspace(*surface.domain[0], 401)[:, None])).max()


def run(surface, start, lr, tol, most):
    """Descend until the size of the gradient is at most tol: the Path, and why it ended.

    Like `descend_until`, it ends as well after `most` steps ("budget") or where the gradient is no
    finite number ("diverged"); otherwise the reason is "small".
    """
    with np.errstate(all="ignore"):
        whole = descend(surface, GradientDescent(lr), start, most)
        slope = np.abs(surface.grad(whole.w)[:, 0])
        ends = np.flatnonzero((slope <= tol) | ~np.isfinite(slope))
        taken = int(ends[0]) if ends.size else most
        why = (
            "small"
            if slope[taken] <= tol
            else "budget"
            if np.isfinite(slope[taken])
            else "diverged"
        )
        return descend(surface, GradientDescent(lr), start, taken), why


def one_number(surface):
    """The gradient of a surface over one weight as a function of a number."""

    def grad(w):
        with np.errstate(all="ignore"):  # a descent may diverge
            return float(surface.grad(np.array([w], dtype=float))[0])

    return grad


def describe(surface, path, g, lr, tol, why):
    """Why the run stopped, after how many steps, and the loss there."""
    w, loss, lowest = path.last[0], path.loss[-1], float(surface.f(surface.minima[0]))
    name, steps = f"step size {size(lr)}", plural(path.steps, "step")
    slope = f"the size of the gradient is {short(abs(g[-1]))}"
    if why == "small" and path.steps == 0:
        text = f"At w = {short(w)} {slope}, which is at most {tol:.2g}, so no step is taken."
    elif why == "small":
        text = (
            f"With {name} the run stops after {steps}, because {slope}, which is at most {tol:.2g}."
            f" Here w = {short(w)} and the loss is {short(loss)}."
        )
    elif why == "diverged":
        return (
            f"With {name} the steps are too long. After {steps} the gradient is no longer a "
            "finite number, so the run ends."
        )
    elif loss > path.loss[0]:
        return (
            f"With {name} the steps are too long: the loss grew from {short(path.loss[0])} to "
            f"{short(loss)} in {steps}, as many as are allowed."
        )
    else:
        text = (
            f"With {name} the run ends after {steps}, as many as are allowed, although {slope}. "
            f"Here w = {short(w)} and the loss is {short(loss)}."
        )
    if loss - lowest > 0.1 * max(1.0, abs(lowest)):
        text += f" The lowest loss is {short(lowest)}, at w = {short(surface.minima[0, 0])}."
    return text
