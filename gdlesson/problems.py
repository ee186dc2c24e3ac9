"""Losses over data: the same `f` and `grad` as a surface, over one flat vector of parameters.

w has layout (..., d), weights first and bias last, so that many runs descend at once. A mini-batch
is a smaller problem: `on(rows)` makes it, `batches(size, rng)` yields them. Imports NumPy only.
"""

import functools
from itertools import pairwise

import numpy as np


def _in_parts(method):
    """Let a method over (..., d) see (d,) or (runs, d), so many runs that memory stays small."""

    @functools.wraps(method)
    def run(self, w):
        w = np.asarray(w, float)
        if w.shape[-1:] != (self.d,):
            raise ValueError(f"{self!r} takes points of shape (..., {self.d}), got shape {w.shape}")
        if w.ndim == 1:
            return method(self, w)
        flat = np.ascontiguousarray(w).reshape(-1, self.d)
        at_once = max(1, 500_000 // (len(self.y) * self.width))
        parts = [method(self, flat[i : i + at_once]) for i in range(0, len(flat), at_once)]
        result = np.concatenate(parts) if parts else method(self, flat)
        return result.reshape(*w.shape[:-1], *result.shape[1:])

    return run


class Problem:
    """The base of all problems over data: rows X, (n, k) or (n,), and targets y, (n,).

    d: number of parameters. start: (d,). Raises ValueError for X and y whose shapes do not match,
    for no rows, and for numbers that are not finite.
    """

    width = 1  # numbers computed per row on the way to the loss

    def __init__(self, X, y, d=None):
        X, y = np.asarray(X, float), np.asarray(y)
        X = X[:, None] if X.ndim == 1 else X
        if X.ndim != 2 or 0 in X.shape or y.ndim != 1:
            shapes = f"X {X.shape} and y {y.shape}"
            raise ValueError(
                f"expected X of shape (n, k) or (n,) and y of shape (n,), got {shapes}"
            )
        if len(X) != len(y):
            raise ValueError(f"X and y must have as many rows, got {len(X)} and {len(y)}")
        if not np.isfinite(X).all():
            raise ValueError("X must hold finite numbers, got inf or nan among them")
        self.A = np.column_stack([X, np.ones(len(X))])  # the column of ones carries the bias
        self.y = self._targets(y)
        self.d = self.A.shape[1] if d is None else d
        self.start = np.zeros(self.d)

    @property
    def X(self):
        """The rows without the column of ones, (n, k)."""
        return self.A[:, :-1]

    @property
    def name(self):
        """The name of the problem in texts."""
        return repr(self)

    def __repr__(self):
        return f"{type(self).__name__}({len(self.y)} rows, {self.d} parameters)"

    def on(self, rows):
        """Return the same problem on some rows: indices, a slice or a mask.

        Raises ValueError for rows that do not exist, and for none.
        """
        rows = [rows] if isinstance(rows, (int, np.integer)) else rows
        part = object.__new__(type(self))
        try:
            part.__dict__.update(self.__dict__, A=self.A[rows], y=self.y[rows])
        except IndexError:
            n = len(self.y)
            raise ValueError(f"rows must pick from {n} rows, 0 to {n - 1}, got {rows!r}") from None
        if len(part.y) == 0:
            raise ValueError("a batch needs at least one row, got none")
        return part

    def batches(self, size, rng=None):
        """Yield mini-batches of `size` rows without end: each epoch every row once, in fresh order.

        The last of an epoch is smaller where `size` does not divide the rows. rng: a NumPy
        Generator, or a seed for one. Raises ValueError unless size is from 1 to the rows.
        """
        whole = isinstance(size, (int, np.integer)) and not isinstance(size, bool)
        if not whole or not 1 <= size <= len(self.y):
            raise ValueError(f"size must be a whole number from 1 to {len(self.y)}, got {size!r}")
        return self._batches(size, np.random.default_rng(rng))

    def _batches(self, size, rng):
        while True:
            order = rng.permutation(len(self.y))
            for i in range(0, len(order), size):
                yield self.on(order[i : i + size])

    def _on_new(self, X):
        """A problem with the rows of X and no targets, for prediction."""
        if X is None:
            return self
        X = np.asarray(X, float)
        X = X[:, None] if X.ndim == 1 else X
        k = self.A.shape[1] - 1
        if X.ndim != 2 or X.shape[1] != k:
            raise ValueError(f"expected X of shape (n, {k}), got {X.shape}")
        part = object.__new__(type(self))
        ones = np.ones(len(X))
        part.__dict__.update(self.__dict__, A=np.column_stack([X, ones]), y=ones)
        return part

    @staticmethod
    def _targets(y):
        y = _numbers(y)
        if not np.isfinite(y).all():
            raise ValueError("y must hold finite numbers, got inf or nan among them")
        return y


class _Classifier(Problem):
    def accuracy(self, w):
        """The share of rows whose label is predicted correctly: (..., d) → (...)."""
        return (self.predict(w) == self.y).mean(-1)


class LinearRegression(Problem):
    """Mean squared error of a line, mean((Xw + b − y)²), parameters (w, b); Gauss 1809."""

    @_in_parts
    def f(self, w):
        """The mean squared error at w: (..., d) → (...)."""
        error = w @ self.A.T - self.y
        return (error**2).mean(-1)

    @_in_parts
    def grad(self, w):
        """The gradient of `f` at w: (..., d) → (..., d)."""
        error = w @ self.A.T - self.y
        return 2 / len(self.y) * (error @ self.A)

    def predict(self, w, X=None):
        """The line's values on X, by default the problem's own rows: (..., d) → (..., n)."""
        return np.asarray(w, float) @ self._on_new(X).A.T

    def closed_form(self):
        """The (w, b) of least squares, (d,). Raises ValueError where there is more than one."""
        w, _, rank, _ = np.linalg.lstsq(self.A, self.y, rcond=None)
        if rank < self.d:
            raise ValueError(f"{self.d} parameters and rows of rank {rank}: many lines fit best")
        return w

    @property
    def minima(self):
        """The closed form as a list of one point, (1, d); empty where there is more than one."""
        try:
            return self.closed_form()[None]
        except ValueError:
            return np.empty((0, self.d))

    def curvatures(self):
        """Eigenvalues of the second derivative 2AᵀA/n, smallest first, A = (X, 1): μ … L."""
        return np.linalg.eigvalsh(2 / len(self.y) * self.A.T @ self.A)


class LogisticRegression(_Classifier):
    """Mean cross-entropy of p = 1/(1 + e^−z), z = Xw + b, labels 0 and 1; parameters (w, b).

    Stable for any z: with the sign of z changed where the label is 0, the loss is log(1 + e^−z).
    There is no closed form, and no minimum if a line separates the labels. Source: Cox 1958.
    """

    @_in_parts
    def f(self, w):
        """The mean cross-entropy at w, with natural logarithms: (..., d) → (...)."""
        z = (w @ self.A.T) * (2 * self.y - 1)
        return np.logaddexp(0, -z).mean(-1)

    @_in_parts
    def grad(self, w):
        """The gradient of `f` at w: (..., d) → (..., d)."""
        sign = 2 * self.y - 1
        z = (w @ self.A.T) * sign
        wrong = np.exp(-np.logaddexp(0, z))  # probability of the other label
        return -1 / len(self.y) * ((sign * wrong) @ self.A)

    def predict(self, w, X=None):
        """Labels 0.0 or 1.0 on X, by default the problem's own rows: (..., d) → (..., n)."""
        return (np.asarray(w, float) @ self._on_new(X).A.T > 0).astype(float)

    @staticmethod
    def _targets(y):
        y = _numbers(y)
        if not np.isin(y, (0, 1)).all():
            raise ValueError(f"labels must be 0 or 1, got {_some(y)}")
        return y


class SoftmaxRegression(_Classifier):
    """Mean cross-entropy of softmax(XW + b), labels 0, 1, …, K − 1; parameters W by rows, then b.

    classes: K, by default one more than the largest label.
    """

    def __init__(self, X, y, classes=None):
        self.classes = _classes(y, classes)
        super().__init__(X, y)
        self.width = self.classes
        self.d = self.A.shape[1] * self.classes
        self.start = np.zeros(self.d)

    @_in_parts
    def f(self, w):
        """The mean cross-entropy at w, in nats: (..., d) → (...)."""
        return _cross_entropy(self._scores(w), self.y)

    @_in_parts
    def grad(self, w):
        """The gradient of `f` at w: (..., d) → (..., d)."""
        wrong = _softmax(self._scores(w)) - np.eye(self.classes)[self.y]
        return (self.A.T @ wrong / len(self.y)).reshape(w.shape)

    def predict(self, w, X=None):
        """The most probable label on X, by default the problem's own rows: (..., d) → (..., n)."""
        return self._on_new(X)._labels(w)

    @_in_parts
    def _labels(self, w):
        return self._scores(w).argmax(-1)

    def _scores(self, w):
        return self.A @ w.reshape(*w.shape[:-1], self.A.shape[1], self.classes)

    def _targets(self, y):
        return _labels(y, self.classes)


class Network(_Classifier):
    """A network of dense layers with softmax and mean cross-entropy at the end, or squared errors.

    sizes: (features, hidden, …, classes), at least one hidden layer. activation: "tanh" or
    "relu". seed: of `start`. loss: "cross-entropy", or "squared" for the mean over the rows of the
    sum of squares of scores minus truth, which is 1 for the label and 0 for the other classes.
    The flat vector holds, layer by layer, W (a, b) by rows and then its bias (b,). Raises
    ValueError for sizes that do not fit X and y. Source of the gradient: Rumelhart, Hinton,
    Williams 1986, Nature 323:533–536.
    """

    def __init__(self, X, y, sizes, activation="tanh", seed=0, loss="cross-entropy"):
        sizes = tuple(sizes)
        if len(sizes) < 3 or not all(isinstance(n, (int, np.integer)) and n > 0 for n in sizes):
            expected = "(features, hidden, …, classes), whole numbers above 0"
            raise ValueError(f"sizes must be {expected}, got {sizes!r}")
        if activation not in ("tanh", "relu"):
            raise ValueError(f'activation must be "tanh" or "relu", got {activation!r}')
        if loss not in ("cross-entropy", "squared"):
            raise ValueError(f'loss must be "cross-entropy" or "squared", got {loss!r}')
        self.loss, self.sizes, self.activation = loss, sizes, activation
        self.classes, self.width = _classes(y, sizes[-1]), sum(sizes)
        self.shapes = [(a + 1, b) for a, b in pairwise(sizes)]
        super().__init__(X, y, sum(a * b for a, b in self.shapes))
        if self.X.shape[1] != sizes[0]:
            raise ValueError(f"sizes begin with {sizes[0]} features, X has {self.X.shape[1]}")
        self.start = self.initial(seed)

    def initial(self, seed):
        """Random weights and zero biases, (d,): variance 1/a for tanh, 2/a for relu, a inputs.

        So a signal keeps its size from layer to layer (Glorot & Bengio 2010; He et al. 2015).
        """
        rng, gain = np.random.default_rng(seed), 2 if self.activation == "relu" else 1
        layers = [
            (rng.normal(0, np.sqrt(gain / a), (a, b)), np.zeros((1, b)))
            for a, b in pairwise(self.sizes)
        ]
        return self.pack(layers)

    def unpack(self, w):
        """(..., d) → one (W, b) for each layer, W (..., inputs, outputs), b (..., 1, outputs)."""
        ends = np.cumsum([a * b for a, b in self.shapes])[:-1]
        blocks = np.split(w, ends, axis=-1)
        layers = [
            block.reshape(*w.shape[:-1], *shape)
            for block, shape in zip(blocks, self.shapes, strict=True)
        ]
        return [(layer[..., :-1, :], layer[..., -1:, :]) for layer in layers]

    def pack(self, layers):
        """The inverse of `unpack`."""
        flat = [part.reshape(*part.shape[:-2], -1) for layer in layers for part in layer]
        return np.concatenate(flat, axis=-1)

    @_in_parts
    def f(self, w):
        """The mean loss at w, cross-entropy in nats: (..., d) → (...)."""
        scores = self._forward(self.unpack(w))[-1]
        if self.loss == "squared":
            return ((scores - np.eye(self.classes)[self.y]) ** 2).sum(-1).mean(-1)
        return _cross_entropy(scores, self.y)

    @_in_parts
    def grad(self, w):
        """The gradient of `f` at w by backpropagation: (..., d) → (..., d)."""
        layers = self.unpack(w)
        *inputs, scores = self._forward(layers)
        back = self._slopes(scores) / len(self.y)
        slopes = [None] * len(layers)
        for i in reversed(range(len(layers))):
            h, W = inputs[i], layers[i][0]
            slopes[i] = np.swapaxes(h, -1, -2) @ back, back.sum(-2, keepdims=True)
            if i > 0:  # through W, then through the activation that made h
                bend = 1 - h**2 if self.activation == "tanh" else h > 0
                back = back @ np.swapaxes(W, -1, -2) * bend
        return self.pack(slopes)

    def _slopes(self, scores):
        """The slopes of each row's loss in its scores."""
        truth = np.eye(self.classes)[self.y]
        return 2 * (scores - truth) if self.loss == "squared" else _softmax(scores) - truth

    def predict(self, w, X=None):
        """The most probable label on X, by default the problem's own rows: (..., d) → (..., n)."""
        return self._on_new(X)._labels(w)

    @_in_parts
    def _labels(self, w):
        return self._forward(self.unpack(w))[-1].argmax(-1)

    def _forward(self, layers):
        """The inputs of each layer, and last the scores: (..., n, size) each."""
        values = [self.X]
        for i, (W, b) in enumerate(layers):
            z = values[-1] @ W + b
            if i < len(layers) - 1:
                z = np.tanh(z) if self.activation == "tanh" else np.maximum(z, 0)
            values.append(z)
        return values

    def _targets(self, y):
        return _labels(y, self.classes)


def _softmax(scores):
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def _cross_entropy(scores, y):
    """Mean of −log softmax at the label: (..., n, K) → (...)."""
    scores = scores - scores.max(-1, keepdims=True)
    return (np.log(np.exp(scores).sum(-1)) - scores[..., np.arange(len(y)), y]).mean(-1)


def _numbers(y):
    try:
        return np.asarray(y, float)
    except (TypeError, ValueError):
        raise ValueError(f"y must hold numbers, got {_some(y)}") from None


def _labels(y, classes):
    """Labels as whole numbers below `classes`."""
    y = _numbers(y)
    if not np.isin(y, np.arange(classes)).all():
        raise ValueError(f"labels must be whole numbers from 0 to {classes - 1}, got {_some(y)}")
    return y.astype(int)


def _classes(y, classes):
    """The number of classes, by default one more than the largest label."""
    if classes is None:
        y = _numbers(y)
        classes = int(y.max()) + 1 if y.size and np.isfinite(y).all() else 0
    if isinstance(classes, bool) or not isinstance(classes, (int, np.integer)) or classes < 2:
        raise ValueError(f"there must be two classes or more, got {classes!r}")
    return int(classes)


def _some(y):
    """A few of the values, for a message."""
    values = np.unique(np.asarray(y).astype(str)).tolist()
    return ", ".join(values[:4]) + (" and others" if len(values) > 4 else "")
