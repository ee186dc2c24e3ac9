"""Exercises of step_size."""

import numpy as np

from ..checking.exercise import Exercise, Mistake
from ..checking.probes import Call, named


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
