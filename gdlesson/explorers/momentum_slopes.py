"""The second explorer of lesson 11: a convex loss on which momentum may cycle without end."""

import numpy as np

from ..descent import descend
from ..formatting import decimals, significant
from ..live.controls import slider
from ..live.figure import Handle
from ..optimizers import GradientDescent, Momentum
from ..surfaces import THREE_SLOPES
from ..views import SMALL, Column, Crosses, Curve, Lines, Panel, Row, in_sight, legend_above
from .base import Explorer
from .learner import as_optimizer
from .momentum_rates import WIDEST, best_place, exactly
from .records import AT_MINIMUM, Shown, Views

L = 25  # the largest curvature; the smallest is 1
STEPS = 150
SEEN = 21  # of the steps are shown over the steps
PIECES = ((-4, 1, 25), (1, 2, 1), (2, 4, 25))  # from, to, curvature
LEGEND = ("momentum", "plain, lr = 2/26")


class ThreeSlopes(Explorer):
    """The loss and its slope, in three pieces, and the point after each step."""

    primary = "share"

    def make_controls(self):
        return {
            "share": slider("step size lr, in 1/L", best_place(L)["share"], 0.02, WIDEST, 0.02),
            "beta": slider("β", best_place(L)["beta"], 0.0, 0.99, width=400),
            "w1": slider("start w", 3.3, -4.0, 4.0, width=300),
        }

    def buttons(self):
        return {"Best for a bowl": lambda: self.set(**best_place(L))}

    def draw(self, page):
        loss, slope, steps = page.panels(
            Row(
                Column(Panel(152, "", "loss"), Panel(90, "w", "slope of the loss")),
                Panel(280, "step", "w", LEGEND),
            )
        )
        curve = Curve(loss, THREE_SLOPES, page.palette)
        w = np.array([-4, 1, 2, 4.0])
        slope.plot(w, THREE_SLOPES.grad(w[:, None])[:, 0], "-", color=page.palette.ink, lw=1.4)
        slope.set(xlim=loss.get_xlim(), ylim=(-110, 90), yticks=(-50, 0, 50))
        slope.axhline(0, color=page.palette.faint, lw=0.8)
        for ax in (loss, slope):
            for (left, right, curvature), shade in zip(PIECES, (0, 1, 0), strict=True):
                ax.axvspan(left, right, color=page.palette.regimes[shade], lw=0, zorder=0)
                if ax is slope:
                    text = f"curvature {curvature}" if left != 1 else f"{curvature}"
                    ax.annotate(text, ((left + right) / 2, -100), ha="center", va="bottom",
                                fontsize=SMALL, color=page.palette.ink)  # fmt: skip
        over_steps = self._steps(steps, page.palette)
        (dots,) = slope.plot([], [], "o", color=page.palette.path, ms=5, mec=page.palette.paper,
                             mew=0.6, zorder=4)  # fmt: skip
        return Views(
            [Handle(curve.trail.ball, self.on_drag("w1"), "start", "x")],
            path=curve,
            slopes=Lines(("dots",), dots=dots),
            steps=over_steps,
            yours=Crosses(steps, page.palette, 7, joined=False, ink=True),
        )

    def _steps(self, ax, palette):
        """The panel of the points over the steps, as a view of two lines."""
        ax.set(xlim=(-0.02 * SEEN, 1.02 * SEEN), ylim=(-4.2, 4.2), xticks=range(0, SEEN, 5))
        for low, high, shade in ((-4.2, 1, 0), (1, 2, 1), (2, 4.2, 0)):
            ax.axhspan(low, high, color=palette.regimes[shade], lw=0, zorder=0)
        ax.axhline(0, color=palette.ink, lw=0.8, zorder=1)
        (heavy,) = ax.plot([], [], "o-", color=palette.path, lw=1.2, ms=5, mec=palette.paper,
                           mew=0.6, zorder=4)  # fmt: skip
        (plain,) = ax.plot([], [], "s--", color=palette.ball, lw=1.2, ms=4, mec=palette.paper,
                           mew=0.6, zorder=3)  # fmt: skip
        legend_above(ax, [heavy, plain], LEGEND)
        return Lines(("heavy", "plain"), heavy=heavy, plain=plain)

    def show(self, views, values):
        lr, beta = exactly(values["share"], values["beta"], L)
        start = np.array([values["w1"]])
        path = descend(THREE_SLOPES, Momentum(lr, beta), start, STEPS)
        plain = descend(THREE_SLOPES, GradientDescent(2 / (1 + L)), start, SEEN)
        seen = descend(THREE_SLOPES, Momentum(lr, beta), start, SEEN)
        views.path.update(seen)
        with np.errstate(all="ignore"):
            slopes = np.column_stack([seen.w, THREE_SLOPES.grad(seen.w)])
        views.slopes.dots.set_data(*in_sight(slopes, views.slopes.dots.axes).T)
        ax = views.steps.heavy.axes
        for line, one in ((views.steps.heavy, seen), (views.steps.plain, plain)):
            line.set_data(*in_sight(over_steps(one.w), ax).T)
        yours = self.compare(
            views.yours,
            lambda fn: descend(THREE_SLOPES, as_optimizer(fn, lr=lr, beta=beta), start, SEEN).w,
            seen.w,
            over_steps,
        )
        return Shown.along(seen, describe(path, values["share"], values["beta"]) + yours)


def explore(after=None, mine=None, **values):
    """Explore momentum on a convex loss of three parabolas (lesson 11).

    after: a Prediction to answer or skip first. mine: your momentum_step(w, v, g, lr, beta), whose
    points are drawn as crosses. values: first values of the controls: share, the step size in
    units of 1/L, from 0.02 to 4; beta from 0 to 0.99; w1, the start, from −4 to 4. Raises
    ValueError for other values.
    """
    return ThreeSlopes(after, mine, **values)


def over_steps(w):
    """Points (n, 1) as places (n, 2) over their steps."""
    return np.column_stack([np.arange(len(w)), w[:, 0]])


def describe(path, share, beta):
    """Where descent on the three parabolas ends: at the minimum, in a cycle, or nowhere."""
    name, w = f"With step size {share:.2f}/L and β = {beta:.2f}", path.w[:, 0]
    if not np.isfinite(w[-1]) or abs(w[-1]) > 1e3:
        return f"{name} momentum diverges."
    if not w.any():
        return AT_MINIMUM
    if abs(w[-1]) < 1e-3:
        near = np.abs(w) <= 1e-3
        first = STEPS + 1 - int((~near[::-1]).argmax()) if not near.all() else 0
        return (
            f"{name} momentum converges to the minimum. From step {first} on it is "
            "within 0.001 of it."
        )
    for period in (2, 3, 4, 5):
        if np.abs(w[-period:] - w[-2 * period : -period]).max() < 1e-3:
            places = ", ".join(decimals(x) for x in w[-period:])
            return (
                f"{name} momentum ends in the cycle {places} and never converges, although the "
                "loss has only one minimum, at 0."
            )
    end = decimals(w[-1]) if abs(w[-1]) >= 0.005 else significant(w[-1], 1)
    return f"{name} the ball is at {end} after {STEPS} steps, not yet at the minimum 0."
