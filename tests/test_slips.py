"""A third set of wrong answers, in the words of those who make them: every one is refused.

They were written before anyone looked which of them the exercises know: 123 of the 174 had a
name then, and mistakes were added for others that are often made.
"""
# ruff: noqa: E501

import random

import numpy as np
import pytest
from errata_of import AGAIN

from gdlesson.exercises import catalogue as exercises


def only_a_whole_table(f, x, h=1e-5):
    return np.gradient([f(x - h), f(x), f(x + h)], h)


def in_place(w, g, lr):
    w -= lr * g
    return w


def returns_in_the_loop(w, g, lr):
    for i in range(len(w)):
        return w[i] - lr * g[i]


def the_same_array(grad, w0, lr, steps):
    w = w0.astype(float)
    path = [w]
    for _ in range(steps):
        w -= lr * grad(w)
        path.append(w)
    return np.array(path)


def starts_with_nothing(grad, w0, lr, steps):
    path, w = [], w0
    for _ in range(steps):
        w = w - lr * grad(w)
        path.append(w)
    return np.array(path)


def never_moves_on(grad, w0, lr, steps):
    path = [w0]
    for _ in range(steps):
        path.append(w0 - lr * grad(w0))
    return np.array(path)


def stops_when_flat(grad, w0, lr, steps):
    path = [np.array(w0, float)]
    for _ in range(steps):
        g = grad(path[-1])
        if np.linalg.norm(g) < 0.5:
            break
        path.append(path[-1] - lr * g)
    return np.array(path)


def last_row_empty(grad, w0, lr, steps):
    path = np.zeros((steps + 1, len(w0)))
    path[0] = w0
    for t in range(1, steps):
        path[t] = path[t - 1] - lr * grad(path[t - 1])
    return path


def first_row_empty(grad, w0, lr, steps):
    path, w = np.zeros((steps + 1, len(w0))), w0
    for t in range(steps):
        w = w - lr * grad(w)
        path[t + 1] = w
    return path


def cools_down(grad, w0, lr, steps):
    path = [np.array(w0, float)]
    for _ in range(steps):
        path.append(path[-1] - lr * grad(path[-1]))
        lr *= 0.9
    return np.array(path)


def starts_at_zero(grad, w0, lr, steps):
    path = np.zeros((steps + 1, len(w0)))
    for t in range(steps):
        path[t + 1] = path[t] - lr * grad(path[t])
    return path


def unit_steps(f, w, h=1e-5):
    g = np.zeros(len(w))
    for i in range(len(w)):
        e = np.zeros(len(w))
        e[i] = 1
        g[i] = (f(w + e) - f(w - e)) / (2 * h)
    return g


def first_only(f, w, h=1e-5):
    for e in h * np.eye(len(w)):
        return (f(w + e) - f(w - e)) / (2 * h)


def moves_the_callers_point(f, w, h=1e-5):
    g = []
    for i in range(len(w)):
        w[i] += h
        up = f(w)
        w[i] -= 2 * h
        g.append((up - f(w)) / (2 * h))
    return np.array(g)


def copies_forget_their_type(f, w, h=1e-5):
    g = np.zeros_like(w)
    for i in range(len(w)):
        e = np.zeros(len(w))
        e[i] = h
        g[i] = (f(w + e) - f(w - e)) / (2 * h)
    return g


def a_loop(update, order=lambda rng, n: rng.permutation(n)):
    def sgd_epoch(w, b, x, y, lr, rng):
        for i in order(rng, len(x)):
            w, b = update(w, b, x[i], y[i], lr, len(x))
        return w, b

    return sgd_epoch


def right(w, b, x, y, lr, n):
    r = w * x + b - y
    return w - 2 * lr * r * x, b - 2 * lr * r


def w_first(w, b, x, y, lr, n):
    w = w - 2 * lr * (w * x + b - y) * x
    b = b - 2 * lr * (w * x + b - y)
    return w, b


def the_shuffle_is_lost(w, b, x, y, lr, rng):
    rng.permutation(len(x))
    for p, q in zip(x, y, strict=True):
        w, b = right(w, b, p, q, lr, 1)
    return w, b


def shuffled_each(w, b, x, y, lr, rng):
    x, y = rng.permutation(x), rng.permutation(y)
    for p, q in zip(x, y, strict=True):
        w, b = right(w, b, p, q, lr, 1)
    return w, b


def collected_first(w, b, x, y, lr, rng):
    dw = db = 0
    for i in rng.permutation(len(x)):
        r = w * x[i] + b - y[i]
        dw, db = dw + 2 * r * x[i], db + 2 * r
    return w - lr * dw / len(x), b - lr * db / len(x)


def by_random(rng, n):
    order = list(range(n))
    random.shuffle(order)
    return order


