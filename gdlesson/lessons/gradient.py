"""Room of lesson 04: which way is down on a surface."""

from dataclasses import replace

import numpy as np

from ..controls import dragged, integers, slider, stops
from ..descent import descend
from ..exercise import Convention, Exercise, Mistake
from ..explorer import Explorer
from ..live import Handle
from ..mine import Mine
from ..optimizers import GradientDescent
from ..prediction import Prediction
from ..probes import Call, named
from ..saying import number, percent, plural
from ..surfaces import quadratic
from ..views import Bowl, Distances, Factors, Formula, axes_at
from .step_size import first_step

CONDITIONS = (1, 2, 3, 5, 7, 10, 15, 25, 40, 60, 100)  # with μ = 1, so each is L as well
STEPS = 30
END = 2.2  # of the step sizes, in units of 1/L
GRID = 0.025  # of their slider
WAYS = ("along the valley", "across it")
VALLEY = quadratic((1.0, 25.0), start=[2.0, 1.0], name="valley ½(w₁² + 25w₂²)")

downhill_question = Prediction(
    question=(
        "The ball stands at (2, 1) on the slope of a long valley, which bends 25 times as much "
        "across as along. The minimum is at (0, 0). Where does minus the gradient point?"
    ),
    choices=(
        "Straight at the minimum.",
        "Along the valley, the way its floor goes down.",
        "Along the line of equal loss through the ball.",
        "At a right angle to the line of equal loss through the ball.",
    ),
    answer="At a right angle to the line of equal loss through the ball.",
    because=(
        "Along that line nothing changes, and straight away from it the loss falls fastest. Here "
        "this is nearly across the valley, 59° beside the way to the minimum."
    ),
    about={"condition": 25, "turn": 0, "w1": 2.0, "w2": 1.0},
)


class Gradient(Explorer):
    """A bowl from above: minus the gradient, the path, and what each direction keeps a step."""

    height, narrow_height = 460, 900
    main = "share"
    refits = ("condition",)
    hidden = ("w1", "w2")
    shown = 25  # the condition number of the picture so far
    left, best = None, False  # the share `adapt` left, and whether the best one is meant

    def __init__(self, after=None, mine=None, **values):
        self.mine = Mine(mine)
        super().__init__(after, **values)

    def make_controls(self):
        return {
            "condition": stops("condition number κ", CONDITIONS, 25, 330),
            "turn": integers("turned by °", 0, 0, 90, 5, 250),
            "share": slider("step size lr, in 1/L", 1.75, GRID, END, GRID, readout_format=".3f"),
            **dragged(2.5, w1=2.0, w2=1.0),
        }

    def buttons(self):
        return {"Best step size": self.take_best}

    def take_best(self):
        self.set(share=best_share(self.controls["condition"].value))

    def adapt(self, name):
        """A step size that was the best stays the best."""
        share = self.controls["share"]
        if self.left is None or not np.isclose(share.value, self.left):  # it was moved since
            self.best = np.isclose(share.value, best_share(self.shown))
        if self.best:
            share.value = best_share(self.controls["condition"].value)
        self.left = share.value

    def draw(self, figure, palette, values):
        left, gap = 46, 60
        room = self.width - left - 18
        half = room if self.narrow else (room - gap) // 2
        across, down, tall = (left, 506, 350) if self.narrow else (left + half + gap, 76, 338)
        land = axes_at(figure, left, 76, half, tall, palette, "w₁", "w₂")
        keeps = axes_at(
            figure, across, down, half, 116, palette, "step size", "one step keeps |1 − lr·c|"
        )
        left_over = axes_at(figure, across, down + 190, half, 148, palette, "step", "distance left")
        self.bowl = Bowl(land, palette)
        self.factors = Factors(keeps, palette, END)
        self.distances = Distances(left_over, WAYS, STEPS, palette)
        self.formula = Formula(land, (0, -62), room, palette)
        views = [self.bowl, self.factors, self.distances, self.formula, self.mine.on(land, palette)]
        return views, [Handle(self.bowl.trail.ball, self.drag, "start")]

    def drag(self, x, y):
        x, y = np.clip([x, y], -2.5, 2.5)
        self.set(w1=round(float(x), 2), w2=round(float(y), 2))

    def show(self, values):
        condition = self.shown = values["condition"]
        curvatures, lr = np.array([1.0, condition]), step_size(condition, values["share"])
        angle, start = np.radians(values["turn"]), [values["w1"], values["w2"]]
        surface = quadratic(curvatures, angle, start)
        path = self.path = descend(surface, GradientDescent(lr), steps=STEPS)
        factors = 1 - lr * curvatures
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        u = turn @ path.w.T
        u[np.abs(u) < 1e-9] = 0  # less is rounding, of a ball on an axis that is turned
        there = u[:, 0] != 0
        with np.errstate(under="ignore"):
            predicted = np.abs(factors[:, None]) ** np.arange(STEPS + 1)
        self.distances.update(
            [np.abs(row / row[0]) if row[0] else [] for row in u],
            [row if moves else [] for row, moves in zip(predicted, there, strict=True)],
        )
        self.bowl.update(path, condition, angle)
        self.factors.update(condition, lr * condition)
        self.formula.update(*first_step(path, lr))
        mine = self.mine.update(lambda fn: _descend_by(fn, surface, lr), path.w)
        return describe(curvatures, lr, u[:, 0]) + mine

    def each_step(self):
        """w, and the angle between minus the gradient and the way to the minimum."""
        aims = "Minus the gradient points {2:g}° beside the minimum."
        w = self.path.w
        beside = beside_the_minimum(self.path.problem.grad(w), w)
        said = f"Step {{step}} of {{steps}}: w = ({{0}}, {{1}}). {aims}"
        return said, np.column_stack([w, np.round(beside, 1)])


