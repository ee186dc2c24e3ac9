"""Every correct way of writing an exercise passes: at least five forms of each."""
# ruff: noqa: E501

import math
import random

import numpy as np
import pytest
from errata_of import AGAIN

from gdlesson.datasets import standardise
from gdlesson.exercises import catalogue as exercises


def _loop_descent(grad, w0, lr, steps):
    path = np.empty((steps + 1, len(w0)))
    path[0] = w0
    for t in range(steps):
        path[t + 1] = path[t] + lr * -grad(path[t])
    return path.tolist()


def _while_descent(grad, start, rate, n):
    rows, w = [tuple(float(x) for x in start)], np.array(start, float)
    while len(rows) <= n:
        w = w - np.multiply(rate, grad(w))
        rows.append(tuple(w))
    return tuple(rows)


def _steps_while(lr, L, tol):
    share, n = 1.0, 0
    if lr * L >= 2:
        return math.inf
    while share > tol:
        share, n = share * abs(1 - lr * L), n + 1
    return n


def _steps_for(lr, L, tol):
    if not -1 < 1 - lr * L < 1:
        return float("inf")
    for n in range(10**6):
        if abs(1 - lr * L) ** n <= tol:
            return n


def _steps_by_logarithms(lr, L, tol):
    r = np.abs(1 - lr * L)
    with np.errstate(divide="ignore"):
        return np.inf if r >= 1 else max(np.ceil(np.log(tol) / np.log(r)), int(tol < 1))


def _recursive(grad, w0, lr, steps):
    w0 = np.asarray(w0, float)
    if steps == 0:
        return w0[None]
    return np.vstack([w0[None], _recursive(grad, w0 - lr * grad(w0), lr, steps - 1)])


def _in_place_copy(grad, w0, lr, steps):
    w = w0.astype(float)
    path = [w.copy()]
    for _ in range(steps):
        w -= lr * grad(w)
        path.append(w.copy())
    return path


def _stacked(grad, w0, lr, steps):
    path = [1.0 * w0]
    for t in range(steps):
        path += [path[t] - grad(path[t]) * lr]
    return np.stack(path)


def _matrix_gradient(f, w, h=1e-5):
    e = h * np.eye(len(w))
    return (f(w + e) - f(w - e)) / h / 2


def _gradient_loop(f, w, h=1e-5):
    g = []
    for i in range(len(w)):
        up, down = w.astype(float), w.astype(float)
        up[i] += h
        down[i] -= h
        g.append((f(up) - f(down)) / (2 * h))
    return g


def _gradient_with_lists(f, w, h=1e-5):
    g = []
    for i in range(len(w)):
        up, down = list(w), list(w)
        up[i] += h
        down[i] -= h
        g.append((f(up) - f(down)) / (2 * h))
    return np.array(g)


def _sgd(order):
    def form(w, b, x, y, lr, rng):
        for i in order(rng, len(x)):
            error = 2 * (y[i] - (w * x[i] + b)) * lr
            w += error * x[i]
            b += error
        return [w, b]

    return form


def _index_shuffle(rng, n):
    order = np.arange(n)
    rng.shuffle(order)
    return order


ORDERS = [
    _index_shuffle,
    lambda rng, n: rng.choice(n, n, replace=False),
    lambda rng, n: np.argsort(rng.random(n)),
    lambda rng, n: rng.permutation(np.arange(n))[::-1],
    lambda rng, n: sorted(range(n), key=lambda i: rng.random()),
]


def _batches(order, lazily):
    def form(X, y, size, rng):
        rows = np.array(order(rng, len(X)))
        X, y = X[rows], y[rows]
        pairs = ((X[i : i + size], y[i : i + size]) for i in range(0, len(X), size))
        return pairs if lazily else [list(pair) for pair in pairs]

    return form


def _split(X, y, size, rng):
    order = rng.permutation(len(y))
    for rows in np.split(order, range(size, len(y), size)):
        yield X[rows].tolist(), y[rows].tolist()


