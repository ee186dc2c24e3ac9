"""The explorer of lesson 13: one step size, one for each coordinate, one for each direction."""

import inspect

import numpy as np

from ..descent import descend
from ..formatting import decimals, percent, plural
from ..formatting import step_size as text
from ..live.controls import choice, dragged, integers, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..newton import Newton
from ..optimizers import GradientDescent
from ..surfaces import quadratic
from ..views import Bowl, Crosses, Formula, Line, LossDuel, Panel, Row
from .base import Explorer
from .learner import ReturnedNothing
from .records import AT_MINIMUM, Shown, Views

CONDITIONS = (1, 2, 3, 5, 10, 25, 50, 100)  # with μ = 1, so each is L as well
STEPS = 40
TOLERANCE = 1e-6  # of the distance at the start
DESCENT, DIAGONAL, NEWTON = "descent", "diagonal", "Newton"

turned_question = Prediction(
    question=(
        "A valley has 25 times as much curvature across as along, and it is turned by 45° against "
        "the axes. Plain descent with its best step size needs 173 steps until a millionth of the "
        "distance to the minimum remains. Now each coordinate of the gradient is divided by the "
        "curvature along its coordinate axis, w₁ or w₂, before the step, again with the best step "
        "size. How many steps does this need?"
    ),
    choices=(
        "One, because each coordinate then has the right step size.",
        "About 40, as with momentum.",
        "About 90, because the steps are twice as long.",
        "173, as before.",
    ),
    answer="173, as before.",
    because=(
        "A valley turned by 45° has the same curvature along both coordinate axes, so both "
        "coordinates are divided by the same number, and this is plain descent again."
    ),
    about={"method": DIAGONAL, "turn": 45, "condition": 25},
    name="turned_valley",
)


class Curvatures(Explorer):
    """A turned valley: descent, the gradient divided by the diagonal of H, or by the whole of H."""

    primary = "turn"
    redrawn_by = ("method",)  # its name is in the legend
    picture_only = ("w1", "w2")

    def make_controls(self):
        return {
            "method": choice((DESCENT, DIAGONAL, NEWTON), description="step"),
            "turn": integers("valley turned by °", 45, 0, 90),
            "condition": stops("condition number κ", CONDITIONS, 25, 300),
            **dragged(2.5, w1=0.4, w2=1.2),
        }

    def draw(self, page, method):
        names = ("descent, best step", method)
        formula, land, loss = page.panels(
            Line(),
            Row(
                Panel(330, "w₁", "w₂", width=6),
                Panel(330, "step", "loss, log scale", names, "10⁻⁶", width=7),
            ),
        )
        bowl = Bowl(land, page.palette, plain=True)
        return Views(
            [Handle(bowl.trail.ball, self.on_drag("w1", "w2"), "start")],
            bowl=bowl,
            losses=LossDuel(loss, STEPS, page.palette, names, 1e-7, 1e3, every=2),
            formula=Formula(formula, page.palette),
            yours=Crosses(land, page.palette, size=6, joined=False, ink=True),
        )

    def show(self, views, values):
        L, angle = values["condition"], np.radians(values["turn"])
        surface = quadratic((1.0, L), angle, [values["w1"], values["w2"]])
        H, B = hessian(L, angle), divisor(values["method"], L, angle)
        plain = descend(surface, GradientDescent(2 / (1 + L)), steps=STEPS)
        path = plain
        if values["method"] != DESCENT:
            path = descend(surface, Newton(lambda w: B), steps=STEPS)
        views.bowl.update(path, L, angle)
        views.losses.update(plain.loss, path.loss)
        views.formula.update(*in_numbers(H))
        yours = self.compare(views.yours, lambda fn: descend_by(fn, surface, B), path.w)
        readout = describe(values["method"], values["turn"], H, B, path.start)
        return Shown.along(path, readout + yours)


def explore(after=None, mine=None, **values):
    """Explore descent, diagonal rescaling and Newton's step in a turned valley (lesson 13).

    after: a Prediction to answer or skip first. mine: your newton_step(w, g, H) or
    rescaled_step(w, g, scale, lr), whose path is drawn as crosses. values: first values of the
    controls: method, "descent", "diagonal" or "Newton"; turn, from 0 to 90 degrees; condition, κ,
    one of 1, 2, 3, 5, 10, 25, 50 and 100; w1 and w2, the start, from −2.5 to 2.5. Raises
    ValueError for other values.
    """
    return Curvatures(after, mine, **values)


