"""Wrong answers written after the mistakes, without a look at them: every one is refused.

14 of the 95 had a name at first; those that learners make were added to the exercises.
"""
# ruff: noqa: E501

import numpy as np
import pytest
from errata_of import AGAIN

from gdlesson.exercises import catalogue as exercises


def _path(rule, rows=0):
    def form(grad, w0, lr, steps):
        path = [np.array(w0, float)]
        for t in range(steps + rows):
            path.append(rule(path, grad, lr, t))
        return np.array(path)

    return form


def _steps(factor, tol):
    """The least n with factorⁿ ≤ tol."""
    return np.inf if factor >= 1 else next(n for n in range(10**4) if factor**n <= tol)


def _adam(m1=None, b=None, out=None, wd=lambda w, lr, d: lr * d * w):
    def form(w, m, v, t, g, lr, beta1, beta2, eps, d=0.0):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        d = 0.0 if isinstance(d, int) else d
        up = m / (1 - beta1**t) if m1 is None else m1(m, beta1, t, g)
        down = np.sqrt(v / (1 - beta2**t)) if b is None else b(v, beta2, t, g)
        new = w - lr * up / (down + eps) if out is None else out(w, up, down, lr, eps)
        return new - wd(w, lr, d), m, v

    return form


def _no_shuffle_twice(X, y, size, rng):
    order = rng.permutation(len(X))
    for i in range(0, len(X), size):
        yield X[order[i : i + size]], y[i : i + size]


def _sorted_batches(X, y, size, rng):
    order = rng.permutation(len(X))
    for i in range(size, len(X) + 1, size):
        yield X[order[i - size : i]], y[order[i - size : i]]


