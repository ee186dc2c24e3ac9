"""One class per update rule; `step` reads like the formula. Imports NumPy only.

Every optimizer is a frozen dataclass whose fields are its hyper-parameters, with three pure
methods: `init(w)` makes the state, `look(w, state)` returns the point at which to evaluate the
gradient, and `step(w, state, g)` returns the next point and state. Arrays have layout (..., d); a
hyper-parameter is a number, or an array from `sweep` with a last axis of 1. Bad ones raise
ValueError. `np.power(beta, t)` and not `beta**t`: Python's power of one number and NumPy's of an
array differ in the last bit, and a run must be the same alone as among ten thousand.
"""

import inspect
import textwrap
from dataclasses import dataclass, field, fields

import numpy as np


@dataclass(frozen=True)
class Optimizer:
    """The base of all update rules: a step size, no state, the gradient evaluated at w itself.

    lr, eps and weight_decay are finite and 0 or more; beta, beta1, beta2 and rho at least 0 and
    below 1. eps = 0 is stored as 1e-300: it does not change a sum with √s, and where
    every gradient so far was 0 the step is 0/1e-300 = 0 instead of 0/0 = nan.
    """

    lr: float = 0.01

    def __post_init__(self):
        for each in fields(self):
            _check(each.name, getattr(self, each.name))
        if hasattr(self, "eps") and not np.all(self.eps):
            tiny = np.where(self.eps == 0, 1e-300, self.eps)
            object.__setattr__(self, "eps", tiny if tiny.ndim else float(tiny))

    def init(self, w):
        """Return the state before the first step, made for points w of shape (..., d)."""
        return None

    def look(self, w, state):
        """Return the point, (..., d), at which the next step needs the gradient."""
        return w

    def step(self, w, state, g):
        """Return the next point and state, given the point w and the gradient g, both (..., d)."""
        raise NotImplementedError(f"{type(self).__name__} does not define step")


