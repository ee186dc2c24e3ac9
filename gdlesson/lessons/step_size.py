"""Room of lesson 03: why descent crawls, overshoots or blows up."""

import numpy as np

from ..controls import choice, dragged, slider, stops
from ..descent import descend
from ..exercise import Exercise, Mistake
from ..explorer import Explorer
from ..live import Handle
from ..mine import Mine
from ..optimizers import GradientDescent
from ..prediction import Prediction
from ..probes import Call, named
from ..saying import number, percent, plural, vector
from ..surfaces import quadratic
from ..views import Contours, Curve, Formula, LossOverSteps, RegimeStrip, axes_at

PARABOLA = quadratic(10.0, start=[2.0], name="parabola 5w²")
VALLEY = quadratic((1.0, 25.0), start=[2.0, 1.0], name="valley ½(w₁² + 25w₂²)")
LANDSCAPES = {  # name → surface, its curvatures, a first step size
    "parabola": (PARABOLA, np.array([10.0]), 0.05),
    "valley": (VALLEY, np.array([1.0, 25.0]), 0.02),
}
# A browser's slider knows only the places of its grid: 1/L, 2/L and the best step are on it.
GRID = {"parabola": (1 / 1000, ".3f"), "valley": (1 / 1300, ".4f")}

overshoot_question = Prediction(
    question=(
        "The ball starts at 2.0 on the parabola f(w) = 5w². With step size 0.05 it was within "
        "0.3 of the bottom after three steps. What happens at 0.21?"
    ),
    choices=(
        "It comes down the same side, about four times faster.",
        "It lands at the bottom in one step.",
        "It crosses the valley at each step and comes home.",
        "It crosses the valley at each step, and each jump is longer than the last.",
    ),
    answer="It crosses the valley at each step, and each jump is longer than the last.",
    because=(
        "One step multiplies w by 1 − 0.21 · 10 = −1.1: the sign turns, and the distance grows "
        "by 10 %."
    ),
    about={"landscape": "parabola", "lr": 0.21},
)


class StepSize(Explorer):
    """A step size on a parabola or a valley: the path, its loss, and the regime it is in."""

    main = "lr"
    redraws = ("landscape", "steps")
    hidden = ("w1", "w2")

    def __init__(self, after=None, mine=None, **values):
        self.mine = Mine(mine)
        super().__init__(after, **values)

    def make_controls(self):
        steps = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1000]
        return {
            "landscape": choice(LANDSCAPES),
            "lr": slider("step size lr", 0.05, 0.001, 0.3, 0.001, readout_format=".3f"),
            "steps": stops("steps", steps, 30, 220),
            **dragged(2.5, w1=2.0, w2=1.0),
        }

    def buttons(self):
        return {"Best step size": lambda: self.set(lr=best_step(self.curvatures()))}

    def curvatures(self):
        return LANDSCAPES[self.controls["landscape"].value][1]

    def adapt(self, name):
        if name == "landscape":
            surface, curvatures, first = LANDSCAPES[self.controls["landscape"].value]
            lr = self.controls["lr"]
            lr.step, lr.readout_format = GRID[self.controls["landscape"].value]
            lr.min, lr.max, lr.value = 0, 3 / curvatures.max(), first
            lr.min = lr.step
            start = (*surface.start, 1.0)
            self.controls["w1"].value, self.controls["w2"].value = start[:2]

    def draw(self, figure, palette, values):
        surface, curvatures, _ = LANDSCAPES[values["landscape"]]
        left, gap = 46, 56
        room = self.width - left - 18
        half = room if self.narrow else (room - gap) // 2
        across, down = (left, 480) if self.narrow else (left + half + gap, 136)
        flat = values["landscape"] == "parabola"
        names = ("w", "loss f(w) = 5w²") if flat else ("w₁", "w₂")
        strip = axes_at(figure, left, 24, room, 26, palette)
        land = axes_at(figure, left, 136, half, 256, palette, *names)
        loss = axes_at(figure, across, down, half, 256, palette, "step", "loss, log scale")
        self.landscape = (Curve if flat else Contours)(land, surface, palette)
        self.loss = LossOverSteps(loss, values["steps"], palette)
        self.strip = RegimeStrip(strip, curvatures.max(), palette)
        self.formula = Formula(strip, (0, 62), room, palette)
        ball = self.landscape.trail.ball
        mine = self.mine.on(land, palette)
        views = [self.landscape, self.loss, self.strip, self.formula, mine]
        return views, [Handle(ball, self.drag, "start", "x" if flat else "xy")]

    def drag(self, x, y):
        flat = self.controls["landscape"].value == "parabola"  # there y is the loss, not a weight
        self.set(w1=round(x, 2), **({} if flat else {"w2": round(y, 2)}))

    def show(self, values):
        surface, curvatures, _ = LANDSCAPES[values["landscape"]]
        start = [values["w1"], values["w2"]][: curvatures.size]
        path = descend(surface, GradientDescent(values["lr"]), start, values["steps"])
        self.landscape.update(path)
        self.loss.update(path.loss, predicted_loss(curvatures, values["lr"], path))
        self.strip.update(values["lr"])
        self.formula.update(*first_step(path, values["lr"]))
        self.path = path
        mine = self.mine.update(
            lambda fn: fn(surface.grad, path.w[0].copy(), values["lr"], values["steps"]),
            path.w,
            lambda w: np.column_stack([w, surface.f(w)])[:, :2],  # one weight: over it its loss
        )
        return describe(curvatures, values["lr"], path) + mine

    def each_step(self):
        """w, where the step comes from, and the loss; a number or two for w."""
        w = "({0}, {1})" if self.path.w.shape[1] > 1 else "{0}"
        said = f"Step {{step}} of {{steps}}: w = {w}, loss {{{self.path.w.shape[1]}:g}}."
        return said, np.column_stack([self.path.w, self.path.loss])