def _half(X, y, size, rng):
    order = rng.permutation(len(X))[: len(X) // 2]
    for i in range(0, len(order), size):
        yield X[order[i : i + size]], y[order[i : i + size]]


def _more(X, y, size, rng):
    order = rng.permutation(len(X))
    for i in range(0, len(X), size + 1):
        yield X[order[i : i + size + 1]], y[order[i : i + size + 1]]


def _global(X, y, size, rng):
    order = np.random.permutation(len(X))
    for i in range(0, len(X), size):
        yield X[order[i : i + size]], y[order[i : i + size]]


def _sgd(update, order=lambda rng, n: rng.permutation(n)):
    def form(w, b, x, y, lr, rng):
        for i in order(rng, len(x)):
            w, b = update(w, b, x[i], y[i], lr)
        return w, b

    return form


def _good(w, b, x, y, lr):
    return w - 2 * lr * (w * x + b - y) * x, b - 2 * lr * (w * x + b - y)


def _s(z):
    return 1 / (1 + np.exp(-z))


def _until(test, step=lambda g, lr, t: lr * g, change=lambda w: w):
    """A descent that stops where test(gradient, tol) is true or the gradient is not finite."""

    def descend_until(grad, w, lr, tol, max_steps):
        for t in range(max_steps):
            g = grad(w)
            if test(g, tol) or not np.isfinite(g):
                return w, t
            w = change(w - step(g, lr, t))
        return w, max_steps

    return descend_until


def _small(g, tol):
    return abs(g) <= tol


def _backtracked(fall):
    def backtrack(f, grad, w, lr, shrink, c):
        g = grad(w)
        for _ in range(300):
            if f(w - lr * g) <= f(w) - fall(lr, c, g):
                break
            lr = lr * shrink
        return lr

    return backtrack


WRONG = {
    "derivative": [
        lambda f, x, h=1e-5: (f(x + 2 * h) - f(x)) / (2 * h),
        lambda f, x, h=1e-5: abs(f(x + h) - f(x - h)) / (2 * h),
        lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / 2,
        lambda f, x, h=1e-5: (f(x + h) - f(x)) / h**2,
        lambda f, x, h=1e-5: round((f(x + h) - f(x - h)) / (2 * h), 3),
        lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / (2 * h) if abs(x) < 10 else f(x),
        lambda f, x, h=1e-5: f(x + h - (x - h)) / (2 * h),
    ],
    "chain": [
        lambda df, dg, g, t: df(g(t)) * dg(t) / 2,
        lambda df, dg, g, t: df(g(t) * dg(t)),
        lambda df, dg, g, t: dg(df(t)),
        lambda df, dg, g, t: df(g(t)) * dg(0),
        lambda df, dg, g, t: df(g(t)) ** dg(t),
        lambda df, dg, g, t: df(g(t)) * dg(t) * t,
        lambda df, dg, g, t: df(g(t)) * (dg(t) if t < 10 else 1),
        lambda df, dg, g, t: max(df(g(t)) * dg(t), 0),
    ],
    "gd_step": [
        lambda w, g, lr: w - lr * g / 2,
        lambda w, g, lr: w - lr * np.abs(g),
        lambda w, g, lr: w - np.clip(lr * g, -1, 1),
        lambda w, g, lr: np.maximum(w - lr * g, 0),
        lambda w, g, lr: g - lr * w,
        lambda w, g, lr: w - lr - g,
        lambda w, g, lr: w - lr * np.clip(g, -1000, 1000),
        lambda w, g, lr: w - lr * g / max(1, np.linalg.norm(g)),
        lambda w, g, lr: w - lr * np.where(np.abs(g) < 1e-6, 0, g),
    ],
    "descend_until": [
        _until(lambda g, tol: abs(g) <= 2 * tol),
        _until(lambda g, tol: abs(g) <= max(tol, 0.1)),
        _until(lambda g, tol: abs(g) <= min(tol, 1)),
        _until(lambda g, tol: np.sqrt(abs(g)) <= tol),
        _until(_small, lambda g, lr, t: lr * np.clip(g, -1, 1)),
        _until(_small, lambda g, lr, t: lr * g / (t + 1)),
        _until(_small, lambda g, lr, t: lr * np.sign(g)),
        _until(_small, change=lambda w: max(w, 0)),
        _until(_small, change=lambda w: round(w, 3)),
    ],
    "gradient_descent": [
        _path(lambda p, grad, lr, t: p[-1] - lr * grad(p[-1]) / (t + 1)),
        _path(lambda p, grad, lr, t: p[-1] - lr**t * grad(p[-1])),
        _path(lambda p, grad, lr, t: p[0] - lr * t * grad(p[0])),
        _path(lambda p, grad, lr, t: p[-1] - lr * grad(p[max(0, len(p) - 2)])),
        _path(lambda p, grad, lr, t: p[-1] - lr * grad(p[-1]), rows=-1),
        _path(lambda p, grad, lr, t: p[-1] - lr * np.clip(grad(p[-1]), -100, 100)),
        _path(lambda p, grad, lr, t: p[-1] - min(lr, 1) * grad(p[-1])),
        _path(lambda p, grad, lr, t: p[-1] - lr * grad(p[-1]) * (t < 100)),
        _path(lambda p, grad, lr, t: p[-1] - (lr * grad(p[-1]) if t else 0)),
    ],
    "steps_needed": [
        lambda lr, L, tol: _steps(abs(1 - lr * L), tol) if lr < 1 / L else 1,
        lambda lr, L, tol: _steps(abs(1 - lr * L), tol**2),
        lambda lr, L, tol: _steps(abs(1 - lr * L) ** 0.5, tol),
        lambda lr, L, tol: _steps(abs(1 - lr * L / 2), tol),
        lambda lr, L, tol: _steps(max(1 - lr * L, 0), tol),
        lambda lr, L, tol: min(_steps(abs(1 - lr * L), tol), 100),
        lambda lr, L, tol: -_steps(abs(1 - lr * L), tol),
    ],
    "convergence_factors": [
        lambda c, lr: 1 - lr * c**2,
        lambda c, lr: (1 - lr) ** c,
        lambda c, lr: [1 - lr * c[0]],
        lambda c, lr: 1 - lr * np.sqrt(c),
        lambda c, lr: np.where(lr * c > 1, -1, 1 - lr * c),
        lambda c, lr: 1 - lr / np.max(c) * c,
    ],
    "standardise": [
        lambda x: 2 * (x - np.mean(x)) / np.std(x) if np.ptp(x) else np.zeros(len(x)),
        lambda x: np.sort((x - np.mean(x)) / np.std(x)) if np.ptp(x) else np.zeros(len(x)),
        lambda x: (x - np.mean(x)) / np.std(x) ** 0.5 if np.ptp(x) else np.zeros(len(x)),
        lambda x: np.clip((x - np.mean(x)) / np.std(x), -3, 3) if np.ptp(x) else np.zeros(len(x)),
        lambda x: (x - np.mean(x[1:])) / np.std(x) if np.ptp(x) else np.zeros(len(x)),
    ],
    "mse_gradient": [
        lambda w, b, x, y: (2 * np.mean((w * x + b - y) * x), 2 * np.mean(w * x + b) - np.mean(y)),
        lambda w, b, x, y: (2 * np.mean((w * x - b - y) * x), 2 * np.mean(w * x - b - y)),
        lambda w, b, x, y: (2 * np.mean((w * x + b - y) * y), 2 * np.mean(w * x + b - y)),
        lambda w, b, x, y: (2 * np.median((w * x + b - y) * x), 2 * np.median(w * x + b - y)),
        lambda w, b, x, y: tuple(
            2 * np.sum((w * x + b - y) * k) / (len(x) - 1 or 1) for k in (x, 1)
        ),
        lambda w, b, x, y: (2 * np.mean((w * x + b - y) * x**2), 2 * np.mean(w * x + b - y)),
    ],
    "numerical_gradient": [
        lambda f, w, h=1e-5: np.array([(f(w + h * e) - f(w - h * e)) / h / 4 for e in np.eye(len(w))]),
        lambda f, w, h=1e-5: np.array([(f(w + h * e) - f(w - h * e)) / 2 / h for e in np.eye(len(w))])[::-1],
        lambda f, w, h=1e-5: np.array([abs(f(w + h * e) - f(w - h * e)) / 2 / h for e in np.eye(len(w))]),
        lambda f, w, h=1e-5: np.array([(f(h * e) - f(-h * e)) / 2 / h for e in np.eye(len(w))]),
        lambda f, w, h=1e-5: np.array([(f(w + h * e) - f(w - h * e)) / 2 / h for e in np.eye(len(w))[:9]]),
        lambda f, w, h=1e-5: np.clip([(f(w + h * e) - f(w - h * e)) / 2 / h for e in np.eye(len(w))], -1e3, 1e3),
    ],
    "sgd_epoch": [
        _sgd(lambda w, b, x, y, lr: (w - 2 * lr * (w * x + b - y) * x, b + 2 * lr * (w * x + b - y))),
        _sgd(lambda w, b, x, y, lr: _good(w, b, x, y, lr / 4)),
        _sgd(_good, lambda rng, n: [*rng.permutation(n), 0]),
        _sgd(_good, lambda rng, n: np.random.permutation(n)),
        _sgd(_good, lambda rng, n: np.roll(range(n), rng.integers(n))[: n - 1]),
    ],
    "minibatches": [_no_shuffle_twice, _sorted_batches, _half, _more, _global],
    "backtrack": [
        _backtracked(lambda lr, c, g: c * lr * np.sum(g) ** 2),
        _backtracked(lambda lr, c, g: (1 - c) * lr * np.sum(g**2)),
        _backtracked(lambda lr, c, g: c * lr * 3 * np.sum(g**2)),
        lambda f, grad, w, lr, shrink, c: min(lr, 1.0),
    ],
    "step_decay": [
        lambda lr0, t, drop, every: lr0 * drop ** round(t / every),
        lambda lr0, t, drop, every: lr0 * drop * (t // every + 1),
        lambda lr0, t, drop, every: lr0 / (1 + drop * (t // every)),
        lambda lr0, t, drop, every: max(lr0 * drop ** (t // every), 0.01),
    ],
    "cosine_decay": [
        lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(np.pi * t // T)),
        lambda lr0, t, T: abs(lr0 * np.cos(np.pi * t / T)),
        lambda lr0, t, T: 0.5 * lr0 * (1 + np.cos(3.14 * t / T)),
        lambda lr0, t, T: 0.5 + lr0 * np.cos(np.pi * t / T) / 2,
    ],
    "best_epoch": [
        lambda losses, patience: next((e for e in range(1, len(losses))
                                       if losses[e] > losses[e - 1]), len(losses)) - 1,
        lambda losses, patience: int(np.argmin(losses[: patience + 1])),
        lambda losses, patience: int(np.argmax(losses)),
        lambda losses, patience: int(np.argmin(losses)) + 1,
        lambda losses, patience: len(losses) - 1 - int(np.argmin(losses[::-1])),
    ],
    "logistic_gradient": [
        lambda w, b, X, y: (X.T @ (_s(X @ w + b) - y) / X.size, np.mean(_s(X @ w + b) - y)),
        lambda w, b, X, y: (X.T @ (_s(X @ w + b) - y) / len(y), 0.0),
        lambda w, b, X, y: (X.T @ (_s(X @ w - b) - y) / len(y), np.mean(_s(X @ w - b) - y)),
        lambda w, b, X, y: (X.T @ abs(_s(X @ w + b) - y) / len(y), np.mean(_s(X @ w + b) - y)),
        lambda w, b, X, y: (np.mean(X.T @ (_s(X @ w + b) - y)), np.mean(_s(X @ w + b) - y)),
    ],
    "count_minima": [
        lambda grad, starts, lr, steps, tol: 2,
        lambda grad, starts, lr, steps, tol: len({tuple(s) for s in starts}),
        lambda grad, starts, lr, steps, tol: sum(np.linalg.norm(grad(s)) < tol for s in starts),
        lambda grad, starts, lr, steps, tol: 1,
    ],
    "kind_of_point": [
        lambda hessian: "saddle",
        lambda hessian: "minimum" if (hessian > 0).all() else "saddle",
        lambda hessian: "minimum" if np.sum(hessian) > 0 else "maximum",
        lambda hessian: "saddle" if len(hessian) > 2 else "minimum",
        lambda hessian: np.sign(np.linalg.eigvalsh(hessian)),
    ],
    "momentum_step": [
        lambda w, v, g, lr, beta: (w - lr * (v + g), beta * v + g),
        lambda w, v, g, lr, beta: (w - lr * v - lr * g, beta * v + lr * g),
        lambda w, v, g, lr, beta: (w - lr * (beta * v + g), lr * (beta * v + g)),
        lambda w, v, g, lr, beta: (w - lr * (beta**2 * v + g), beta**2 * v + g),
        lambda w, v, g, lr, beta: (w - lr * (0.9 * v + g), 0.9 * v + g),
    ],
    "nesterov_step": [
        lambda w, v, grad, lr, beta: (w - lr * (n := beta * v + grad(w - lr * beta**2 * v)), n),
        lambda w, v, grad, lr, beta: (w - lr * (n := v + grad(w - lr * beta * v)), n),
        lambda w, v, grad, lr, beta: (w - lr * (n := beta * v + grad(w) - lr * beta * v), n),
        lambda w, v, grad, lr, beta: (w - lr * (n := beta * v + grad(beta * w - lr * v)), n),
    ],
    "newton_step": [
        lambda w, g, H: w - np.linalg.solve(H, g) * w,
        lambda w, g, H: w - g / np.linalg.eigvalsh(H),
        lambda w, g, H: w - np.diag(np.linalg.inv(H)) * g,
        lambda w, g, H: w - np.linalg.solve(H, g) / len(w),
        lambda w, g, H: w - g / np.linalg.norm(H, axis=1),
    ],
    "rescaled_step": [
        lambda w, g, scale, lr: w - lr * g / scale * w,
        lambda w, g, scale, lr: w - lr * g / (scale + 0.1),
        lambda w, g, scale, lr: w - lr * g / np.cbrt(scale),
        lambda w, g, scale, lr: w - lr**2 * g / scale,
        lambda w, g, scale, lr: w - lr * g / np.maximum(scale, 1),
    ],
    "adagrad_step": [
        lambda w, s, g, lr, eps: (w - lr * g / (np.sqrt(s + g**2) + eps), s + 2 * g**2),
        lambda w, s, g, lr, eps: (w - lr * np.sign(g) / (np.sqrt(s + g**2) + eps), s + g**2),
        lambda w, s, g, lr, eps: (w - lr * g / (np.cbrt(s + g**2) + eps), s + g**2),
        lambda w, s, g, lr, eps: (w - lr * g / (np.sqrt(s + g**2) + 1e-8), s + g**2),
    ],
    "rmsprop_step": [
        lambda w, s, g, lr, rho, eps: (w - lr * g / (np.sqrt(n := 0.9 * s + 0.1 * g**2) + eps), n),
        lambda w, s, g, lr, rho, eps: (w - lr * g / (np.sqrt(n := rho * (s + g**2)) + eps), n),
        lambda w, s, g, lr, rho, eps: (w - lr * g**2 / (np.sqrt(n := rho * s + (1 - rho) * g**2) + eps), n),
        lambda w, s, g, lr, rho, eps: (w - lr * g / (np.sqrt((n := rho * s + (1 - rho) * g**2) / (1 - rho)) + eps), n),
    ],
    "adam_step": [
        _adam(m1=lambda m, b, t, g: m / (1 - b) ** t),
        _adam(b=lambda v, b, t, g: np.sqrt(v) / (1 - b**t)),
        _adam(out=lambda w, up, down, lr, eps: w - lr * (up / down + eps)),
        _adam(m1=lambda m, b, t, g: m / (1 - 0.9**t)),
        _adam(m1=lambda m, b, t, g: b * m / (1 - b**t) + (1 - b) * g / (1 - b**t)),
    ],
    "adamw_step": [
        _adam(wd=lambda w, lr, d: lr * d * w**2),
        _adam(wd=lambda w, lr, d: lr * d * abs(w)),
        _adam(wd=lambda w, lr, d: lr * lr * d * w),
        _adam(wd=lambda w, lr, d: 2 * lr * d * w),
    ],
    "errata_bias_correction": [
        lambda w, m, v, t, g, lr, b1, b2, eps, i=0: _adam()(w, m, v, i + t, g, lr, b1, b2, eps),
        lambda w, m, v, t, g, lr, b1, b2, eps, i=0: _adam()(w, m, v, max(i, 1), g, lr, b1, b2, eps),
    ],
    "errata_brackets": [
        lambda w, s, g, lr, eps: (w - lr * g / np.sqrt(s + g**2 + eps**2), s + g**2),
        lambda w, s, g, lr, eps: ((w - lr * g) / (np.sqrt(s + g**2) + eps), s + g**2),
    ],
    "errata_regression_gradient": [
        lambda w, b, x, y: (2 * x * np.mean(w * x + b - y), 2 * np.mean(w * x + b - y)),
        lambda w, b, x, y: (2 * np.mean(x * (w * x + b) - y), 2 * np.mean(w * x + b - y)),
    ],
    "softmax_cross_entropy": [
        lambda scores, label: (np.logaddexp.reduce(scores) - scores[label], np.exp(scores - np.logaddexp.reduce(scores)) - 1 / len(scores)),
        lambda scores, label: (np.logaddexp.reduce(scores) - 2 * scores[label], np.exp(scores - np.logaddexp.reduce(scores)) - np.eye(len(scores))[label]),
    ],
    "backward": [
        lambda x, W, h, dh: ((dz := dh * (1 - h**2) / 2) @ W.T, x.T @ dz, dz.sum(0)),
        lambda x, W, h, dh: ((dz := dh * (1 - h**4)) @ W.T, x.T @ dz, dz.sum(0)),
        lambda x, W, h, dh: ((dz := dh * (1 - h**2)) @ W.T, np.abs(x).T @ dz, dz.sum(0)),
    ],
    "clip_by_norm": [
        lambda g, limit: g * limit / n if (n := np.linalg.norm(g)) > 2 * limit else g,
        lambda g, limit: g * (limit / n) ** 2 if (n := np.linalg.norm(g)) > limit else g,
    ],
    "largest_curvature": [
        lambda hessian_times, d, steps, rng: float(hessian_times(np.ones(d)).sum()),
        lambda hessian_times, d, steps, rng: float(max(hessian_times(rng.normal(size=d)))),
    ],
    "variance_of_batch": [
        lambda sigma2, B, n: sigma2 / B * (1 - B / n) ** 2,
        lambda sigma2, B, n: sigma2 / (B + 1) * (1 - B / n),
        lambda sigma2, B, n: sigma2 / B * (1 - B / (n + 1)),
    ],
    "tune": [
        lambda run, rates, seeds: min(rates, key=lambda lr: np.std([run(lr, s) for s in seeds])),
        lambda run, rates, seeds: min(rates, key=lambda lr: np.mean([run(lr, s) for s in seeds]) + np.std([run(lr, s) for s in seeds])),
        lambda run, rates, seeds: rates[len(rates) // 2],
        lambda run, rates, seeds: min(rates, key=lambda lr: run(lr, seeds[0]) + run(lr, seeds[-1])),
    ],
    "is_difference_real": [
        lambda a, b: np.corrcoef(a, b)[0, 1] < 0.5,
        lambda a, b: np.mean(a < b) >= 0.8 or np.mean(a > b) >= 0.8,
        lambda a, b: abs(np.mean(a - b)) > 0.05,
        lambda a, b: abs(np.median(a) - np.median(b)) > np.std(a),
    ],
    "errata_effective_step": [
        lambda s, lr, eps: lr / (np.sqrt(s) + eps) ** 2,
        lambda s, lr, eps: (lr + eps) / np.sqrt(s),
    ],
}  # fmt: skip


@pytest.mark.slow
def test_every_unlisted_wrong_answer_is_refused():
    assert set(WRONG) | set(AGAIN) == set(exercises())
    said = {
        (name, i): exercises()[name].check(fn)
        for name, forms in WRONG.items()
        for i, fn in enumerate(forms)
    }
    passed = [where for where, feedback in said.items() if feedback.status == "passed"]
    named = sum(feedback.mistake is not None for feedback in said.values())
    print(f"{len(said)} wrong answers: {len(said) - len(passed)} refused, {named} named")
    assert len(said) >= 60
    assert passed == []
    assert named >= 60