@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """Gradient descent, w ← w − lr·g (Cauchy 1847)."""

    lr: float = 0.01

    def step(self, w, state, g):
        return w - self.lr * g, state


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Heavy-ball momentum, v ← βv + g; w ← w − lr·v.

    PyTorch and optax do the same. Keras stores −lr·v as its velocity: the same path while lr is
    constant. The averaging form adds (1 − β)g: steps 1 − β times as long.
    Source: Polyak 1964, USSR Comp. Math. 4(5):1–17.
    """

    lr: float = 0.01
    beta: float = 0.9

    def init(self, w):
        return np.zeros_like(w)

    def step(self, w, v, g):
        v = self.beta * v + g
        return w - self.lr * v, v


@dataclass(frozen=True)
class Nesterov(Momentum):
    """Nesterov momentum, v ← βv + ∇f(w − lr·β·v); w ← w − lr·v: momentum that looks ahead.

    Sutskever et al. do the same at constant lr. The iterates of PyTorch and optax are our
    look-ahead points w − lr·β·v. Sources: Nesterov 1983; Sutskever, Martens, Dahl,
    Hinton 2013, ICML.
    """

    def look(self, w, v):
        return w - self.lr * self.beta * v


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """AdaGrad, s ← s + g²; w ← w − lr·g/(√s + ε), with s = 0 at the start.

    optax and Keras start from s = 0.1 and put ε = 1e-7 inside the root.
    Source: Duchi, Hazan, Singer 2011, JMLR 12:2121–2159.
    """

    lr: float = 0.01
    eps: float = 1e-10

    def init(self, w):
        return np.zeros_like(w)

    def step(self, w, s, g):
        s = s + g**2
        return w - self.lr * g / (np.sqrt(s) + self.eps), s


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """RMSProp, s ← ρs + (1 − ρ)g²; w ← w − lr·g/(√s + ε), with s = 0 at the start.

    PyTorch calls ρ alpha, with 0.99 for default; optax and Keras put ε inside the root;
    Hinton's slides have no ε. Source: Tieleman & Hinton 2012, Coursera lecture 6.5.
    """

    lr: float = 0.01
    rho: float = 0.9
    eps: float = 1e-8

    def init(self, w):
        return np.zeros_like(w)

    def step(self, w, s, g):
        s = self.rho * s + (1 - self.rho) * g**2
        return w - self.lr * g / (np.sqrt(s) + self.eps), s


@dataclass(frozen=True)
class AdaDelta(Optimizer):
    """AdaDelta, s ← ρs + (1 − ρ)g²; Δ = √(u + ε)/√(s + ε)·g; u ← ρu + (1 − ρ)Δ²; w ← w − lr·Δ.

    As PyTorch. The paper has no lr, and ρ = 0.95. Source: Zeiler 2012, arXiv 1212.5701.
    """

    lr: float = 1.0
    rho: float = 0.9
    eps: float = 1e-6

    def init(self, w):
        return np.zeros_like(w), np.zeros_like(w)

    def step(self, w, state, g):
        s, u = state
        s = self.rho * s + (1 - self.rho) * g**2
        delta = np.sqrt(u + self.eps) / np.sqrt(s + self.eps) * g
        u = self.rho * u + (1 - self.rho) * delta**2
        return w - self.lr * delta, (s, u)


@dataclass(frozen=True)
class Adam(Optimizer):
    """Adam, Algorithm 1 of the paper: w ← w − lr·m̂/(√v̂ + ε).

    m and v are decaying means of g and g²; m̂ and v̂ correct them for their start at zero.
    PyTorch and optax do the same. Keras uses the paper's second form, in which ε is added to √v
    before the correction: lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√v + 1e-7).
    Source: Kingma & Ba 2015, arXiv 1412.6980.
    """

    lr: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    bias_correction: bool = field(default=True, kw_only=True)

    def init(self, w):
        return np.zeros_like(w), np.zeros_like(w), 0

    def step(self, w, state, g):
        m, v, t = state
        t = t + 1
        m = self.beta1 * m + (1 - self.beta1) * g
        v = self.beta2 * v + (1 - self.beta2) * g**2
        m_hat, v_hat = m, v
        if self.bias_correction:
            m_hat = m / (1 - np.power(self.beta1, t))
            v_hat = v / (1 - np.power(self.beta2, t))
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps), (m, v, t)


@dataclass(frozen=True)
class AMSGrad(Adam):
    """AMSGrad, Adam that divides by the largest v so far: u ← max(u, v); w ← w − lr·m̂/(√û + ε).

    The maximum is of the uncorrected v, then corrected for today's t, as in PyTorch. optax takes
    the maximum of the corrected v; the paper corrects nothing (bias_correction=False).
    Source: Reddi, Kale, Kumar 2018, arXiv 1904.09237.
    """

    def init(self, w):
        return np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), 0

    def step(self, w, state, g):
        m, v, u, t = state
        t = t + 1
        m = self.beta1 * m + (1 - self.beta1) * g
        v = self.beta2 * v + (1 - self.beta2) * g**2
        u = np.maximum(u, v)
        m_hat, u_hat = m, u
        if self.bias_correction:
            m_hat = m / (1 - np.power(self.beta1, t))
            u_hat = u / (1 - np.power(self.beta2, t))
        return w - self.lr * m_hat / (np.sqrt(u_hat) + self.eps), (m, v, u, t)


@dataclass(frozen=True)
class AdamW(Adam):
    """AdamW, weight decay apart from the gradient: w ← w·(1 − lr·weight_decay), then Adam.

    The gradient is measured before the decay. Default decay 0.01 as in PyTorch; optax has 1e-4,
    Keras 4e-3. Source: Loshchilov & Hutter 2019, arXiv 1711.05101.
    """

    weight_decay: float = 0.01

    def step(self, w, state, g):
        w = w * (1 - self.lr * self.weight_decay)
        return super().step(w, state, g)


@dataclass(frozen=True)
class NAdam(Optimizer):
    """NAdam, Adam with Nesterov's look ahead: m̂ = β₁m/(1 − β₁ᵗ⁺¹) + (1 − β₁)g/(1 − β₁ᵗ).

    β₁ is constant, as in optax. PyTorch follows Dozat's schedule μₜ = β₁(1 − ½·0.96^(0.004t));
    Ruder's overview has 1 − β₁ᵗ in both terms. Source: Dozat 2016, ICLR workshop.
    """

    lr: float = 0.002
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    def init(self, w):
        return np.zeros_like(w), np.zeros_like(w), 0

    def step(self, w, state, g):
        m, v, t = state
        t = t + 1
        m = self.beta1 * m + (1 - self.beta1) * g
        v = self.beta2 * v + (1 - self.beta2) * g**2
        ahead = self.beta1 * m / (1 - np.power(self.beta1, t + 1))
        m_hat = ahead + (1 - self.beta1) * g / (1 - np.power(self.beta1, t))
        v_hat = v / (1 - np.power(self.beta2, t))
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps), (m, v, t)


@dataclass(frozen=True)
class AdaMax(Optimizer):
    """AdaMax, Adam with a maximum for the mean square: u ← max(β₂u, |g| + ε); lr/(1 − β₁ᵗ)·m/u.

    As PyTorch and optax; the paper has no ε. Source: Kingma & Ba 2015, arXiv 1412.6980, Alg. 2.
    """

    lr: float = 0.002
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    def init(self, w):
        return np.zeros_like(w), np.zeros_like(w), 0

    def step(self, w, state, g):
        m, u, t = state
        t = t + 1
        m = self.beta1 * m + (1 - self.beta1) * g
        u = np.maximum(self.beta2 * u, np.abs(g) + self.eps)
        return w - self.lr / (1 - np.power(self.beta1, t)) * m / u, (m, u, t)


@dataclass(frozen=True)
class Lion(Optimizer):
    """Lion, a step of lr in every coordinate: c = β₁m + (1 − β₁)g; w ← w − lr·sign(c).

    Then m ← β₂m + (1 − β₂)g. As optax, without weight decay.
    Source: Chen et al. 2023, arXiv 2302.06675.
    """

    lr: float = 0.0001
    beta1: float = 0.9
    beta2: float = 0.99

    def init(self, w):
        return np.zeros_like(w)

    def step(self, w, m, g):
        c = self.beta1 * m + (1 - self.beta1) * g
        m = self.beta2 * m + (1 - self.beta2) * g
        return w - self.lr * np.sign(c), m


RULES = {  # parameters of an update function → the class with the same hyper-parameters
    "w g lr": GradientDescent,
    "w v g lr beta": Momentum,
    "w v grad lr beta": Nesterov,
    "w s g lr eps": AdaGrad,
    "w s g lr rho eps": RMSProp,
    "w m v t g lr beta1 beta2 eps": Adam,
    "w m v t g lr beta1 beta2 eps weight_decay": AdamW,
}


def from_function(fn, **hyper):
    """Make an optimizer from the update function `fn`; its parameters' names say which rule it is.

    fn: one of gd_step(w, g, lr) → w; momentum_step(w, v, g, lr, beta) → (w, v);
    nesterov_step(w, v, grad, lr, beta) → (w, v), where grad is the gradient function of the
    current batch; adagrad_step(w, s, g, lr, eps) → (w, s); rmsprop_step(w, s, g, lr, rho, eps)
    → (w, s); adam_step(w, m, v, t, g, lr, beta1, beta2, eps) → (w, m, v), t from 1; adamw_step,
    the same and weight_decay. It receives copies and may return lists.
    hyper: lr=…, beta=…; a missing one has fn's own default, or else that of the rule's class.
    Raises TypeError or ValueError, in one sentence, if fn fits no rule or returns no points.
    """
    try:
        parameters = inspect.signature(fn).parameters
    except (TypeError, ValueError):
        raise TypeError(f"from_function needs an update function, got {fn!r}") from None
    called, names = getattr(fn, "__name__", "the function"), tuple(parameters)
    rule = next((RULES[rule] for rule in RULES if set(rule.split()) == set(names)), None)
    if rule is None:
        known = "; ".join(rule.replace(" ", ", ") for rule in RULES)
        raise ValueError(f"the parameters of {called}, ({', '.join(names)}), fit no rule: {known}")
    state_names = [name for name in names if name in ("m", "v", "s")]
    tuned = [name for name in names if name not in ("w", "t", "g", "grad", *state_names)]
    if not set(hyper) <= set(tuned):
        raise ValueError(f"{called} can be given {', '.join(tuned)}, got {', '.join(hyper)}")
    own = {name: parameters[name].default for name in tuned}
    returns = ", ".join(["w", *state_names])

    class FromFunction(rule):
        wants_grad = "grad" in names  # descend then passes the gradient function to `step`
        look = Optimizer.look

        def init(self, w):
            return [np.zeros_like(w) for _ in state_names], 0

        def step(self, w, state, g):
            memory, t = state
            given = {name: getattr(self, name) for name in tuned} | {"t": t + 1, "w": np.array(w)}
            given |= {"grad": g} if self.wants_grad else {"g": np.array(g)}
            given |= {name: np.array(m) for name, m in zip(state_names, memory, strict=True)}
            result = fn(*(given[name] for name in names))
            parts = _arrays(result if state_names else [result])
            if [part.shape for part in parts] != [w.shape] * (1 + len(state_names)):
                expected = f"{returns} of shape {w.shape}"
                raise TypeError(f"{called} should return {expected}, got {result!r}")
            return parts[0], (parts[1:], t + 1)

        def __repr__(self):
            return f"{called}({', '.join(f'{name}={getattr(self, name)!r}' for name in tuned)})"

    FromFunction.__name__ = FromFunction.__qualname__ = called
    return FromFunction(
        **{k: v for k, v in own.items() if v is not inspect.Parameter.empty} | hyper
    )


def source(thing):
    """Print the source of a class or function: `source(Adam)` shows the code that runs.

    Raises TypeError for an object without Python source, such as a number or `len`.
    """
    try:
        lines = inspect.getsource(thing)
    except (TypeError, OSError):
        message = f"source needs a class or function written in Python, got {thing!r}"
        raise TypeError(message) from None
    print(textwrap.dedent(lines).rstrip())


def _arrays(parts):
    """The parts as float arrays; an empty list if they are not numbers."""
    try:
        return [np.asarray(part, float) for part in parts]
    except (TypeError, ValueError):
        return []


def _check(name, value):
    """Raise ValueError unless the hyper-parameter has its type and range."""
    if name == "bias_correction":
        if not isinstance(value, (bool, np.bool_)):
            raise ValueError(f"bias_correction must be True or False, got {value!r}")
        return
    if isinstance(value, (list, tuple)):
        raise ValueError(f"{name} must be one number, or sweep({name}=…) for many, got {value!r}")
    is_number = isinstance(value, (int, float, np.ndarray, np.generic))
    try:
        good = is_number and bool(np.all(np.isfinite(value)) and np.all(value >= 0))
        below_one = good and bool(np.all(value < 1))
    except TypeError:
        good = below_one = False
    if name in ("beta", "beta1", "beta2", "rho"):
        if not below_one:
            raise ValueError(f"{name} must be at least 0 and below 1, got {value!r}")
    elif not good:
        raise ValueError(f"{name} must be finite and 0 or more, got {value!r}")