def explore(after=None, mine=None, **values):
    """The explorer of lesson 03.

    after: a Prediction to answer or skip first. mine: your gradient_descent(grad, w0, lr, steps),
    whose path is drawn beside the package's. values: controls to begin with, by name.
    """
    return StepSize(after, mine, **values)


def best_step(curvatures):
    """2/(μ + L), the fixed step size that shrinks the slowest direction most."""
    return 2 / (np.min(curvatures) + np.max(curvatures))


def deciding_direction(curvatures, lr, start):
    """Index of the direction that decides in the end, and its factor a step, |1 − lr·c|.

    It is the slowest to shrink, or the fastest to grow, of those the start is not already at the
    bottom of; None where it is at the bottom of all.
    """
    factors = np.where(np.asarray(start) != 0, np.abs(1 - lr * curvatures), -1.0)
    slowest = int(np.argmax(factors))
    return (slowest, float(factors[slowest])) if factors[slowest] >= 0 else None


def predicted_loss(curvatures, lr, path):
    """½·c·u²·(1 − lr·c)²ᵗ of the deciding direction, for every step of the path."""
    decides = deciding_direction(curvatures, lr, path.start)
    if decides is None:
        return np.zeros(path.steps + 1)
    i, factor = decides
    with np.errstate(over="ignore"):
        return (
            0.5 * curvatures[i] * path.start[i] ** 2 * factor ** (2 * np.arange(path.steps + 1.0))
        )


def first_step(path, lr):
    """The update rule with the numbers of the first step in it, and a shorter way to write it."""
    old, new, slope = (vector(v) for v in (path.w[0], path.w[1], path.g[0]))
    slope = f"({slope})" if slope.startswith("−") else slope
    numbers = f"{old} − {number(lr)} · {slope} = {new}"
    return f"First step: *w* ← *w* − *lr* · ∇*f* = {numbers}", f"First step: *w* ← {numbers}"