def _descend_by(fn, surface, lr):
    """The points of the same descent, its slopes measured by a learner's numerical_gradient."""
    if fn(surface.f, surface.start.copy(), 1e-5) is None:
        return None
    measured = replace(surface, grad=lambda w: fn(surface.f, w.copy(), 1e-5))
    return descend(measured, GradientDescent(lr), steps=STEPS).w


def explore(after=None, mine=None, **values):
    """The explorer of lesson 04.

    after: a Prediction to answer or skip first. mine: your numerical_gradient(f, w, h), with which
    the same descent is run and drawn beside the package's. values: controls to begin with, by name.
    """
    return Gradient(after, mine, **values)


def best_share(condition):
    """The place on the slider, lr·L, that stands for the best step size."""
    return round(best_step(1, condition) * condition / GRID) * GRID


def step_size(condition, share):
    """lr = share/L for μ = 1 and L = condition; the place nearest to the best one is the best one.

    A browser's slider knows only the places of its grid, and 2/(μ+L) lies on none of them.
    """
    best = np.isclose(share, best_share(condition))
    return best_step(1, condition) if best else share / condition


def beside_the_minimum(g, w):
    """The angle in degrees between minus the gradient and the way to a minimum at 0.

    g, w: (..., 2). Where g is 0 it is 0.
    """
    sine = g[..., 0] * w[..., 1] - g[..., 1] * w[..., 0]
    return np.degrees(np.arctan2(np.abs(sine), (g * w).sum(axis=-1)))


def steps_needed(factors, u, share=1e-6):
    """The first step at which the distance of (u₁, u₂) is at most this share of the start's.

    u: (2,), the start along each direction; factors: (2,), what a step leaves of it, below 1.
    """
    low, high = 0, 1
    while np.hypot(*(u * np.abs(factors) ** high)) > share * (1 + 1e-9) * np.hypot(*u):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        left = np.hypot(*(u * np.abs(factors) ** middle))
        low, high = (middle, high) if left > share * (1 + 1e-9) * np.hypot(*u) else (low, middle)
    return high


def describe(curvatures, lr, u):
    """Where minus the gradient points, and what the step size does along each direction."""
    if not u.any():
        return "The start is the minimum: the gradient is 0 there, and no step moves it."
    return f"{_aims(curvatures, u)} {_goes(curvatures, lr, u)}"


def _aims(curvatures, u):
    if curvatures[0] == curvatures[1]:
        return "In a round bowl minus the gradient points at the minimum from everywhere."
    if not u.all():
        return "On an axis of the bowl minus the gradient points at the minimum."
    beside = beside_the_minimum(curvatures * u, u)
    beside = f"{beside:.0f}°" if beside >= 0.5 else "less than 1°"
    return f"Minus the gradient points {beside} beside the minimum."


