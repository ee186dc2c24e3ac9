"""The twelve faulty functions of lesson 19, as its notebook shows them, and runs that use them.

A run returns the losses before the first step and after each one; a run whose loss is no number
any more ends before that. Imports NumPy only.
"""

from functools import cache

import numpy as np

STEPS, LONG = 60, 80
ROWS = 30
VALLEY = np.array([10.0, 20.0])  # the two curvatures of ½(10w₁² + 20w₂²)


def errata_numerical_gradient(f, w, h=1e-5):
    g = np.zeros(len(w))
    for i in range(len(w)):
        e = np.zeros(len(w))
        e[i] = h
        g[i] = (f(w + e) - f(w - e)) / h
    return g


def errata_logistic_gradient(w, b, X, y):
    z = X @ w + b
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1, e) / (1 + e)
    error = y - p
    return X.T @ error / len(y), np.mean(error)


def errata_regression_gradient(w, b, x, y):
    r = w * x + b - y
    return 2 * np.mean(r) * x, 2 * np.mean(r)


def errata_standardise(x):
    if np.min(x) == np.max(x):
        return np.zeros(len(x))
    return x / np.std(x)


def errata_minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[start : start + batch_size]


def errata_step_decay(lr0, t, drop, every):
    return lr0 * drop**t


def errata_best_epoch(validation_losses, patience):
    best = 0
    for epoch in range(len(validation_losses)):
        if validation_losses[epoch] < validation_losses[best]:
            best = epoch
        if epoch - best >= patience:
            return epoch
    return best


def errata_softmax_cross_entropy(scores, label):
    e = np.exp(scores)
    p = e / np.sum(e)
    slopes = p.copy()
    slopes[label] = p[label] - 1
    return -np.log(p[label]), slopes


def errata_nesterov_step(w, v, grad, lr, beta):
    g = grad(w + lr * beta * v)
    v = beta * v + g
    return w - lr * v, v


def errata_bias_correction(w, m, v, t, g, lr, beta1, beta2, eps, i=0):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1 ** (i + 1))
    v_hat = v / (1 - beta2 ** (i + 1))
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def errata_brackets(w, s, g, lr, eps):
    s = s + g**2
    return w - lr * g / np.sqrt(s) + eps, s


def errata_effective_step(s, lr, eps):
    return lr / (s + eps)


def line(data, mean):
    """Points near a line: x (ROWS,), about a mean, with deviation 1 and 0.5 of noise in y."""
    rng = np.random.default_rng(data)
    x = rng.standard_normal(ROWS)
    x = (x - x.mean()) / x.std()
    return x + mean, 2 * x + 1 + 0.5 * rng.standard_normal(ROWS)


def square_loss(w, b, x, y):
    """The mean squared error of a line above that of the best one."""
    best = np.polyfit(x, y, 1)
    return np.mean((w * x + b - y) ** 2) - np.mean((np.polyval(best, x) - y) ** 2)


@cache
def double(data):
    """A line of which w is almost right at the start, by central differences, lr 0.2."""
    x, y = line(data, 0)
    x = 1.7 * x

    def f(w):
        return square_loss(*w, x, y)

    w = np.array([2 / 1.7, -3.0])
    losses = [f(w)]
    for _ in range(STEPS):
        w = w - 0.2 * errata_numerical_gradient(f, w, 0.1)
        losses.append(f(w))
    return losses


def two_groups(data):
    """Two measurements (ROWS, 2), and labels that a straight line separates."""
    X = np.random.default_rng(data).standard_normal((ROWS, 2))
    return X, (2 * X[:, 0] - X[:, 1] > 0.3) * 1.0


@cache
def sign(data):
    """Logistic regression with lr 0.3; the lowest loss is 0, which no weights reach."""
    X, y = two_groups(data)
    w, b, losses = np.zeros(2), 0.0, []
    for _ in range(STEPS + 1):
        z = X @ w + b
        losses.append(np.mean(np.logaddexp(0, z) - y * z))
        dw, db = errata_logistic_gradient(w, b, X, y)
        w, b = w - 0.3 * dw, b - 0.3 * db
    return losses


@cache
def stray(data):
    """A line, lr 0.1; its weight becomes an array with a number for each row."""
    x, y = line(data, 0.7)
    w, b, losses = 0.0, 0.0, []
    for _ in range(STEPS + 1):
        losses.append(square_loss(w, b, x, y))
        dw, db = errata_regression_gradient(w, b, x, y)
        w, b = w - 0.1 * dw, b - 0.1 * db
    return losses


@cache
def uncentred(data):
    """A line with lr 0.1 through inputs that are scaled only."""
    x, y = line(data, 2)
    x = errata_standardise(x)
    w, b, losses = 0.0, 0.0, []
    for _ in range(STEPS + 1):
        losses.append(square_loss(w, b, x, y))
        r = w * x + b - y
        w, b = w - 0.1 * 2 * np.mean(r * x), b - 0.1 * 2 * np.mean(r)
    return losses