def describe(curvatures, lr, path):
    """What this step size does here, in one or two sentences with the numbers."""
    decides = deciding_direction(curvatures, lr, path.start)
    name = f"Step size {number(lr)}"
    if decides is None:
        return f"{name}: the start is the bottom. The gradient is 0 there, so no step moves it."
    direction, factor = decides
    border = 2 / curvatures.max()
    where = f" along w{'₁₂'[direction]}" if len(curvatures) > 1 else ""
    if abs(factor - 1) < 1e-6:  # the slider's grid has the border to seven decimals
        return f"{name} is 2/L = {border:.3f}: jumps from wall to wall{where} and back, for ever."
    if factor > 1:
        return f"{name} is above 2/L = {border:.3f}: diverges. " + growth(path, factor, where)
    if factor < 1e-6:
        return f"{name} is 1/L: landed. One step takes the ball to the bottom."
    crosses = (1 - lr * curvatures < 0) & (path.start != 0)
    if crosses[direction]:
        how = f"overshoots{where}, oscillating, and comes home"
    elif crosses.any():
        how = f"overshoots along w₂, oscillating, and crawls{where}"
    else:
        how = f"crawls{where}, monotone" if factor > 0.5 - 1e-9 else "comes down one side, monotone"
    needed = int(np.ceil(np.log(1e-6) / np.log(factor) - 1e-9))  # 0.1⁶ is 1e-6, not above it
    return (
        f"{name}: {how}. Each step keeps {percent(factor)} of the distance{where} "
        f"(measured {percent(measured_factor(path, direction))}); "
        f"{plural(needed, 'step')} reach 1e-6{' of it' if where else ''}."
    )


def growth(path, factor, where):
    """How the loss grew on a path that diverges; close to the bottom it may fall at first."""
    before, after = path.loss[0], path.loss[-1]
    steps = plural(path.steps, "step")
    if not np.isfinite(after):
        return f"The loss grew beyond all numbers in {steps}."
    if after < 1.001 * before:
        return f"The distance{where} grows by {percent(factor - 1)} a step; {steps} barely show it."
    after = f"{after:.3g}" if after < 1000 else f"{after:.2g}"
    return f"The loss grew from {before:.3g} to {after} in {steps}."