def _goes(curvatures, lr, u):
    name, L = f"Step size {number(lr)}", curvatures[1]
    factors = np.where(u != 0, 1 - lr * curvatures, 0.0)
    worst = np.abs(factors).max()
    one = curvatures[0] == L
    across = "" if one else " across the valley"
    if worst > 1 + 1e-9:
        return (
            f"{name} is above 2/L = {number(2 / L)}: it diverges, the distance{across} grows by "
            f"{100 * (worst - 1):.2g} % a step."
        )
    if worst > 1 - 1e-9:
        return f"{name} is 2/L: it jumps from wall to wall{across} and back, for ever."
    if worst < 1e-9:
        return f"{name} is 1/{'L' if u[1] else 'μ'}: one step lands in the minimum."
    steps = plural(steps_needed(factors, u), "step")
    end = f"{steps} leave a millionth of the distance."
    along, steep = (_share(abs(factor)) for factor in factors)
    turns = ", from side to side" if factors[1] < -1e-9 else ""
    if one or not u.all():
        where = "" if one else f" {WAYS[0]}" if u[0] else across
        return (
            f"{name}: each step keeps {along if u[0] else steep} of the distance{where}; "
            f"{steps} leave a millionth."
        )
    if np.isclose(lr, best_step(*curvatures), rtol=1e-9):
        return f"{name} is the best, 2/(μ+L): each step keeps {along} in both directions; {end}"
    flat = abs(factors[0]) > abs(factors[1])
    return (
        f"{name}: each step keeps {steep} across the valley{turns}, and {along} along it. The "
        f"steep direction sets the border 2/L = {number(2 / L)}"
        f"{', the flat one pays' if flat else ' and is the slower one'}: {end}"
    )


def _share(factor):
    return percent(factor) if factor > 1e-9 else "nothing"


# --- exercises: the reference first, then what goes wrong


def numerical_gradient(f, w, h=1e-5):
    g = np.zeros(len(w))
    for i in range(len(w)):
        e = np.zeros(len(w))
        e[i] = h
        g[i] = (f(w + e) - f(w - e)) / (2 * h)
    return g


def _gradient_probes():
    twisted = named(
        "w₀³ + w₀w₁ + 2w₁²", lambda w: w[..., 0] ** 3 + w[..., 0] * w[..., 1] + 2 * w[..., 1] ** 2
    )
    three = named("w₀w₁w₂ + e^w₂", lambda w: w[..., 0] * w[..., 1] * w[..., 2] + np.exp(w[..., 2]))
    one = named("w₀³", lambda w: w[..., 0] ** 3)
    return [
        Call(twisted, np.array([1.0, 2.0]), 0.1, atol=1e-10),
        Call(twisted, np.array([-1.5, 0.3]), 0.01, atol=1e-10),
        Call(one, np.array([0.7]), 0.2, note="one coordinate", atol=1e-10),
        Call(three, np.array([1.2, -0.5, 0.9]), 0.3, atol=1e-10),
        Call(twisted, np.array([3, -2]), 0.5, note="a point of whole numbers", atol=1e-10),
    ]


def _each(quotient):
    """The gradient whose coordinates are quotient(f, w, e, h), e the step along one axis."""

    def form(f, w, h=1e-5):
        return np.array([quotient(f, w, e, h) for e in h * np.eye(len(w))])

    return form


def _together(f, w, h=1e-5):
    return (f(w + h) - f(w - h)) / (2 * h) * np.ones(len(w))


def _not_put_back(forward):
    def form(f, w, h=1e-5):
        u, g = np.array(w, dtype=float), np.zeros(len(w))
        for i in range(len(w)):
            before = f(u)
            u[i] += h
            ahead = f(u)
            if not forward:
                u[i] -= 2 * h
                before = f(u)
            g[i] = (ahead - before) / (h if forward else 2 * h)
        return g

    return form