def _epoch_with_a_counter(validation_losses, patience):
    lowest, kept, waited = float("inf"), 0, 0
    for epoch, loss in enumerate(validation_losses):
        if loss < lowest:
            lowest, kept, waited = loss, epoch, 0
        else:
            waited += 1
            if waited == patience:
                return kept
    return kept


def _epoch_with_a_while_loop(validation_losses, patience):
    best, epoch = 0, 0
    while epoch < len(validation_losses) and epoch - best < patience:
        epoch += 1
        if epoch < len(validation_losses) and validation_losses[epoch] < validation_losses[best]:
            best = epoch
    return best


def _epoch_with_slices(validation_losses, patience):
    best = 0
    while True:
        ahead = [e for e in range(best + 1, min(best + patience + 1, len(validation_losses)))
                 if validation_losses[e] < validation_losses[best]]  # fmt: skip
        if not ahead:
            return best
        best = ahead[0]


def _epoch_with_the_running_minimum(validation_losses, patience):
    running = np.minimum.accumulate(validation_losses)
    for epoch in range(patience, len(running)):
        if running[epoch] == running[epoch - patience]:
            return int(np.argmin(validation_losses[: epoch + 1]))
    return np.argmin(validation_losses)


def _epoch_recursive(validation_losses, patience, best=0, epoch=1):
    if epoch >= len(validation_losses) or epoch - best > patience:
        return best
    better = validation_losses[epoch] < validation_losses[best]
    return _epoch_recursive(validation_losses, patience, epoch if better else best, epoch + 1)


def _logistic(sigmoid):
    def form(w, b, X, y):
        e = sigmoid(np.dot(X, w) + b) - y
        return list((e[:, None] * X).mean(axis=0)), np.sum(e) / len(e)

    return form


def _logistic_loop(w, b, X, y):
    dw, db = [0.0] * len(w), 0.0
    for row, label in zip(X, y, strict=True):
        z = sum(a * c for a, c in zip(row, w, strict=True)) + b
        p = 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))
        dw = [d + (p - label) * a / len(y) for d, a in zip(dw, row, strict=True)]
        db += (p - label) / len(y)
    return dw, db


def _ends(grad, starts, lr, steps):
    for w in starts:
        w = np.array(w, float)
        for _ in range(steps):
            w = w - lr * grad(w)
        yield w


def _count(distance):
    def form(grad, starts, lr, steps, tol):
        found = []
        for w in _ends(grad, starts, lr, steps):
            if not any(distance(w - u) < tol for u in found):
                found.append(w)
        return len(found)

    return form


def _kind(eigenvalues):
    def kind_of_point(hessian):
        values = eigenvalues(hessian)
        if (values > 1e-8).all():
            return "minimum"
        if (values < -1e-8).all():
            return "maximum"
        return "saddle" if values.max() > 1e-8 and values.min() < -1e-8 else "undecided"

    return kind_of_point


def _kind_by_counting(hessian):
    up = down = 0
    for value in np.linalg.eigvalsh(hessian):
        up, down = up + (value > 1e-8), down + (value < -1e-8)
    if up and down:
        return "saddle"
    return {up: "minimum", down: "maximum"}.get(len(hessian), "undecided")


def _kind_by_signs(H):
    values = np.linalg.eigvalsh(H)
    signs = set(np.sign(np.where(np.isclose(values, 0), 0, values)))
    if {-1, 1} <= signs:
        return np.str_("saddle")
    return {(1,): "minimum", (-1,): "maximum"}.get(tuple(signs), "undecided")


def _kind_of_rounded(hessian):
    first, *_, last = np.round(np.linalg.eigvalsh(hessian), 8)[[0, 0, -1]]
    if first * last < 0:
        return "saddle"
    return "undecided" if first * last == 0 else "minimum" if first > 0 else "maximum"


def _count_at_once(grad, starts, lr, steps, tol):
    w = starts * 1.0
    for _ in range(steps):
        w -= lr * grad(w)
    left, n = list(w), 0
    while left:
        left = [u for u in left if np.abs(u - left[0]).max() > tol]
        n += 1
    return np.int64(n)