def measured_factor(path, direction):
    """Mean factor a step of the distance along a direction, over the second half of the path."""
    distance = np.abs(path.w[:, direction])
    seen = np.flatnonzero(distance > 1e-290 * distance[0])  # below, numbers run out
    first, last = seen[len(seen) // 2 - 1 if len(seen) > 2 else 0], seen[-1]
    return float((distance[last] / distance[first]) ** (1 / max(1, last - first)))


# --- exercises: the reference first, then what goes wrong


def gradient_descent(grad, w0, lr, steps):
    path = [np.array(w0, dtype=float)]
    for _ in range(steps):
        w = path[-1]
        path.append(w - lr * grad(w))
    return np.array(path)


def _descent_probes():
    bowl = named("(w₀, 10w₁)", lambda w: np.array([1.0, 10.0]) * np.asarray(w))
    twisted = named("(w₀ + w₁, w₀ + 3w₁³)", _twisted)
    wave = named("cos w", lambda w: np.cos(w))
    double = named("2w", lambda w: 2.0 * np.asarray(w))
    return [
        Call(double, np.array([2.0]), 0.1, 1, atol=1e-14),
        Call(bowl, np.array([2.0, 1.0]), 0.05, 4, atol=1e-14),
        Call(bowl, np.array([3, -2]), 0.15, 5, note="a start of whole numbers", atol=1e-14),
        Call(twisted, np.array([1.0, -0.5]), 0.1, 6, atol=1e-14),
        Call(wave, np.array([0.5]), 0.3, 3, atol=1e-14),
        Call(double, np.array([1.0, 30.0, 0.01]), 1.1, 2, atol=1e-14),
        Call(double, np.array([4.0, 1.0]), 0.25, 0, note="0 steps", atol=1e-14),
        Call(double, np.array([4.0]), 0.5, 4, note="a step that lands on flat ground", atol=1e-14),
    ]


def _twisted(w):
    a, b = np.moveaxis(np.asarray(w, float), -1, 0)
    return np.stack([a + b, a + 3 * b**3], axis=-1)


def _by_rule(rule):
    """The path when one step is rule(w, g, lr)."""

    def form(grad, w0, lr, steps):
        path = [np.array(w0, dtype=float)]
        for _ in range(steps):
            path.append(rule(path[-1], grad(path[-1]), lr))
        return np.array(path)

    return form


def _changed(change):
    return lambda grad, w0, lr, steps: change(gradient_descent(grad, w0, lr, steps))


def _gradient_once(grad, w0, lr, steps):
    first = grad(np.array(w0, dtype=float))
    return gradient_descent(lambda w: first, w0, lr, steps)


def _integer_rows(grad, w0, lr, steps):
    path = np.empty((steps + 1, len(w0)), dtype=np.asarray(w0).dtype)
    path[0] = w0
    for t in range(steps):
        path[t + 1] = path[t] - lr * grad(path[t])
    return path


def _from_the_start(grad, w0, lr, steps):
    path = [np.array(w0, dtype=float)]
    for _ in range(steps):
        path.append(path[0] - lr * grad(path[-1]))
    return np.array(path)


def _first_row_empty(grad, w0, lr, steps):
    path = gradient_descent(grad, w0, lr, steps)
    path[0] = 0.0
    return path


def _last_row_empty(grad, w0, lr, steps):
    path = gradient_descent(grad, w0, lr, steps)
    path[max(steps, 1) :] = 0.0
    return path


def _cooling(shrink):
    def form(grad, w0, lr, steps):
        path = [np.array(w0, dtype=float)]
        for t in range(steps):
            path.append(path[-1] - shrink(lr, t) * grad(path[-1]))
        return np.array(path)

    return form


def _until_flat(tol, late):
    """Ends when the gradient is below tol: before the step, or, if late, after it."""

    def form(grad, w0, lr, steps):
        path = [np.array(w0, dtype=float)]
        for _ in range(steps):
            g = grad(path[-1])
            if not late and np.linalg.norm(g) < tol:
                break
            path.append(path[-1] - lr * g)
            if late and np.linalg.norm(g) < tol:
                break
        return np.array(path)

    return form


def _no_start(grad, w0, lr, steps):
    return np.array(list(gradient_descent(grad, w0, lr, steps)[1:]))


def _late_gradient(grad, w0, lr, steps):
    path = [np.array(w0, dtype=float)]
    g = grad(path[0])
    for _ in range(steps):
        path.append(path[-1] - lr * g)
        g = grad(path[-2])
    return np.array(path)


DESCENT_MISTAKES = [
    Mistake(
        "uphill",
        _by_rule(lambda w, g, lr: w + lr * g),
        "Your path goes uphill: the loss grows at the first step already. The gradient points "
        "where the loss grows; which way should we go?",
    ),
    Mistake(
        "gradient once",
        _gradient_once,
        "The first step is right, then the path runs straight on. The slope is different at every "
        "point: where does your loop measure it?",
    ),
    Mistake(
        "gradient one step late",
        _late_gradient,
        "The first step is right, and from then on each step uses the slope of the point before. "
        "When is the gradient measured, and when is it used?",
    ),
    Mistake(
        "no lr",
        (_by_rule(lambda w, g, lr: w - g), _by_rule(lambda w, g, lr: w - lr)),
        "With {given} the path should be {expected}, and yours is {got}. A step is made of two "
        "things, the slope and the step size: which one is missing?",
    ),
    Mistake(
        "only the sign",
        (
            _by_rule(lambda w, g, lr: w - lr * np.sign(g)),
            _by_rule(lambda w, g, lr: w - lr * g / np.linalg.norm(g)),
        ),
        "Every step is equally long, on the steep wall and on the flat floor: the size of the "
        "gradient is lost. Such a path never settles. Which line loses it?",
    ),
    Mistake(
        "one row short",
        lambda grad, w0, lr, steps: gradient_descent(grad, w0, lr, max(steps - 1, 0)),
        "Your path has as many rows as there are steps. Four steps visit five points: which one "
        "is missing?",
    ),
    Mistake(
        "one row too many",
        (
            lambda grad, w0, lr, steps: gradient_descent(grad, w0, lr, steps + 1),
            _changed(lambda path: np.concatenate([path[:1], path])),
            _changed(lambda path: np.concatenate([path, path[-1:]])),
        ),
        "Your path has one row too many: four steps visit five points. Is one point in it twice, "
        "or is one step too many made?",
    ),
    Mistake(
        "no start",
        (_changed(lambda path: path[1:]), _no_start),
        "The points are right, but the first row is the point after one step. Where did the ball "
        "begin?",
    ),
    Mistake(
        "only the end",
        _changed(lambda path: path[-1]),
        "That is where the descent ends. The picture needs every point on the way: collect them.",
    ),
    Mistake(
        "rows alias",
        _changed(lambda path: np.array([path[-1]] * len(path))),
        "Every row holds the last point: all rows are one and the same array, changed in place. "
        "What makes a new array at each step?",
    ),
    Mistake(
        "integer start",
        _integer_rows,
        "Right for a start like 2.0, wrong for 3: an array made from whole numbers holds whole "
        "numbers only, and cuts off the rest. What type should the path have?",
    ),
    Mistake(
        "always from the start",
        (
            _from_the_start,
            lambda grad, w0, lr, steps: np.array(
                [1.0 * w0] + [w0 - lr * grad(w0) for _ in range(steps)]
            ),
        ),
        "Every step sets out from w0 again, so the ball never gets further than one step. Which "
        "point should the next step leave from?",
    ),
    Mistake(
        "steps, not points",
        (
            _changed(lambda path: np.diff(path, axis=0)),
            _changed(lambda path: np.concatenate([path[:1], np.diff(path, axis=0)])),
            _changed(lambda path: np.concatenate([path[:1], -np.diff(path, axis=0)])),
        ),
        "Your rows are the steps themselves. The picture needs where the ball is after each: what "
        "is a step added to?",
    ),
    Mistake(
        "an empty row",
        (_last_row_empty, _first_row_empty),
        "One row of your path was never written and still holds the 0 it was made with. Which "
        "rows does your loop fill, and who fills the others?",
    ),
    Mistake(
        "starts at 0",
        lambda grad, w0, lr, steps: gradient_descent(grad, np.zeros(len(w0)), lr, steps),
        "Your descent sets out from 0, wherever w0 is. What should the first row hold?",
    ),
    Mistake(
        "a step size that shrinks",
        (
            _cooling(lambda lr, t: lr / (t + 1)),
            _cooling(lambda lr, t: 0.9**t * lr),
            _cooling(lambda lr, t: 0.99**t * lr),
            _cooling(lambda lr, t: 0.5**t * lr),
        ),
        "The first step is right, and each one after it is shorter than lr says. Schedules come "
        "in lesson 06; here the step size stays. Which line changes it?",
    ),
    Mistake(
        "stops when it is flat",
        tuple(_until_flat(tol, late) for tol in (1e-3, 1e-6) for late in (False, True)),
        "Your path ends as soon as the ground is flat, so it has fewer rows than steps + 1. Here "
        "all of the steps are made; one on flat ground moves nothing.",
    ),
    Mistake(
        "turned round",
        (_changed(lambda path: path[::-1]), _changed(lambda path: path.T)),
        "The points are right and the table is turned: row t should be the point after t steps, "
        "its columns the coordinates.",
    ),
]


def largest_step(curvatures):
    return 2 / max(curvatures)


def _of(k):
    return lambda curvatures: k(np.asarray(curvatures, dtype=float))


LARGEST_MISTAKES = [
    Mistake(
        "one over L",
        _of(lambda c: 1 / max(c)),
        "That is where the path begins to cross the valley, and it still comes home. How much "
        "further does the slider go before it does not?",
    ),
    Mistake(
        "flattest direction",
        (_of(lambda c: 2 / min(c)), _of(lambda c: 1 / min(c))),
        "That step is safe along the flattest direction, and thrown out by the steepest. Which "
        "of the curvatures sets the limit?",
    ),
    Mistake(
        "mean curvature",
        (_of(lambda c: 2 / np.mean(c)), _of(lambda c: 2 / np.median(c))),
        "A mean hides the steepest wall, and one wall that throws the ball out is enough. Which "
        "curvature must be safe?",
    ),
    Mistake(
        "upside down",
        (_of(lambda c: max(c) / 2), _of(lambda c: 2 * max(c)), _of(lambda c: max(c))),
        "This grows with the curvature: steeper walls would allow longer steps. Try the slider on "
        "the valley; is that so?",
    ),
    Mistake(
        "best step",
        _of(lambda c: 2 / (min(c) + max(c))),
        "That is the fixed step that gets there fastest. Here we look for the border beyond which "
        "it never does.",
    ),
    Mistake(
        "sum of curvatures",
        (_of(lambda c: 2 / sum(c)), _of(lambda c: 2 / np.linalg.norm(c))),
        "Right for one direction. With {given} you get {got} for {expected}: the directions do "
        "not add up, each has its own limit. Which limit is reached first?",
    ),
    Mistake(
        "one position",
        (_of(lambda c: 2 / c[0]), _of(lambda c: 2 / c[-1])),
        "Right when the steepest direction happens to stand in that place. With {given} you get "
        "{got} for {expected}. The order of the directions says nothing: what should you look for?",
    ),
    Mistake(
        "one for each",
        _of(lambda c: 2 / c),
        "These are the limits of each direction alone. One step size serves all of them at once: "
        "which of these numbers is safe for everyone?",
    ),
    Mistake(
        "condition number",
        (_of(lambda c: max(c) / min(c)), _of(lambda c: 2 * min(c) / max(c))),
        "A ratio of curvatures says how long the valley is. It stays when the whole hill is made "
        "twice as steep, while the safe step halves.",
    ),
    Mistake(
        "difference of curvatures",
        _of(lambda c: 2 / (max(c) - min(c))),
        "For a round bowl, both curvatures alike, yours would be infinite. The flat direction "
        "takes nothing away from the steep one's limit: which of them decides?",
    ),
    Mistake(
        "another power",
        (_of(lambda c: 2 / max(c) ** 2), _of(lambda c: 2 / np.sqrt(max(c)))),
        "Where the walls bend twice as much, the safe step is half as long. With {given} you get "
        "{got} for {expected}: what does yours do when a curvature doubles?",
    ),
    Mistake(
        "2 below the line",
        _of(lambda c: 1 / (2 * max(c))),
        "With {given} you get {got} for {expected}, a quarter of the border: such a step never "
        "crosses the valley. For which lr is 1 − lr·c equal to −1?",
    ),
    Mistake(
        "a little less",
        tuple(_of(lambda c, k=k: k / max(c)) for k in (1.8, 1.9, 1.95, 1.98, 1.99, 1.999)),
        "That keeps a little below the border, to be safe: with {given} it is {got}. Asked is the "
        "border itself, {expected}.",
    ),
    Mistake(
        "rounded",
        (_of(lambda c: 2 // max(c)), _of(lambda c: round(2 / max(c), 2))),
        "Rounded numbers are no borders: with {given} it lies at {expected}, and yours at {got}.",
    ),
]

EXERCISES = [
    Exercise(
        name="gradient_descent",
        signature="gradient_descent(grad, w0, lr, steps)",
        reference=gradient_descent,
        mistakes=DESCENT_MISTAKES,
        probes=_descent_probes,
        hints=[
            "Begin with a list that holds the start, as floats. Each step adds one point to it.",
            "The last point in the list is where you are: measure the gradient there.",
            "Each new point is the last one minus lr times the gradient; return np.array(path).",
        ],
        returns=("the path",),
    ),
    Exercise(
        name="largest_step",
        signature="largest_step(curvatures)",
        reference=largest_step,
        mistakes=LARGEST_MISTAKES,
        probes=lambda: [
            Call(np.array([10.0])),
            Call(np.array([1.0, 25.0])),
            Call(np.array([0.01, 30.0, 4.0])),
            Call(np.array([7, 2])),
        ],
        hints=[
            "On the parabola with curvature 10 the border is at 0.2, with 25 at 0.08.",
            "One step multiplies the position by 1 − lr·c. For which lr is that −1?",
            "The border is 2/c for one direction. The steepest direction has the smallest.",
        ],
    ),
]