def _whole(f, w, h=1e-5):
    g = np.zeros(len(w))
    for i in range(len(w)):
        ahead, behind = np.array(w), np.array(w)
        ahead[i] += h if ahead.dtype.kind == "f" else int(h)
        behind[i] -= h if ahead.dtype.kind == "f" else int(h)
        g[i] = (f(ahead) - f(behind)) / (2 * h)
    return g


def _whole_cut(f, w, h=1e-5):
    """As `_whole`, with numbers cut after h was added or taken away."""
    g = np.zeros(len(w))
    for i in range(len(w)):
        ahead, behind = np.array(w), np.array(w)
        ahead[i], behind[i] = ahead[i] + h, behind[i] - h
        g[i] = (f(ahead) - f(behind)) / (2 * h)
    return g


def _last_only(f, w, h=1e-5):
    return np.eye(len(w))[-1] * numerical_gradient(f, w, h)


def _results_cut(f, w, h=1e-5):
    g = np.zeros_like(w)
    g[:] = numerical_gradient(f, w, h)
    return g


GRADIENT_MISTAKES = [
    Mistake(
        "forward difference",
        _each(lambda f, w, e, h: (f(w + e) - f(w)) / h),
        "One look, to the side where each coordinate grows: forward differences. Their error "
        "shrinks with h, the central ones' with h². With {given} you get {got} for {expected}.",
    ),
    Mistake(
        "backward difference",
        _each(lambda f, w, e, h: (f(w) - f(w - e)) / h),
        "Each coordinate is compared with its lower side only: backward differences. What would "
        "a look to the other side as well do to the error?",
    ),
    Mistake(
        "all coordinates at once",
        (
            _together,
            lambda f, w, h=1e-5: (f(w + h) - f(w)) / h * np.ones(len(w)),
            lambda f, w, h=1e-5: _together(f, w, h)[0],
        ),
        "With {given} every coordinate moves at the same time, so one number comes out for all "
        "of them. A partial derivative moves one and holds the others: which line chooses it?",
    ),
    Mistake(
        "not divided by the width",
        _each(lambda f, w, e, h: (f(w + e) - f(w - e)) / h),
        "Twice the gradient: the direction is right and the length is not. How far apart are the "
        "two points you compare?",
    ),
    Mistake(
        "brackets",
        (
            _each(lambda f, w, e, h: (f(w + e) - f(w - e)) / 2 * h),
            _each(lambda f, w, e, h: f(w + e) - f(w - e) / (2 * h)),
            _each(lambda f, w, e, h: (f(w + e) - f(w)) / 2 * h),
        ),
        "With {given} you get {got} for {expected}. Read the quotient aloud as Python does, from "
        "left to right and division before difference: what is divided by what?",
    ),
    Mistake(
        "uphill is downhill",
        _each(lambda f, w, e, h: (f(w - e) - f(w + e)) / (2 * h)),
        "This is the direction of descent already: every sign is turned round. The gradient "
        "itself points uphill; the step takes care of the rest.",
    ),
    Mistake(
        "only the rise",
        (
            _each(lambda f, w, e, h: f(w + e) - f(w - e)),
            _each(lambda f, w, e, h: f(w + e) - f(w)),
        ),
        "Those are rises, which go to 0 with h. A slope is rise over run: what is the run?",
    ),
    Mistake(
        "coordinate not put back",
        (_not_put_back(True), _not_put_back(False)),
        "Right in the first coordinate, then it drifts: the shift of one coordinate is still "
        "there when the next one is measured. Where does each begin afresh?",
    ),
    Mistake(
        "whole numbers",
        (_whole, _whole_cut),
        "Right for a point like (1.0, 2.0) and wrong for (3, −2): adding a small h to an array of "
        "whole numbers changes nothing, or too much. What type should the moved point have?",
    ),
    Mistake(
        "h is ignored",
        tuple(
            lambda f, w, h=1e-5, k=k: numerical_gradient(f, np.array(w, float), k)
            for k in (1e-3, 1e-4, 1e-5, 1e-6)
        ),
        "A good gradient, and the same one for every h: the spacing that is passed in is not used.",
    ),
    Mistake(
        "only one coordinate",
        (
            _last_only,
            lambda f, w, h=1e-5: np.eye(len(w))[0] * numerical_gradient(f, w, h),
        ),
        "One coordinate is right and the others are 0. Does your loop get to all of them, and "
        "does each result keep its place?",
    ),
    Mistake(
        "summed up",
        (
            lambda f, w, h=1e-5: np.sum(numerical_gradient(f, w, h)),
            lambda f, w, h=1e-5: np.linalg.norm(numerical_gradient(f, w, h)),
        ),
        "One number came out. A gradient has one for each coordinate: they must stay apart.",
    ),
    Mistake(
        "returns in the loop",
        lambda f, w, h=1e-5: numerical_gradient(f, w, h)[0],
        "One number comes back, the slope along the first coordinate: the function is over "
        "before the others are measured. Where does your return stand?",
    ),
    Mistake(
        "results cut to whole numbers",
        _results_cut,
        "Right for a point like (1.0, 2.0) and wrong for (3, −2): there your g holds whole numbers "
        "only, and each slope is cut when it is stored. Where does g get its type from?",
    ),
    Mistake(
        "moved by 1",
        (
            _each(lambda f, w, e, h: (f(w + e / h) - f(w - e / h)) / (2 * h)),
            _each(lambda f, w, e, h: (f(w + e / h) - f(w)) / h),
        ),
        "With {given} you get {got} for {expected}: each coordinate is moved by 1 and the rise is "
        "divided as if it had moved by h. How long is the vector you add to w?",
    ),
    Mistake(
        "measured at 0",
        _each(lambda f, w, e, h: (f(e) - f(-e)) / (2 * h)),
        "The same gradient comes out wherever w is: the steps are taken around 0. What should e "
        "be added to?",
    ),
    Mistake(
        "half the gradient",
        _each(lambda f, w, e, h: (f(w + e) - f(w - e)) / (4 * h)),
        "The direction is right and every number is half of what it should be. How often is the "
        "rise divided by 2?",
    ),
    Mistake(
        "no sign",
        _each(lambda f, w, e, h: abs(f(w + e) - f(w - e)) / (2 * h)),
        "No slope of yours is below 0, so every direction seems to climb. Which part of your line "
        "takes the sign away?",
    ),
    Mistake(
        "normalised",
        lambda f, w, h=1e-5: (
            numerical_gradient(f, w, h) / np.linalg.norm(numerical_gradient(f, w, h))
        ),
        "The direction is right, and its length is always 1. How steep it is has been divided "
        "away.",
    ),
    Convention(
        "five points",
        _each(
            lambda f, w, e, h: (f(w - 2 * e) - 8 * f(w - e) + 8 * f(w + e) - f(w + 2 * e)) / 12 / h
        ),
        "This is the five-point formula, more exact than asked: its error shrinks with h⁴. Ours "
        "takes two points a coordinate, (f(w + e) − f(w − e)) / (2h), with h² in the error.",
    ),
]