def _lists(rule):
    """A rule for numbers, run over the coordinates one by one; lists come back."""

    def form(*args):
        d = len(args[0])
        rows = [rule(*(a[j] if isinstance(a, np.ndarray) else a for a in args)) for j in range(d)]
        return [list(column) for column in zip(*rows, strict=True)]

    return form


def _adagrad(w, s, g, lr, eps):
    s = s + g * g
    return w - lr * g / (s**0.5 + eps), s


def _rmsprop(w, s, g, lr, rho, eps):
    s = s + (1 - rho) * (g * g - s)
    return w - lr * g / (s**0.5 + eps), s


def _adam(w, m, v, t, g, lr, beta1, beta2, eps, i=0, wd=0):
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g * g - v)
    step = m / (1 - beta1**t) / ((v / (1 - beta2**t)) ** 0.5 + eps)
    return w * (1 - lr * wd) - lr * step, m, v


def _adam_power(w, m, v, t, g, lr, beta1, beta2, eps):
    m, v = m * beta1 + g * (1 - beta1), v * beta2 + np.square(g) * (1 - beta2)
    rate = lr * np.sqrt(1 - np.power(beta2, t)) / (1 - np.power(beta1, t))
    return np.array([w - rate * m / (np.sqrt(v) + eps * np.sqrt(1 - beta2**t)), m, v])


def _adam_in_place(w, m, v, t, g, lr, beta1, beta2, eps):
    w, m, v = (np.array(a, float) for a in (w, m, v))
    m *= beta1
    m += (1 - beta1) * g
    v *= beta2
    v += (1 - beta2) * g**2
    w -= lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w, m, v


def _with_decay(rule):
    def form(w, m, v, t, g, lr, b1, b2, eps, wd):
        moved, m, v = rule(w, m, v, t, g, lr, b1, b2, eps)
        return np.asarray(moved) - lr * wd * np.asarray(w), m, v

    return form


_adam_number = _lists(lambda w, m, v, t, g, *rest: _adam(w, m, v, t, g, *rest))
ADAM = [
    _adam,
    _adam_power,
    _adam_in_place,
    _adam_number,
    lambda w, m, v, t, g, lr=0.1, beta1=0.9, beta2=0.99, eps=0: _adam(
        w, m, v, t, g, lr, beta1, beta2, eps
    ),
]
MSE = [
    lambda w, b, x, y: (2 * ((w * x + b - y) * x).mean(), 2 * (w * x + b - y).mean()),
    lambda w, b, x, y: (-2 * np.dot(y - w * x - b, x) / len(x), -2 * np.sum(y - w * x - b) / x.size),
    lambda a, c, x, y: [2 * (a * np.mean(x * x) + c * np.mean(x) - np.mean(x * y)),
                        2 * (a * np.mean(x) + c - np.mean(y))],
    lambda w, b, x, y: tuple(sum(2 * (w * p + b - q) * k / len(x) for p, q, k in rows) for rows in
                             ([(p, q, p) for p, q in zip(x, y, strict=True)],
                              [(p, q, 1) for p, q in zip(x, y, strict=True)])),
    lambda w, b, x, y: np.array([x, np.ones(len(x))]) @ (w * x + b - y) * 2 / len(y),
]  # fmt: skip
ADAGRAD = [
    _adagrad,
    _lists(_adagrad),
    lambda w, s, g, lr, eps: (w - lr / (np.sqrt(s + g**2) + eps) * g, s + g**2),
    lambda w, s, g, lr, eps: [np.subtract(w, g * lr / (eps + np.hypot(np.sqrt(s), g))), g * g + s],
    lambda w, memory, slope, rate, tiny=1e-8: np.stack(_adagrad(w, memory, slope, rate, tiny)),
]


def _until(done):
    """A descent that stops where done(gradient, tol) is true."""

    def descend_until(grad, w, lr, tol, max_steps):
        for steps in range(max_steps):
            g = grad(w)
            if done(g, tol):
                return w, steps
            w = w - lr * g
        return w, max_steps

    return descend_until