def hessian(L, angle):
    """The Hessian (2, 2) of a valley with curvatures 1 and L, turned by an angle in radians."""
    cos, sin = np.cos(angle), np.sin(angle)
    axes = np.array([[cos, sin], [-sin, cos]])
    return axes.T @ np.diag([1.0, L]) @ axes


def divisor(method, L, angle):
    """The matrix (2, 2) that the gradient is divided by: 1/lr on the diagonal, diagonal of H, H."""
    H = hessian(L, angle)
    if method == DESCENT:
        return np.eye(2) * (1 + L) / 2
    return np.diag(np.diag(H)) if method == DIAGONAL else H


def descend_by(fn, surface, B):
    """The points (STEPS + 1, 2) of a learner's newton_step or rescaled_step with this divisor.

    Raises ReturnedNothing where it returns None, or where one number for each coordinate is not
    enough.
    """
    rescaled = len(inspect.signature(fn).parameters) == 4
    if rescaled and abs(B[0, 1]) > 1e-9:
        raise ReturnedNothing("one number for each coordinate is not the whole of H")
    points = [surface.start]
    for _ in range(STEPS):
        w = points[-1].copy()
        g = surface.grad(w)
        w = fn(w, g, np.diag(B).copy(), 1.0) if rescaled else fn(w, g, B.copy())
        if w is None:
            raise ReturnedNothing
        points.append(np.array(w, dtype=float))
    return np.array(points)


def steps_until(H, B, start):
    """Steps until a millionth of the distance remains, and the share that two steps leave.

    In two dimensions, two steps w ← w − B⁻¹Hw multiply every point by the same number, where B is
    diagonal and has the step size 1, the best one, or is H.
    """
    once = np.eye(2) - np.linalg.solve(B, H)
    twice = max(0.0, (once @ once)[0, 0])
    first = np.linalg.norm(once @ start) / np.linalg.norm(start)
    if first <= TOLERANCE:
        return 1, twice
    # to 1 + 1e-9: 0.1⁶ is 1e-6, and not above it
    even, odd = (
        np.ceil(np.log(TOLERANCE * (1 + 1e-9) / left) / np.log(twice)) for left in (1, first)
    )
    return int(min(2 * even, 2 * odd + 1)), twice


def in_numbers(H):
    """The entries of H as a formula, and a shorter way to write it."""
    a, c, b = (decimals(x, 1) for x in (H[0, 0], H[1, 1], H[0, 1]))
    return (
        f"Hessian *H*: the curvatures along the coordinate axes, {a} and {c}, on the diagonal; "
        f"{b} off it",
        f"*H*: diagonal {a} and {c}, off it {b}",
    )


def describe(method, turn, H, B, start):
    """How fast this step is in this valley, turned by so many degrees."""
    if not start.any():
        return AT_MINIMUM
    steps, twice = steps_until(H, B, start)
    if method == NEWTON:
        return (
            "Newton's step divides by the whole of H, so the first step reaches the minimum in the "
            f"valley turned by {turn}°, as in every other."
        )
    a, c = (decimals(x, 1) for x in np.diag(B))
    lr = 1 / B[0, 0]
    if method == DESCENT:
        name = f"In the valley turned by {turn}° plain descent has its best step size, {text(lr)}"
    else:
        name = f"The gradient is divided by {a} along w₁ and by {c} along w₂"
    if twice < 1e-20:
        why = "H is diagonal"
        if method == DESCENT:
            why = "the valley has the same curvature in all directions"
        return f"{name}. As {why}, the first step reaches the minimum."
    same = ""
    if method == DIAGONAL and abs(H[0, 0] - H[1, 1]) < 1e-9:
        same = " The two numbers are equal, so this is plain descent."
    return (
        f"{name}. After every two steps {percent(twice)} of the distance remains; "
        f"{plural(steps, 'step')} reach a millionth of it.{same}"
    )