def best_step(mu, L):
    return 2 / (mu + L)


def _two(k):
    return lambda mu, L: k(float(mu), float(L))


BEST_MISTAKES = [
    Mistake(
        "one over L",
        _two(lambda mu, L: 1 / L),
        "1/L is safe and never crosses the valley, but the flat direction crawls: 1 − 1/κ is left "
        "each step. A longer step lets the steep direction overshoot a little. By how much?",
    ),
    Mistake(
        "the largest step",
        _two(lambda mu, L: 2 / L),
        "That is the border: along the steep direction the ball jumps from wall to wall for ever. "
        "Which step treats both directions alike?",
    ),
    Mistake(
        "one over mu",
        (_two(lambda mu, L: 1 / mu), _two(lambda mu, L: 2 / mu)),
        "That step suits the flat direction alone; the steep one is thrown out of the valley. "
        "Both curvatures have a say.",
    ),
    Mistake(
        "one over the sum",
        _two(lambda mu, L: 1 / (mu + L)),
        "Half of the best step: with {given} you get {got}, and {expected} is still safe. For "
        "which lr are 1 − lr·μ and lr·L − 1 equal?",
    ),
    Mistake(
        "mean of two steps",
        (
            _two(lambda mu, L: (1 / mu + 1 / L) / 2),
            _two(lambda mu, L: (mu + L) / (2 * mu * L)),
            _two(lambda mu, L: 2 / mu + 2 / L),
            _two(lambda mu, L: 1 / mu + 1 / L),
        ),
        "A mean of the two directions' own steps is ruled by the flat one, which allows far too "
        "much. Balance the factors, not the steps.",
    ),
    Mistake(
        "upside down",
        (
            _two(lambda mu, L: (mu + L) / 2),
            _two(lambda mu, L: mu + L),
            _two(lambda mu, L: 2 * (mu + L)),
        ),
        "This grows with the curvatures: steeper walls would allow longer steps. Try the slider; "
        "is that so?",
    ),
    Mistake(
        "the factor, not the step",
        (
            _two(lambda mu, L: (L - mu) / (L + mu)),
            _two(lambda mu, L: (L / mu - 1) / (L / mu + 1)),
        ),
        "That is what the best step leaves of the distance, (κ − 1)/(κ + 1). Which step leads to "
        "it?",
    ),
    Mistake(
        "geometric mean",
        (
            _two(lambda mu, L: 1 / np.sqrt(mu * L)),
            _two(lambda mu, L: 2 / np.sqrt(mu * L)),
        ),
        "With {given} you get {got} for {expected}: that is built on the geometric mean of the "
        "curvatures. The factors 1 − lr·c are straight lines in c; which mean balances those?",
    ),
    Mistake(
        "heavy ball's step",
        _two(lambda mu, L: 4 / (np.sqrt(mu) + np.sqrt(L)) ** 2),
        "That is the best step of heavy-ball momentum, which comes in lesson 09. Plain descent "
        "has no velocity to balance with.",
    ),
    Mistake(
        "difference for sum",
        _two(lambda mu, L: 2 / (L - mu)),
        "The closer the two curvatures, the longer your step, without end: for a round bowl it "
        "would be infinite. What joins the two below the line?",
    ),
    Mistake(
        "brackets",
        (_two(lambda mu, L: 2 / mu + L), _two(lambda mu, L: 1 / mu + L)),
        "With {given} you get {got}, not {expected}: a division binds before a sum. What belongs "
        "below the line?",
    ),
    Mistake(
        "a factor of 2",
        (_two(lambda mu, L: 4 / (mu + L)), _two(lambda mu, L: 1 / (2 * (mu + L)))),
        "The sum is right and the number above it is not: with {given} you get {got} for "
        "{expected}. For which lr are 1 − lr·μ and lr·L − 1 equal?",
    ),
    Mistake(
        "product for sum",
        (_two(lambda mu, L: 2 / (mu * L)), _two(lambda mu, L: 1 / (mu * L))),
        "Make both curvatures ten times as large: the best step is ten times shorter, and yours a "
        "hundred times. What joins the two below the line?",
    ),
    Mistake(
        "condition number",
        (
            _two(lambda mu, L: L / mu),
            _two(lambda mu, L: mu / L),
            _two(lambda mu, L: 2 * mu / (mu + L)),
            _two(lambda mu, L: 2 * L / (mu + L)),
        ),
        "That is a ratio of the curvatures, which has no unit: make the hill twice as steep and "
        "it stays. A step size halves then.",
    ),
]

EXERCISES = [
    Exercise(
        name="numerical_gradient",
        signature="numerical_gradient(f, w, h=1e-5)",
        reference=numerical_gradient,
        mistakes=GRADIENT_MISTAKES,
        probes=_gradient_probes,
        hints=[
            "For each coordinate, move that one alone by h, up and down, and compare the heights.",
            "A vector of zeros with h in place i moves coordinate i: w + e and w − e.",
            "g[i] is (f(w + e) − f(w − e)) / (2h). Make e afresh for every i.",
        ],
    ),
    Exercise(
        name="best_step",
        signature="best_step(mu, L)",
        reference=best_step,
        mistakes=BEST_MISTAKES,
        probes=lambda: [Call(1.0, 25.0), Call(0.01, 30.0), Call(3, 4), Call(2.5, 100)],
        hints=[
            "Along a direction of curvature c each step keeps |1 − lr·c| of the distance.",
            "A longer step helps the flat direction until the steep one becomes the slower.",
            "Best is where 1 − lr·μ and lr·L − 1 are equal: solve that for lr.",
        ],
    ),
]