def _until_while(grad, w, lr, tol, max_steps):
    steps, g = 0, grad(w)
    while tol < abs(g) < math.inf and steps < max_steps:
        w, steps = w + lr * -g, steps + 1
        g = grad(w)
    return [w, steps]


def _until_recursive(grad, w, lr, tol, max_steps):
    g = grad(w)
    if max_steps == 0 or np.linalg.norm(g) <= tol or not math.isfinite(g):
        return w, 0
    w, steps = _until_recursive(grad, w - lr * g, lr, tol, max_steps - 1)
    return w, 1 + steps


def _sizes(lr, shrink):
    while True:
        yield lr
        lr = lr * shrink


def _backtrack_forever(f, grad, w, lr, shrink, c):
    g, before = grad(w), f(w)
    while True:
        if f(w - lr * g) <= before - c * lr * (g @ g):
            return lr
        lr *= shrink


def _backtrack_by_powers(f, grad, w, lr, shrink, c):
    g, k = grad(w), 0
    while f(w - lr * shrink**k * g) > f(w) - c * lr * shrink**k * np.sum(g * g):
        k += 1
    return lr * shrink**k


def _backtrack_recursive(f, grad, w, lr, shrink, c):
    g = grad(w)
    if f(w - lr * g) <= f(w) - c * lr * np.linalg.norm(g) ** 2:
        return lr
    return _backtrack_recursive(f, grad, w, lr * shrink, shrink, c)


def _backtrack_in_order(f, grad, w, lr, shrink, c):
    square = sum(slope**2 for slope in grad(w))
    for step in _sizes(lr, shrink):
        fall = f(w) - f(w - step * grad(w))
        if fall >= c * step * square:
            return step


def _scores_in_a_loop(scores, label):
    m = max(scores)
    total = sum(np.exp(s - m) for s in scores)
    slopes = [np.exp(s - m) / total for s in scores]
    slopes[label] -= 1
    return np.log(total) + m - scores[label], slopes


def _scores_with_one_hot(scores, label):
    truth = np.zeros_like(scores)
    truth[label] = 1
    z = scores - scores.max()
    return np.log(np.exp(z).sum()) - z[label], np.exp(z) / np.exp(z).sum() - truth


def _scores_by_largest(scores, label):
    z = scores - scores[np.argmax(scores)]
    p = np.exp(z) / np.sum(np.exp(z))
    p[label] -= 1
    return np.array(np.log(np.sum(np.exp(z))) - z[label]), p


def _scores_where(scores, label):
    log_p = scores - np.logaddexp.reduce(scores)
    p = np.exp(log_p)
    return -log_p[label], np.where(np.arange(len(p)) == label, p - 1, p)


def _backward_by_example(x, W, h, dh):
    dx, dW, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros(W.shape[1])
    for i in range(len(x)):
        dz = dh[i] * (1 - h[i] ** 2)
        dx[i] = W @ dz
        dW += np.outer(x[i], dz)
        db += dz
    return dx, dW, db


def _clipped_early(g, limit):
    norm = (g * g).sum() ** 0.5
    if norm <= limit:
        return g.copy()
    return limit * (g / norm)


def _power_iteration(start, length=np.linalg.norm, more=0):
    def form(hessian_times, d, steps, rng):
        v = start(rng, d)
        for _ in range(steps + more):
            v = hessian_times(v)
            v = v / length(v)
        return v @ hessian_times(v) / (v @ v)

    return form


def _mean_or_inf(losses):
    losses = list(losses)
    return sum(losses) / len(losses) if np.all(np.isfinite(losses)) else math.inf


def _tune_with_the_best_so_far(run, learning_rates, seeds):
    best, lowest = None, math.inf
    for lr in learning_rates:
        total = 0.0
        for seed in seeds:
            total += run(lr, seed)
        if total / len(seeds) < lowest:  # false for nan
            best, lowest = lr, total / len(seeds)
    return best