def cut(order, last=lambda n, size: n):
    def minibatches(X, y, batch_size, rng):
        rows = order(rng, len(X))
        for start in range(0, last(len(X), batch_size), batch_size):
            chosen = rows[start : start + batch_size]
            yield X[chosen], y[chosen]

    return minibatches


def whole_batches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for k in range(len(X) // batch_size):
        rows = order[k * batch_size : (k + 1) * batch_size]
        yield X[rows], y[rows]


def the_order_is_not_used(X, y, batch_size, rng):
    rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]


def shuffles_the_callers(X, y, batch_size, rng):
    rng.shuffle(X)
    rng.shuffle(y)
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]


def a_new_choice(X, y, batch_size, rng):
    for _ in range(len(X) // batch_size):
        rows = rng.choice(len(X), batch_size)
        yield X[rows], y[rows]


def two_lists(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    parts = [order[i : i + batch_size] for i in range(0, len(X), batch_size)]
    return [X[rows] for rows in parts], [y[rows] for rows in parts]


def the_rows_themselves(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for i in range(0, len(X), batch_size):
        yield order[i : i + batch_size]


def equal_parts(X, y, batch_size, rng):
    parts = np.array_split(rng.permutation(len(X)), -(-len(X) // batch_size))
    return [(X[rows], y[rows]) for rows in parts]


def drops_in_a_loop(first):
    def step_decay(lr0, t, drop, every):
        for i in range(first, t + first):
            if i % every == 0:
                lr0 = lr0 * drop
        return lr0

    return step_decay


def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))


def from_error(error):
    def logistic_gradient(w, b, X, y):
        e = error(X @ w + b, y)
        return X.T @ e / len(y), np.mean(e)

    return logistic_gradient


def counted(factor, tol):
    return next((n for n in range(10**4) if factor**n <= tol), np.inf)


def endings(grad, starts, lr, steps):
    ends = [np.array(w, float) for w in starts]
    for _ in range(steps):
        ends = [w - lr * grad(w) for w in ends]
    return ends


def found_by(known):
    def count_minima(grad, starts, lr, steps, tol):
        found = []
        for w in endings(grad, starts, lr, steps):
            if not known(w, found, tol):
                found.append(w)
        return len(found)

    return count_minima


def kind_from(curvatures, tol=1e-8):
    up, down = curvatures > tol, curvatures < -tol
    if up.any() and down.any():
        return "saddle"
    return "minimum" if up.all() else "maximum" if down.all() else "undecided"


def until_flat(grad, starts, lr, steps, tol):
    found = []
    for w in starts:
        w = np.array(w, float)
        for _ in range(steps):
            if np.linalg.norm(grad(w)) < tol:
                break
            w = w - lr * grad(w)
        if all(np.linalg.norm(w - u) > tol for u in found):
            found.append(w)
    return len(found)


def adam(lines):
    """Adam with one line written another way; lines(...) → (w, m, v)."""

    def form(w, m, v, t, g, lr, beta1, beta2, eps, wd=0.0):
        m1, v1 = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        return lines(w, m1, v1, t, g, lr, beta1, beta2, eps, wd)

    return form


def hat(m, b, t):
    return m / (1 - b**t)


def adam_in_full(w, m, v, t, g, lr, b1, b2, eps):
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
    return w - lr * hat(m, b1, t) / (np.sqrt(hat(v, b2, t)) + eps), m, v


def squares_first(w, m, v, t, g, lr, b1, b2, eps):
    m, v = b1 * m + (1 - b1) * g**2, b2 * v + (1 - b2) * g
    return w - lr * hat(m, b1, t) / (np.sqrt(hat(v, b2, t)) + eps), m, v


def usual_numbers(w, m, v, t, g, lr, b1, b2, eps):
    return adam_in_full(w, m, v, t, g, lr, 0.9, 0.999, 1e-8)


def until(
    test=lambda g, w, lr, tol: abs(g) <= tol, finite=True, step=lambda g, lr: lr * g,
    results=lambda w, steps: (w, steps), more=0,
):  # fmt: skip
    """A descent that stops where test(gradient, w, lr, tol) is true, with one of its parts wrong."""

    def descend_until(grad, w, lr, tol, max_steps):
        for steps in range(max_steps + more):
            g = grad(w)
            if test(g, w, lr, tol) or (finite and not np.isfinite(g)):
                return results(w, steps)
            w = w - step(g, lr)
        return results(w, max_steps + more)

    return descend_until


def backtracked(limit):
    """backtrack with another line that the loss must not be above."""

    def backtrack(f, grad, w, lr, shrink, c):
        g = grad(w)
        while f(w - lr * g) > limit(f, g, w, lr, c):
            lr = lr * shrink
        return lr

    return backtrack


def iterated(hessian_times, v, steps, length):
    for _ in range(steps):
        v = hessian_times(v)
        v = v / length(v)
    return v @ hessian_times(v)


def _interval(d, n):
    draws = np.random.default_rng(0).choice(d, (2000, n))
    return np.percentile(draws.mean(axis=1), [2.5, 97.5])


def _tune_from_the_first(run, rates, seeds):
    best, low = rates[0], np.mean([run(rates[0], s) for s in seeds])
    for lr in rates[1:]:
        mean = np.mean([run(lr, s) for s in seeds])
        if mean < low:
            best, low = lr, mean
    return best


WRONG = {
    "derivative": [
        lambda f, x, h=1e-5: (f(x + h) - f(x)) / h,
        lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / h,
        lambda f, x, h=1e-5: (f(x + h / 2) - f(x - h / 2)) / (2 * h),
        lambda f, x, h=1e-5: f(x + h) - f(x - h) / 2 * h,
        lambda f, x, h=1e-5: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5,
        lambda f, x, h=1e-5: (f(x) - f(x + h)) / (x - x + h),
        only_a_whole_table,
    ],
    "chain": [
        lambda df, dg, g, t: df(t) * dg(t),
        lambda df, dg, g, t: df(g(t)),
        lambda df, dg, g, t: df(g(t)) + dg(t),
        lambda df, dg, g, t: df(dg(t)) * g(t),
        lambda df, dg, g, t: df(g(t)) * dg(g(t)),
        lambda df, dg, g, t: df(g(t)) * (g(t + 0.1) - g(t)) / 0.1,
        lambda df, dg, g, t: 2 * g(t) * dg(t),
        only_a_whole_table,
    ],
    "gd_step": [
        lambda w, g, lr: w + lr * g,
        lambda w, g, lr: w - g,
        lambda w, g, lr: w - 0.1 * g,
        lambda w, g, lr: w - lr * g[0],
        lambda w, g, lr: w - lr * 2 * w,
        lambda w, g, lr: (w - g) * lr,
        in_place,
        returns_in_the_loop,
    ],
    "descend_until": [
        until(finite=False),
        until(step=lambda g, lr: -lr * g),
        until(step=lambda g, lr: g),
        until(lambda g, w, lr, tol: g <= tol),
        until(lambda g, w, lr, tol: abs(g) < tol),
        until(lambda g, w, lr, tol: abs(lr * g) <= tol),
        until(lambda g, w, lr, tol: abs(w) <= tol),
        until(lambda g, w, lr, tol: g**2 <= tol),
        until(lambda g, w, lr, tol: abs(g) <= 0.1),
        until(lambda g, w, lr, tol: False),
        until(results=lambda w, steps: (steps, w)),
        until(results=lambda w, steps: (w, steps + 1)),
        until(results=lambda w, steps: w),
        until(more=-1),
        until(lambda g, w, lr, tol: g <= tol, finite=False),
        until(lambda g, w, lr, tol: abs(g) < tol, finite=False),
    ],
    "gradient_descent": [
        the_same_array,
        starts_with_nothing,
        never_moves_on,
        stops_when_flat,
        last_row_empty,
        first_row_empty,
        cools_down,
        starts_at_zero,
        lambda grad, w0, lr, steps: endings(grad, [w0], lr, steps)[0],
    ],
    "steps_needed": [
        lambda lr, L, tol: np.inf if abs(1 - lr * L) >= 1 else np.log(tol) / np.log(abs(1 - lr * L)),
        lambda lr, L, tol: np.inf if lr * L >= 2 else counted((1 - lr * L) ** 2, tol),
        lambda lr, L, tol: np.inf if lr * L >= 2 else counted(1 - lr * L, tol),
        lambda lr, L, tol: np.inf if lr * L > 1 else counted(1 - lr * L, tol),
        lambda lr, L, tol: 0 if lr * L >= 2 else counted(abs(1 - lr * L), tol),
        lambda lr, L, tol: np.inf if lr * L >= 2 else counted(abs(1 - lr * L), tol) + 1,
        lambda lr, L, tol: np.inf if lr * L >= 2 else counted(abs(1 - lr * L), tol) - 1,
        lambda lr, L, tol: np.inf if lr * L >= 2 else counted(abs(1 - lr * L), 1e-6),
    ],
    "convergence_factors": [
        lambda c, lr: abs(1 - lr * c),
        lambda c, lr: (1 - lr * c) ** 2,
        lambda c, lr: 1 + lr * c,
        lambda c, lr: 1 - c / lr,
        lambda c, lr: max(1 - lr * c),
        lambda c, lr: 1 - lr * max(c),
        lambda c, lr: 1 - 2 * lr * c,
        lambda c, lr: lr * c,
    ],
    "standardise": [
        lambda x: x - np.mean(x),
        lambda x: (x - np.mean(x)) / np.var(x) if np.var(x) else np.zeros(len(x)),
        lambda x: (x - np.min(x)) / (np.max(x) - np.min(x)) if np.ptp(x) else np.zeros(len(x)),
        lambda x: (np.mean(x) - x) / np.std(x) if np.ptp(x) else np.zeros(len(x)),
        lambda x: (x - np.median(x)) / np.std(x) if np.ptp(x) else np.zeros(len(x)),
        lambda x: x - np.mean(x) / np.std(x) if np.ptp(x) else np.zeros(len(x)),
        lambda x: (x - np.mean(x)) * np.std(x),
        lambda x: (x - x[0]) / np.std(x) if np.ptp(x) else np.zeros(len(x)),
    ],
    "mse_gradient": [
        lambda w, b, x, y: (2 * np.mean((y - w * x - b) * x), 2 * np.mean(y - w * x - b)),
        lambda w, b, x, y: (np.sum((w * x + b - y) * x), np.sum(w * x + b - y)),
        lambda w, b, x, y: (-2 * np.mean((y - w * x - b) * x), 2 * np.mean(y - w * x - b)),
        lambda w, b, x, y: (2 * np.mean((w * x + b - y) * x) / len(x), 2 * np.mean(w * x + b - y) / len(x)),
        lambda w, b, x, y: (np.mean((w * x + b - y) ** 2), 2 * np.mean((w * x + b - y) * x), 2 * np.mean(w * x + b - y)),
        lambda w, b, x, y: (2 * np.mean((w * x - y) * x), 2 * np.mean(w * x - y)),
        lambda w, b, x, y: (2 * (w * x + b - y) * x, 2 * (w * x + b - y)),
        lambda w, b, x, y: (2 * np.mean(w * x + b - y * x), 2 * np.mean(w * x + b - y)),
    ],
    "numerical_gradient": [
        unit_steps,
        first_only,
        moves_the_callers_point,
        copies_forget_their_type,
        lambda f, w, h=1e-5: np.array([(f(w + h) - f(w - h)) / (2 * h) for _ in w]),
        lambda f, w, h=1e-5: np.array([(f(w + e) - f(w)) / h for e in h * np.eye(len(w))]),
        lambda f, w, h=1e-5: np.array([(f(w[i] + h) - f(w[i] - h)) / (2 * h) for i in range(len(w))]),
        lambda f, w, h=1e-5: np.array([(f(w + e) - f(w - e)) / h for e in h * np.eye(len(w))]),
    ],
    "sgd_epoch": [
        a_loop(w_first),
        a_loop(right, lambda rng, n: range(n)),
        a_loop(right, lambda rng, n: rng.integers(n, size=n)),
        a_loop(right, by_random),
        a_loop(lambda w, b, x, y, lr, n: right(w, b, x, y, lr / n, n)),
        a_loop(lambda w, b, x, y, lr, n: right(w, b, x, y, -lr, n)),
        a_loop(lambda w, b, x, y, lr, n: right(w, b, x, y, lr / 2, n)),
        the_shuffle_is_lost,
        shuffled_each,
        collected_first,
    ],
    "backtrack": [
        backtracked(lambda f, g, w, lr, c: f(w)),
        backtracked(lambda f, g, w, lr, c: f(w) - c * np.sum(g**2)),
        backtracked(lambda f, g, w, lr, c: f(w) - lr * np.sum(g**2)),
        backtracked(lambda f, g, w, lr, c: f(w) - c * lr * np.linalg.norm(g)),
        backtracked(lambda f, g, w, lr, c: f(w) + c * lr * np.sum(g**2)),
        backtracked(lambda f, g, w, lr, c: f(w) - c * lr * np.mean(g**2)),
        lambda f, grad, w, lr, shrink, c: lr,
        lambda f, grad, w, lr, shrink, c: lr * shrink,
    ],
    "step_decay": [
        lambda lr0, t, drop, every: lr0 * drop ** (t / every),
        lambda lr0, t, drop, every: lr0 * drop ** (t % every),
        lambda lr0, t, drop, every: lr0 * drop * (t // every),
        lambda lr0, t, drop, every: lr0 if t < every else lr0 * drop,
        lambda lr0, t, drop, every: lr0 * drop ** (every // t) if t else lr0,
        lambda lr0, t, drop, every: lr0 * np.exp(-drop * (t // every)),
        lambda lr0, t, drop, every: lr0 * 0.5 ** (t // every),
        drops_in_a_loop(0),
    ],
    "cosine_decay": [
        lambda lr0, t, T: lr0 * np.cos(np.pi * t / T),
        lambda lr0, t, T: lr0 * (1 + np.cos(np.pi * t / T)),
        lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(t / T)),
        lambda lr0, t, T: 0.5 * lr0 * (1 - np.cos(np.pi * t / T)),
        lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(np.pi * t) / T),
        lambda lr0, t, T: lr0 * max(0.0, np.cos(np.pi * t / T)),
        lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(np.pi * (t % T) / T)),
    ],
    "minibatches": [
        cut(lambda rng, n: np.arange(n)),
        cut(lambda rng, n: rng.permutation(n), lambda n, size: n - size),
        cut(lambda rng, n: np.random.default_rng(1).permutation(n)),
        cut(lambda rng, n: rng.choice(n, n)),
        whole_batches,
        the_order_is_not_used,
        shuffles_the_callers,
        a_new_choice,
        two_lists,
        the_rows_themselves,
        equal_parts,
    ],
    "best_epoch": [
        lambda losses, patience: int(np.argmin(losses)),
        lambda losses, patience: len(losses) - 1,
        lambda losses, patience: int(np.argmin(losses[:patience])),
        lambda losses, patience: min(losses),
        lambda losses, patience: int(np.argmin(losses)) - patience,
    ],
    "logistic_gradient": [
        from_error(lambda z, y: y - sigmoid(z)),
        from_error(lambda z, y: z - y),
        from_error(lambda z, y: (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z))),
        from_error(lambda z, y: np.clip(sigmoid(z), 1e-7, 1 - 1e-7) - y),
        from_error(lambda z, y: np.exp(z) / (1 + np.exp(z)) - y),
        lambda w, b, X, y: (X.T @ (sigmoid(X @ w + b) - y), np.sum(sigmoid(X @ w + b) - y)),
        lambda w, b, X, y: (X.T @ (sigmoid(X @ w) - y) / len(y), np.mean(sigmoid(X @ w) - y)),
        lambda w, b, X, y: (X @ (sigmoid(X @ w + b) - y) / len(y), np.mean(sigmoid(X @ w + b) - y)),
        lambda w, b, X, y: (np.mean(X.T * (sigmoid(X @ w + b) - y)), np.mean(sigmoid(X @ w + b) - y)),
    ],
    "count_minima": [
        lambda grad, starts, lr, steps, tol: len(starts),
        lambda grad, starts, lr, steps, tol: len(np.unique(endings(grad, starts, lr, steps))),
        lambda grad, starts, lr, steps, tol: len(np.unique(np.round(endings(grad, starts, lr, steps), 3), axis=0)),
        found_by(lambda w, found, tol: found and np.linalg.norm(w - found[-1]) < tol),
        found_by(lambda w, found, tol: found and np.linalg.norm(w - found[0]) < tol),
        found_by(lambda w, found, tol: any(abs(np.sum(w - u)) < tol for u in found)),
        found_by(lambda w, found, tol: any(np.linalg.norm(w - u) > tol for u in found)),
        until_flat,
    ],
    "kind_of_point": [
        lambda hessian: "minimum" if np.linalg.det(hessian) > 0 else "saddle",
        lambda hessian: kind_from(np.diag(hessian)),
        lambda hessian: kind_from(np.linalg.eigvalsh(hessian), tol=0),
        lambda hessian: kind_from(np.linalg.svd(hessian)[1]),
        lambda hessian: kind_from(-np.linalg.eigvalsh(hessian)),
        lambda hessian: kind_from(np.array([np.trace(hessian)])),
    ],
    "momentum_step": [
        lambda w, v, g, lr, beta: (w - lr * v, beta * v + g),
        lambda w, v, g, lr, beta: (w - lr * (n := beta * v + (1 - beta) * g), n),
        lambda w, v, g, lr, beta: (w - lr * g + beta * v, beta * v + g),
        lambda w, v, g, lr, beta: (w - lr * g - beta * v, lr * g + beta * v),
        lambda w, v, g, lr, beta: (w - lr * g - beta * v, beta * v + g),
        lambda w, v, g, lr, beta: (w + (n := beta * v - lr * g), n),
        lambda w, v, g, lr, beta: (w - (n := beta * v + g), n),
        lambda w, v, g, lr, beta: (w + lr * (n := beta * v + g), n),
        lambda w, v, g, lr, beta: w - lr * (beta * v + g),
    ],
    "nesterov_step": [
        lambda w, v, grad, lr, beta: (w - lr * (n := beta * v + grad(w)), n),
        lambda w, v, grad, lr, beta: (w - lr * (n := beta * v + grad(w - beta * v)), n),
        lambda w, v, grad, lr, beta: (w - lr * (n := beta * v + grad(w + lr * beta * v)), n),
        lambda w, v, grad, lr, beta: ((a := w - lr * beta * v) - lr * (n := beta * v + grad(a)), n),
        lambda w, v, grad, lr, beta: (w - (n := beta * v + lr * grad(w - lr * beta * v)), n),
        lambda w, v, grad, lr, beta: (w - lr * (beta * v + grad(w - lr * beta * v)), v),
        lambda w, v, grad, lr, beta: (w - lr * (n := beta * v + (1 - beta) * grad(w - lr * beta * v)), n),
        lambda w, v, grad, lr, beta: (w + beta * (n := beta * v - lr * grad(w)) - lr * grad(w), n),
    ],
    "newton_step": [
        lambda w, g, H: w + np.linalg.solve(H, g),
        lambda w, g, H: w - H @ g,
        lambda w, g, H: w - g / np.diag(H),
        lambda w, g, H: w - (g / H).sum(axis=1),
        lambda w, g, H: w - np.linalg.inv(H) * g,
        lambda w, g, H: np.linalg.solve(H, g),
        lambda w, g, H: w - 0.1 * np.linalg.solve(H, g),
        lambda w, g, H: w - np.linalg.solve(H, w),
    ],
    "rescaled_step": [
        lambda w, g, scale, lr: w + lr * g / scale,
        lambda w, g, scale, lr: w - lr * g * scale,
        lambda w, g, scale, lr: w - lr * g / np.sqrt(scale),
        lambda w, g, scale, lr: w - g / scale,
        lambda w, g, scale, lr: w - lr * g,
        lambda w, g, scale, lr: (w - lr * g) / scale,
        lambda w, g, scale, lr: w - lr * g / np.max(scale),
        lambda w, g, scale, lr: lr * g / scale,
    ],
    "adagrad_step": [
        lambda w, s, g, lr, eps: (w - lr * g / (np.abs(g) + eps), g**2),
        lambda w, s, g, lr, eps: (w - lr * g / np.sqrt(s + g**2 + eps), s + g**2),
        lambda w, s, g, lr, eps: (w - lr * g / (s + g**2 + eps), s + g**2),
        lambda w, s, g, lr, eps: (w - lr / np.sqrt(s + g**2) + eps * g, s + g**2),
        lambda w, s, g, lr, eps: (w - lr * g / (np.sqrt(s) + eps), s + g**2),
        lambda w, s, g, lr, eps: (w - lr * g / (np.sqrt(s + g) + eps), s + g),
        lambda w, s, g, lr, eps: (w - lr / (np.sqrt(s + g**2) + eps), s + g**2),
        lambda w, s, g, lr, eps: (w - lr * g / (np.sqrt(s + g**2) + eps), s),
    ],
    "rmsprop_step": [
        lambda w, s, g, lr, rho, eps: (w - lr * g / (np.sqrt(n := (1 - rho) * s + rho * g**2) + eps), n),
        lambda w, s, g, lr, rho, eps: (w - lr * g / (np.sqrt(n := s + g**2) + eps), n),
        lambda w, s, g, lr, rho, eps: (w - lr * g / ((n := rho * s + (1 - rho) * g**2) + eps), n),
        lambda w, s, g, lr, rho, eps: (w - lr * g / np.sqrt((n := rho * s + (1 - rho) * g**2) + eps), n),
        lambda w, s, g, lr, rho, eps: (w - lr * g / np.sqrt(n := rho * s + (1 - rho) * g**2), n),
        lambda w, s, g, lr, rho, eps: (w - lr * g / (np.sqrt(n := rho * s + g**2) + eps), n),
        lambda w, s, g, lr, rho, eps: (w - lr * g / (np.sqrt(n := 0.9 * s + 0.1 * g**2) + eps), n),
        lambda w, s, g, lr, rho, eps: (w - lr * g / (np.sqrt(n := rho * s + (1 - rho) * g) + eps), n),
    ],
    "adam_step": [
        adam(lambda w, m, v, t, g, lr, b1, b2, eps, wd: (w - lr * m / (np.sqrt(v) + eps), m, v)),
        adam(lambda w, m, v, t, g, lr, b1, b2, eps, wd: (w - lr * hat(m, b1, t) / (np.sqrt(v) + eps), m, v)),
        adam(lambda w, m, v, t, g, lr, b1, b2, eps, wd: (w - lr * hat(m, b1, t) / (np.sqrt(hat(v, b1, t)) + eps), m, v)),
        adam(lambda w, m, v, t, g, lr, b1, b2, eps, wd: (w - lr * hat(m, b1, t) / (np.sqrt(hat(v, b2, t)) + eps), hat(m, b1, t), hat(v, b2, t))),
        adam(lambda w, m, v, t, g, lr, b1, b2, eps, wd: (w - lr * hat(m, b1, t + 1) / (np.sqrt(hat(v, b2, t + 1)) + eps), m, v)),
        adam(lambda w, m, v, t, g, lr, b1, b2, eps, wd: (w - lr * hat(m, b1, t) / (hat(v, b2, t) + eps), m, v)),
        adam(lambda w, m, v, t, g, lr, b1, b2, eps, wd: (w - lr * hat(m, b1, t) / (np.sqrt(hat(v, b2, t)) + eps), v, m)),
        squares_first,
        usual_numbers,
    ],
    "adamw_step": [
        lambda w, m, v, t, g, lr, b1, b2, eps, wd: adam_in_full(w, m, v, t, g + wd * w, lr, b1, b2, eps),
        lambda w, m, v, t, g, lr, b1, b2, eps, wd: adam_in_full(w, m, v, t, g, lr, b1, b2, eps),
        lambda w, m, v, t, g, lr, b1, b2, eps, wd: adam_in_full(w * (1 - wd), m, v, t, g, lr, b1, b2, eps),
        lambda w, m, v, t, g, lr, b1, b2, eps, wd: adam_in_full(w - lr * wd * g, m, v, t, g, lr, b1, b2, eps),
        lambda w, m, v, t, g, lr, b1, b2, eps, wd: adam_in_full(w * (1 + lr * wd), m, v, t, g, lr, b1, b2, eps),
        lambda w, m, v, t, g, lr, b1, b2, eps, wd: adam_in_full(w - lr * wd, m, v, t, g, lr, b1, b2, eps),
        adam(lambda w, m, v, t, g, lr, b1, b2, eps, wd: ((n := w - lr * hat(m, b1, t) / (np.sqrt(hat(v, b2, t)) + eps)) - lr * wd * n, m, v)),
    ],
    "errata_bias_correction": [
        lambda w, m, v, t, g, lr, b1, b2, eps, i=0: adam_in_full(w, m, v, i + 1, g, lr, b1, b2, eps),
        lambda w, m, v, t, g, lr, b1, b2, eps, i=0: adam_in_full(w, m, v, t + 1, g, lr, b1, b2, eps),
        lambda w, m, v, t, g, lr, b1, b2, eps, i=0: adam_in_full(w, m, v, t - i, g, lr, b1, b2, eps),
        adam(lambda w, m, v, t, g, lr, b1, b2, eps, i: (w - lr * hat(m, b1, t) / (np.sqrt(hat(v, b2, i + 1)) + eps), m, v)),
    ],
    "errata_brackets": [
        lambda w, s, g, lr, eps: (w - lr * g / np.sqrt(s + g**2) + eps, s + g**2),
        lambda w, s, g, lr, eps: (w - lr * g / np.sqrt(s + g**2 + eps), s + g**2),
        lambda w, s, g, lr, eps: (w - lr * (g / np.sqrt(s + g**2)) + eps, s + g**2),
        lambda w, s, g, lr, eps: (w - lr * g / (np.sqrt(s + g**2) * eps), s + g**2),
    ],
    "errata_regression_gradient": [
        lambda w, b, x, y: (2 * x * np.mean(w * x + b - y), 2 * np.mean(w * x + b - y)),
        lambda w, b, x, y: (2 * np.mean(x) * np.mean(w * x + b - y), 2 * np.mean(w * x + b - y)),
        lambda w, b, x, y: (2 * np.sum(x * (w * x + b - y)), 2 * np.sum(w * x + b - y)),
        lambda w, b, x, y: (2 * x * (w * x + b - y), 2 * np.mean(w * x + b - y)),
    ],
    "softmax_cross_entropy": [
        lambda scores, label: (-np.log(p[label]), p) if (p := np.exp(scores) / np.exp(scores).sum()) is not None else None,
        lambda scores, label: (np.logaddexp.reduce(scores) - scores[label], np.exp(scores - np.logaddexp.reduce(scores))),
        lambda scores, label: (np.logaddexp.reduce(scores) - scores[label], np.eye(len(scores))[label] - np.exp(scores - np.logaddexp.reduce(scores))),
        lambda scores, label: (scores[label] - np.logaddexp.reduce(scores), np.exp(scores - np.logaddexp.reduce(scores)) - np.eye(len(scores))[label]),
    ],
    "backward": [
        lambda x, W, h, dh: (dh @ W.T, x.T @ dh, dh.sum(0)),
        lambda x, W, h, dh: ((dz := dh * (1 - np.tanh(h) ** 2)) @ W.T, x.T @ dz, dz.sum(0)),
        lambda x, W, h, dh: ((dz := dh * (1 - h**2)) @ W.T, x.T @ dz, dz.mean(0)),
        lambda x, W, h, dh: ((dz := dh * (1 - h**2)) @ W.T, x.T @ dz / len(x), dz.sum(0)),
        lambda x, W, h, dh: (dh @ W.T, x.T @ (dz := dh * (1 - h**2)), dz.sum(0)),
    ],
    "clip_by_norm": [
        lambda g, limit: np.clip(g, -limit, limit),
        lambda g, limit: g * limit / np.linalg.norm(g),
        lambda g, limit: g / np.linalg.norm(g) if np.linalg.norm(g) > limit else g,
        lambda g, limit: g * limit if np.linalg.norm(g) > limit else g,
        lambda g, limit: g * limit / np.max(np.abs(g)) if np.max(np.abs(g)) > limit else g,
    ],
    "largest_curvature": [
        lambda hessian_times, d, steps, rng: np.linalg.norm(hessian_times(v := rng.normal(size=d)) / np.linalg.norm(v)),
        lambda hessian_times, d, steps, rng: (v := rng.normal(size=d)) @ hessian_times(v) / (v @ v),
        lambda hessian_times, d, steps, rng: iterated(hessian_times, rng.normal(size=d), steps, lambda v: 1.0),
        lambda hessian_times, d, steps, rng: iterated(hessian_times, np.ones(d), steps, np.linalg.norm),
        lambda hessian_times, d, steps, rng: iterated(hessian_times, rng.normal(size=d), steps, lambda v: v @ v),
    ],
    "variance_of_batch": [
        lambda sigma2, B, n: sigma2 / n,
        lambda sigma2, B, n: sigma2 / B * (1 - 1 / n),
        lambda sigma2, B, n: (sigma2 / B) ** 0.5,
        lambda sigma2, B, n: sigma2 / B**2 * (1 - B / n),
        lambda sigma2, B, n: sigma2 / B * (1 + B / n),
        lambda sigma2, B, n: sigma2 / B * (1 - n / B),
        lambda sigma2, B, n: sigma2 * (1 - B / n),
        lambda sigma2, B, n: sigma2 * B * (1 - B / n),
    ],
    "tune": [
        lambda run, rates, seeds: rates[np.argmin([np.mean([run(lr, s) for s in seeds]) for lr in rates])],
        lambda run, rates, seeds: rates[np.nanargmin([np.nanmin([run(lr, s) for s in seeds] + [np.inf]) for lr in rates])],
        lambda run, rates, seeds: np.nanargmin([np.mean([run(lr, s) for s in seeds]) for lr in rates]),
        lambda run, rates, seeds: np.nanmin([np.mean([run(lr, s) for s in seeds]) for lr in rates]),
        lambda run, rates, seeds: rates[np.nanargmin([run(lr, seeds[0]) for lr in rates])],
        lambda run, rates, seeds: min(rates, key=lambda lr: np.nanmedian([run(lr, s) for s in seeds])),
        lambda run, rates, seeds: rates[-1],
        lambda run, rates, seeds: min(rates, key=lambda lr: np.median(np.nan_to_num([run(lr, s) for s in seeds], nan=np.inf))),
        _tune_from_the_first,
    ],
    "is_difference_real": [
        lambda a, b: _interval(a - b, 10)[0] > 0 or _interval(a - b, 10)[1] < 0,
        lambda a, b: _interval(np.abs(a - b), len(a))[0] > 0,
        lambda a, b: not _interval(a - b, len(a))[0] < 0 < _interval(a - b, len(a))[1],
        lambda a, b: np.mean(a) < np.mean(b),
        lambda a, b: min(a) < min(b),
        lambda a, b: abs(np.mean(a) - np.mean(b)) > np.std(a - b),
        lambda a, b: abs(np.mean(a) - np.mean(b)) > 2 * np.sqrt((np.var(a) + np.var(b)) / len(a)),
        lambda a, b: max(a) < min(b) or max(b) < min(a),
        lambda a, b: all(a < b) or all(a > b),
    ],
    "errata_effective_step": [
        lambda s, lr, eps: lr / (s + eps),
        lambda s, lr, eps: lr / np.sqrt(s) + eps,
        lambda s, lr, eps: lr / np.sqrt(s + eps),
        lambda s, lr, eps: np.sqrt(lr) / (np.sqrt(s) + eps),
        lambda s, lr, eps: lr * s / (np.sqrt(s) + eps),
    ],
}  # fmt: skip


@pytest.mark.slow
def test_every_slip_is_refused_and_most_are_named():
    assert set(WRONG) | set(AGAIN) == set(exercises())
    said = {
        (name, i): exercises()[name].check(fn)
        for name, forms in WRONG.items()
        for i, fn in enumerate(forms)
    }
    assert [where for where, feedback in said.items() if feedback.status == "passed"] == []
    named = sum(feedback.mistake is not None for feedback in said.values())
    print(f"{len(said)} slips: {len(said)} refused, {named} named")
    assert len(said) >= 60 and named >= 0.9 * len(said)