def three_groups(data, rows=ROWS, more=0):
    """Training and validation rows of three species: (X, y) twice, X with a column of ones.

    more: measurements that have nothing to do with the species.
    """
    rng = np.random.default_rng(data)
    y = np.arange(rows + ROWS) % 3
    middles = np.array([[1.5, 0.0], [-1.0, 1.2], [-0.5, -1.4]])
    X = middles[y] + 0.7 * rng.standard_normal((len(y), 2))
    X = np.column_stack([X, rng.standard_normal((len(y), more)), np.ones(len(y))])
    return X[:rows], y[:rows], X[rows:], y[rows:]


def cross_entropy(W, X, y):
    """The mean cross-entropy of a softmax of the scores X @ W."""
    scores = X @ W
    return np.mean(np.logaddexp.reduce(scores, axis=1) - scores[np.arange(len(y)), y])


def softmax_gradient(W, X, y):
    """The gradient of the mean cross-entropy with respect to W."""
    scores = X @ W
    p = np.exp(scores - np.logaddexp.reduce(scores, axis=1)[:, None])
    p[np.arange(len(y)), y] -= 1
    return X.T @ p / len(y)


@cache
def pairs(data):
    """Mini-batches of 10 rows with the labels of others, lr 0.5."""
    X, y, X_val, y_val = three_groups(data)
    rng, W = np.random.default_rng(data), np.zeros((3, 3))
    losses = [cross_entropy(W, X_val, y_val)]
    while len(losses) <= STEPS:
        for X_b, y_b in errata_minibatches(X, y, 10, rng):
            W = W - 0.5 * softmax_gradient(W, X_b, y_b)
            losses.append(cross_entropy(W, X_val, y_val))
    return losses[: STEPS + 1]


@cache
def frozen(data):
    """All rows at each step, with a learning rate of 0.5 that should be halved every 20 steps."""
    X, y, X_val, y_val = three_groups(data)
    W, losses = np.zeros((3, 3)), []
    for t in range(STEPS + 1):
        losses.append(cross_entropy(W, X_val, y_val))
        W = W - errata_step_decay(0.5, t, 0.5, 20) * softmax_gradient(W, X, y)
    return losses


@cache
def last(data):
    """24 training rows, 20 measurements of chance, six wrong labels; up to the epoch returned."""
    X, y, X_val, y_val = three_groups(data, 24, 20)
    y[:6] = (y[:6] + 1) % 3
    W, losses = np.zeros((len(X[0]), 3)), []
    for _ in range(STEPS + 1):
        losses.append(cross_entropy(W, X_val, y_val))
        W = W - 0.5 * softmax_gradient(W, X, y)
    return losses[: errata_best_epoch(losses, 40) + 1]


@cache
def overflow(data):
    """All rows at each step, lr 0.5; one validation row has an input of 600."""
    X, y, X_val, y_val = three_groups(data)
    X_val[0, 0] = 600.0
    W, losses = np.zeros((3, 3)), []
    with np.errstate(all="ignore"):
        while len(losses) <= STEPS:
            each = [
                errata_softmax_cross_entropy(x @ W, label)[0]
                for x, label in zip(X_val, y_val, strict=True)
            ]
            if not np.isfinite(np.mean(each)):
                break
            losses.append(np.mean(each))
            W = W - 0.5 * softmax_gradient(W, X, y)
    return losses


def valley(w):
    """The loss ½(10w₁² + 20w₂²), whose minimum is 0."""
    return 0.5 * np.sum(VALLEY * w**2)


def behind(w):
    """Nesterov's method from w, lr 0.018, β 0.8."""
    v, losses = np.zeros(2), [valley(w)]
    for _ in range(LONG):
        w, v = errata_nesterov_step(w, v, lambda w: VALLEY * w, 0.018, 0.8)
        losses.append(valley(w))
    return losses


def clock(w, n):
    """Adam from w, lr 0.05, β₂ 0.9, over n rows of which each gives the whole gradient."""
    m, v, losses = np.zeros(2), np.zeros(2), [valley(w)]
    for t in range(1, LONG + 1):
        i = (t - 1) % n
        w, m, v = errata_bias_correction(w, m, v, t, VALLEY * w, 0.05, 0.9, 0.9, 1e-8, i)
        losses.append(valley(w))
    return losses


def drift(w):
    """AdaGrad from w, lr 1, ε 0.01."""
    s, losses = np.zeros(2), [valley(w)]
    for _ in range(LONG):
        w, s = errata_brackets(w, s, VALLEY * w, 1.0, 0.01)
        losses.append(valley(w))
    return losses


def no_root(w):
    """AdaGrad from w, lr 1, ε 1e-10."""
    s, losses = np.zeros(2), [valley(w)]
    for _ in range(LONG):
        g = VALLEY * w
        s = s + g**2
        w = w - errata_effective_step(s, 1.0, 1e-10) * g
        losses.append(valley(w))
    return losses