def _tune_with_a_dictionary(run, learning_rates, seeds):
    means = {lr: _mean_or_inf([run(lr, seed) for seed in seeds]) for lr in learning_rates}
    return float(min(means, key=means.get))


def _bootstrap_in_a_loop(a, b):
    means = []
    for _ in range(1000):
        rows = np.random.randint(0, len(a), len(a))
        means.append(a[rows].mean() - b[rows].mean())
    low, high = np.quantile(means, [0.025, 0.975])
    return not low <= 0 <= high


def _bootstrap_of_indices(a, b):
    rows = np.random.default_rng().integers(len(a), size=(5000, len(a)))
    means = (a - b)[rows].mean(axis=1)
    return bool(np.percentile(means, 2.5) > 0 or np.percentile(means, 97.5) < 0)


def _bootstrap_of_counts(a, b):
    n = len(a)
    counts = np.random.default_rng(5).multinomial(n, [1 / n] * n, size=2000)
    below = np.mean(counts @ (a - b) < -1e-12)
    above = np.mean(counts @ (a - b) > 1e-12)
    return min(below, above) < 0.025 and 1 - max(below, above) < 0.025


def _bootstrap_by_sorting(a, b):
    draw = random.Random(3)
    d = [float(x - y) for x, y in zip(a, b, strict=True)]
    means = sorted(sum(draw.choices(d, k=len(d))) / len(d) for _ in range(1000))
    return means[25] > 0 or means[974] < 0


VARIANTS = {
    "derivative": [
        lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / 2 / h,
        lambda f, x, h=1e-5: ((f(x + h) - f(x)) / h + (f(x) - f(x - h)) / h) / 2,
        lambda g, at, dx: 0.5 * (g(at + dx) - g(at - dx)) / dx,
        lambda f, x, h: np.float64(f(x + h) - f(x - h)) * (1 / (2 * h)),
        lambda f, x, h: -(f(x - h) - f(x + h)) / (h + h),
    ],
    "chain": [
        lambda df, dg, g, t: dg(t) * df(g(t)),
        lambda df, dg, g, t: np.float64(df(g(t))) * dg(t),
        lambda outer, inner, u, at: np.prod([outer(u(at)), inner(at)]),
        lambda df, dg, g, t: (lambda u: df(u) * dg(t))(g(t)),
        lambda df, dg, g, t: np.array(df(g(t)) * dg(t)),
        lambda df, dg, g, t: sum([df(g(t))]) / 1 * float(dg(t)),
    ],
    "gd_step": [
        lambda w, g, lr: w + (-lr) * g,
        lambda w, g, lr: [a - lr * s for a, s in zip(w, g, strict=True)],
        lambda w, g, lr: tuple(np.subtract(w, np.multiply(g, lr))),
        lambda point, slope, rate: -(rate * slope - point),
        lambda w, g, lr: np.array([w[i] - g[i] * lr for i in range(len(w))], dtype=object),
    ],
    "descend_until": [
        _until(lambda g, tol: -tol <= g <= tol or math.isnan(g) or math.isinf(g)),
        _until(lambda g, tol: not tol < np.abs(g) < np.inf),
        lambda *args: np.array(_until_while(*args)),
        _until_while,
        _until_recursive,
    ],
    "gradient_descent": [_loop_descent, _while_descent, _recursive, _in_place_copy, _stacked],
    "steps_needed": [
        _steps_while,
        _steps_for,
        _steps_by_logarithms,
        lambda a, c, t: np.inf if a * c >= 2 else float(_steps_while(a, c, t)),
        lambda a, c, t: next((n for n in range(1000) if abs((1 - a * c) ** n) <= t), float("inf")),
        lambda a, c, t: math.inf if a >= 2 / c else 1 if a == 1 / c else np.int64(
            np.ceil(np.log10(t) / np.log10(abs(1 - a * c)))
        ),
    ],
    "convergence_factors": [
        lambda c, lr: [1 - lr * x for x in c],
        lambda c, lr: -(lr * c - 1),
        lambda c, lr: np.ones(len(c)) - np.multiply(c, lr),
        lambda curvatures, step: (curvatures - step * curvatures**2) / curvatures,
        lambda c, lr: tuple(1.0 - x * lr for x in c.tolist()),
        lambda c, lr: lr * (1 / lr - c),
    ],
    "mse_gradient": MSE,
    "standardise": [
        lambda x: (x - x.mean()) / x.std() if x.std() > 0 else 0 * x,
        lambda x: (x - x.mean()) / (np.var(x) ** 0.5 or 1.0),
        lambda x: np.nan_to_num((x - x.mean()) / x.std()),
        lambda x: [(v - sum(x) / len(x)) / (math.dist(x, [sum(x) / len(x)] * len(x))
                   / len(x) ** 0.5 or 1) for v in x],
        lambda x: np.divide(x - np.average(x), max(np.std(x), 1e-300)),
        lambda x: standardise(x)[0],
    ],
    "errata_regression_gradient": MSE,
    "numerical_gradient": [
        _matrix_gradient,
        _gradient_loop,
        _gradient_with_lists,
        lambda f, w, h: [(f(w + h * e) - f(w - h * e)) / (2 * h) for e in np.eye(len(w))],
        lambda f, w, h: tuple(-(f(w - e) - f(w + e)) / h / 2 for e in np.diag([h] * len(w))),
        lambda f, w, h: np.array(
            [0.5 / h * (f(w + h * (np.arange(len(w)) == i)) - f(w - h * (np.arange(len(w)) == i)))
             for i in range(len(w))]
        ),
    ],
    "sgd_epoch": [_sgd(order) for order in ORDERS],
    "variance_of_batch": [
        lambda sigma2, B, n: sigma2 * (n - B) / (n * B),
        lambda sigma2, B, n: sigma2 * (1 / B - 1 / n),
        lambda s, B, n: np.float64(s / B - s / n),
        lambda s, B, n: np.array((1 - np.divide(B, n)) * (s**0.5 / B**0.5) ** 2),
        lambda s, B, n: sum(s / B**2 for _ in range(B)) * ((n - B) / n),
    ],
    "minibatches": [
        *(_batches(order, lazily) for order in ORDERS for lazily in (True, False)),
        _split,
    ],
    "backtrack": [
        _backtrack_forever,
        _backtrack_by_powers,
        _backtrack_recursive,
        _backtrack_in_order,
        lambda f, grad, w, lr, shrink, c: next(
            s for s in _sizes(lr, shrink)
            if f(w - s * grad(w)) + c * s * np.dot(grad(w), grad(w)) <= f(w)
        ),
    ],
    "step_decay": [
        lambda lr0, t, drop, every: lr0 * drop ** int(t / every),
        lambda lr0, t, drop, every: lr0 * np.power(float(drop), np.floor(t / every)),
        lambda lr0, t, drop, every: lr0 * math.prod([drop] * (t // every)),
        lambda a, n, k, m: a * math.exp(math.log(k) * (n // m)),
        lambda lr0, t, drop, every: drop ** ((t - t % every) / every) * lr0,
    ],
    "cosine_decay": [
        lambda lr0, t, T: lr0 / 2 * (1 + math.cos(math.pi * t / T)),
        lambda lr0, t, T: lr0 * np.cos(np.pi * t / T / 2) ** 2,
        lambda lr0, t, T: lr0 * (0.5 + 0.5 * np.cos(t / T * np.pi)),
        lambda a, n, N: a * (1 - math.sin(math.pi * n / (2 * N)) ** 2),
        lambda lr0, t, T: np.mean([lr0, lr0 * np.cos(np.pi * t / T)]),
    ],
    "best_epoch": [
        _epoch_with_a_counter,
        _epoch_with_a_while_loop,
        _epoch_with_slices,
        _epoch_with_the_running_minimum,
        _epoch_recursive,
        lambda losses, patience: float(_epoch_with_slices(list(losses), patience)),
    ],
    "logistic_gradient": [
        _logistic(lambda z: 1 / (1 + np.exp(-z))),
        _logistic(lambda z: 0.5 * (1 + np.tanh(z / 2))),
        _logistic(lambda z: np.exp(-np.logaddexp(0, -z))),
        _logistic(lambda z: 1 / (1 + np.exp(-np.clip(z, -500, 500)))),
        _logistic_loop,
    ],
    "count_minima": [
        _count(np.linalg.norm),
        _count(lambda d: np.abs(d).max()),
        _count(lambda d: math.sqrt(sum(d**2))),
        _count_at_once,
        lambda grad, starts, lr, steps, tol: float(
            _count(np.linalg.norm)(grad, starts, lr, steps, tol)
        ),
    ],
    "kind_of_point": [
        _kind(np.linalg.eigvals),
        _kind(lambda hessian: np.linalg.eigh(hessian)[0]),
        _kind(lambda hessian: np.array(sorted(np.linalg.eigvalsh(hessian)))),
        _kind_by_counting,
        _kind_by_signs,
        _kind_of_rounded,
    ],
    "momentum_step": [
        lambda w, v, g, lr, beta: (w - lr * (beta * v + g), beta * v + g),
        lambda w, v, g, lr, beta: [w - lr * beta * v - lr * g, g + v * beta],
        _lists(lambda w, v, g, lr, beta: (w - lr * (beta * v + g), beta * v + g)),
        lambda w, v, g, lr, beta: np.array([w - lr * (beta * v + g), beta * v + g]),
        lambda x, speed, slope, a, b: (x + -a * (new := slope + b * speed), new),
    ],
    "nesterov_step": [
        lambda w, v, grad, lr, beta: (w - lr * (n := beta * v + grad(w - lr * beta * v)), n),
        lambda w, v, grad, lr, beta: [w - lr * (n := grad(w - beta * lr * v) + v * beta), n],
        lambda w, v, grad, lr, beta: (
            (a := w - lr * beta * v) - lr * (g := grad(a)), beta * v + g
        ),
        lambda w, v, grad, lr, beta: np.stack(
            [w - lr * (n := beta * v + grad(w + -lr * (beta * v))), n]
        ),
        lambda w, v, f, a, b=0.9: ((w - a * (n := b * v + f(w - a * b * v))).tolist(), tuple(n)),
    ],
    "newton_step": [
        lambda w, g, H: w - np.linalg.inv(H) @ g,
        lambda w, g, H: w + np.linalg.solve(H, -g),
        lambda w, g, H: np.linalg.solve(H, H @ w - g),
        lambda w, g, H: w - np.linalg.lstsq(H, g, rcond=None)[0],
        lambda w, g, H: (w - g @ np.linalg.pinv(H.T)).tolist(),
        lambda point, slope, bends: point - np.linalg.solve(bends.T, slope[:, None])[:, 0],
    ],
    "rescaled_step": [
        lambda w, g, scale, lr: w - (lr / scale) * g,
        lambda w, g, scale, lr: w + -lr * (g / scale),
        lambda w, g, scale, lr: [a - lr * b / c for a, b, c in zip(w, g, scale, strict=True)],
        lambda w, g, scale, lr: w - lr * np.linalg.solve(np.diag(scale), g),
        lambda point, slope, by, rate: np.subtract(point, np.divide(rate * slope, by)),
    ],
    "adagrad_step": ADAGRAD,
    "errata_brackets": ADAGRAD,
    "rmsprop_step": [
        _rmsprop,
        _lists(_rmsprop),
        lambda w, s, g, lr, rho, eps: (
            w - lr / (np.sqrt(n := rho * s + (1 - rho) * g * g) + eps) * g, n
        ),
        lambda w, s, g, lr, rho, eps: [
            w - g * lr / (np.sqrt(rho * s + (1 - rho) * g**2) + eps), (1 - rho) * g**2 + rho * s
        ],
        lambda w, s, g, lr, rho, eps: np.array(_rmsprop(w, s, g, lr, rho, eps)),
    ],
    "adam_step": ADAM,
    "errata_bias_correction": ADAM,
    "adamw_step": [_with_decay(rule) for rule in ADAM],
    "softmax_cross_entropy": [
        _scores_in_a_loop,
        _scores_with_one_hot,
        _scores_by_largest,
        _scores_where,
        lambda scores, label: (
            np.logaddexp.reduce(scores) - scores[label],
            np.exp(scores - np.logaddexp.reduce(scores)) - np.eye(len(scores))[label],
        ),
    ],
    "backward": [
        _backward_by_example,
        lambda x, W, h, dh: (
            np.dot(dz := (1 - h) * (1 + h) * dh, W.T), np.dot(x.T, dz), dz.sum(0)
        ),
        lambda x, W, h, dh: [
            np.einsum("nb,ab->na", dz := dh - dh * h * h, W), np.einsum("na,nb->ab", x, dz), sum(dz)
        ],
        lambda x, W, h, dh: (
            (W @ (dz := dh * (1 - np.square(h))).T).T, (dz.T @ x).T, np.ones(len(x)) @ dz
        ),
        lambda x, W, h, dh: (
            (dz := dh * (1 - h**2)) @ W.T, (x.T @ dz).tolist(), [sum(column) for column in dz.T]
        ),
    ],
    "clip_by_norm": [
        _clipped_early,
        lambda g, limit: g * min(1.0, limit / n) if (n := np.linalg.norm(g)) else g,
        lambda g, limit: g / max(1.0, np.sqrt((g**2).sum()) / limit),
        lambda g, limit: g * limit / n**0.5 if (n := np.sum(g * g)) > limit**2 else 1.0 * g,
        lambda g, limit: np.where((n := np.sqrt(np.vdot(g, g))) > limit, g * (limit / (n or 1)), g),
    ],
    "largest_curvature": [
        _power_iteration(lambda rng, d: rng.standard_normal(d)),
        _power_iteration(lambda rng, d: rng.uniform(-1, 1, d)),
        _power_iteration(lambda rng, d: rng.random(d), lambda v: np.max(np.abs(v))),
        _power_iteration(lambda rng, d: rng.normal(0, 3, size=(d,)), lambda v: math.sqrt(v @ v)),
        _power_iteration(lambda rng, d: rng.normal(size=d), more=1),
    ],
    "tune": [
        _tune_with_the_best_so_far,
        _tune_with_a_dictionary,
        lambda run, rates, seeds: min(rates, key=lambda lr: _mean_or_inf(run(lr, s) for s in seeds)),
        lambda run, rates, seeds: rates[
            int(np.nanargmin([np.sum([run(lr, s) for s in seeds]) for lr in rates]))
        ],
        lambda run, rates, seeds: sorted(
            rates, key=lambda lr: np.nan_to_num(np.mean([run(lr, s) for s in seeds]), nan=1e300)
        )[0],
    ],
    "is_difference_real": [
        _bootstrap_in_a_loop,
        _bootstrap_of_indices,
        _bootstrap_of_counts,
        _bootstrap_by_sorting,
        lambda a, b: _bootstrap_in_a_loop(b, a),
        lambda a, b: int(_bootstrap_of_indices(a, b)),
    ],
    "errata_effective_step": [
        lambda s, lr, eps: lr / (s**0.5 + eps),
        lambda s, lr, eps: [lr / (math.sqrt(a) + eps) for a in s],
        lambda s, lr, eps: 1 / ((np.sqrt(s) + eps) / lr),
        lambda memory, rate, tiny: tuple(rate * (np.sqrt(memory) + tiny) ** -1.0),
        lambda s, lr, eps: np.divide(lr, np.add(eps, np.power(s, 0.5))),
    ],
}  # fmt: skip
VARIANTS |= {name: VARIANTS[earlier] for name, earlier in AGAIN.items()}


@pytest.mark.parametrize("name", exercises())
def test_correct_answers_pass_however_they_are_written(name):
    assert len(VARIANTS[name]) >= 5
    for i, variant in enumerate(VARIANTS[name]):
        feedback = exercises()[name].check(variant)
        assert feedback.status == "passed", f"form {i}: {feedback.message}"
