"""Every rule: first steps by hand, other libraries' iterates, pure steps, learners' functions."""

import dataclasses
import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdlesson
from gdlesson import (
    AdaDelta,
    AdaGrad,
    Adam,
    AdaMax,
    AdamW,
    AMSGrad,
    GradientDescent,
    LinearRegression,
    Lion,
    Momentum,
    NAdam,
    Nesterov,
    Optimizer,
    RMSProp,
    catalogue,
    descend,
    from_function,
    quadratic,
    source,
    sweep,
)

RULES = [
    GradientDescent,
    Momentum,
    Nesterov,
    AdaGrad,
    RMSProp,
    AdaDelta,
    Adam,
    AMSGrad,
    AdamW,
    NAdam,
    AdaMax,
    Lion,
]
each = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text())


@pytest.mark.parametrize(
    "entry",
    REFERENCE["entries"],
    ids=lambda e: f"{e['library'].split()[0]}-{e['rule']}-{e['surface']}",
)
def test_other_libraries_take_the_same_path(entry):
    optimizer = getattr(gdlesson, entry["rule"])(**entry["hyper"])
    path = descend(catalogue[entry["surface"]], optimizer, start=entry["start"], steps=200)
    ours = path.w
    if entry["rule"] == "Nesterov":  # their iterates are the points we look at: w − lr·β·v
        v = (path.w[:-1] - path.w[1:]) / optimizer.lr
        ours = np.concatenate([path.w[:1], path.w[1:] - optimizer.lr * optimizer.beta * v])
    np.testing.assert_allclose(ours[REFERENCE["steps"]], entry["iterates"], rtol=0, atol=1e-10)


def test_the_reference_covers_every_rule_and_moves():
    assert {entry["rule"] for entry in REFERENCE["entries"]} == {rule.__name__ for rule in RULES}
    for entry in REFERENCE["entries"]:
        moved = np.abs(np.subtract(entry["iterates"][-1], entry["start"])).max()
        assert moved > (1e-3 if entry["rule"] == "AdaDelta" else 0.01)


def two_steps(optimizer, gradients=(4.0, -2.0)):
    w, state = np.array([1.0]), optimizer.init(np.array([1.0]))
    points = []
    for g in gradients:
        w, state = optimizer.step(w, state, np.array([g]))
        points.append(w[0])
    return points


# Each line is arithmetic: start 1, gradients 4 and then −2, lr 0.1.
BY_HAND = [
    (GradientDescent(0.1), [0.6, 0.8]),
    (Momentum(0.1, 0.5), [0.6, 0.6]),
    (AdaGrad(0.1, 0), [0.9, 0.9 + 0.2 / np.sqrt(20)]),
    (AdaGrad(0.1, 4), [1 - 0.4 / 8, 1 - 0.4 / 8 + 0.2 / (np.sqrt(20) + 4)]),  # ε outside the root
    (RMSProp(0.1, 0.75, 0), [0.8, 0.8 + 0.2 / 2]),
    (RMSProp(0.1, 0.75, 2), [0.9, 0.9 + 0.2 / 4]),
    (AdaDelta(1, 0.75, 5), [1 - 4 * np.sqrt(5) / 3, None]),  # ε inside both roots
    (Adam(0.1, 0.5, 0.75, 0), [0.9, 0.9]),  # m = 2, 0
    (Adam(0.1, 0.5, 0.75, 4), [1 - 0.1 * 4 / 8, 1 - 0.1 * 4 / 8]),
    (Adam(0.1, 0.5, 0.75, 0, bias_correction=False), [1 - 0.1 * 2 / 2, 0.9]),
    (AdamW(0.1, 0.5, 0.75, 0, 0.5), [0.95 - 0.1, 0.85 * 0.95]),
    (NAdam(0.1, 0.5, 0.75, 0), [1 - 0.1 * (0.5 * 2 / 0.75 + 0.5 * 4 / 0.5) / 4, None]),
    (AdaMax(0.1, 0.5, 0.75, 0), [0.9, 0.9]),
    (AdaMax(0.1, 0.5, 0.25, 0), [0.9, 0.9]),
    (Lion(0.1, 0.5, 0.5), [0.9, 0.9]),  # c = 2, then ½·2 − ½·2 = 0
    (Lion(0.1, 0.5, 0.75), [0.9, 1.0]),  # c = 2, then ½·1 − ½·2 = −½
]


@pytest.mark.parametrize("optimizer, expected", BY_HAND, ids=[repr(o) for o, _ in BY_HAND])
def test_two_steps_by_hand(optimizer, expected):
    for got, value in zip(two_steps(optimizer), expected, strict=True):
        assert value is None or got == pytest.approx(value, abs=1e-14)


def test_amsgrad_divides_by_the_largest_mean_square_so_far():
    gradients = (10.0, *[0.1] * 50)
    adam, ams = two_steps(Adam(0.1), gradients), two_steps(AMSGrad(0.1), gradients)
    assert adam[0] == ams[0]
    # The maximum stays at the first v while its correction fades: the steps are the smaller ones.
    assert np.abs(np.diff(ams)[-1]) < np.abs(np.diff(adam)[-1])
    u = max(0.001 * 100 * 0.999**t for t in range(51)) / (1 - 0.999**51)
    m = (0.1 * 10 * 0.9**50 + 0.1 * 0.1 * sum(0.9**k for k in range(50))) / (1 - 0.9**51)
    assert ams[-1] - ams[-2] == pytest.approx(-0.1 * m / (np.sqrt(u) + 1e-8), rel=1e-9)


def test_nesterov_is_momentum_that_looks_elsewhere():
    assert "step" not in vars(Nesterov) and "init" not in vars(Nesterov)
    w, v = np.array([1.0, 2.0]), np.array([3.0, -4.0])
    assert Nesterov(0.1, 0.5).look(w, v) == pytest.approx([0.85, 2.2])
    assert (Momentum(0.1, 0.5).look(w, v) == w).all()


@each
@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10**6), lr=st.floats(0, 10))
def test_a_step_changes_none_of_its_inputs_and_depends_on_nothing_else(rule, seed, lr):
    rng, optimizer = np.random.default_rng(seed), rule(lr)
    w = rng.normal(size=(3, 2))
    state = optimizer.init(w)
    for _ in range(2):
        g = rng.normal(size=(3, 2))
        before = copies(w), copies(state), copies(g)
        look, again = optimizer.look(w, state), optimizer.look(w, state)
        np.testing.assert_array_equal(look, again)
        first, second = optimizer.step(w, state, g), optimizer.step(w, state, g)
        same(before, (w, state, g))
        same(first, second)
        assert first[0].shape == w.shape
        w, state = first


def copies(thing):
    return tuple(map(copies, thing)) if isinstance(thing, tuple) else np.copy(thing)


def same(one, other):
    if isinstance(one, tuple):
        for a, b in zip(one, other, strict=True):
            same(a, b)
    else:
        np.testing.assert_array_equal(one, other)


@each
def test_every_hyper_parameter_can_be_swept_bit_for_bit(rule):
    surface = catalogue["Himmelblau"]
    values = {"lr": [0.001, 0.01, 0.03], "eps": [0, 1e-8, 0.1], "weight_decay": [0, 0.01, 0.3]}
    for name in (field.name for field in dataclasses.fields(rule)):
        if name == "bias_correction":
            continue
        row = np.array(values.get(name, np.linspace(0, 0.999, 14)))
        together = descend(surface, rule(**sweep(**{name: row})), steps=60)
        assert together.w.shape == (61, len(row), 2)
        for i, value in enumerate(row):
            alone = descend(surface, rule(**{name: value}), steps=60)
            np.testing.assert_array_equal(together.w[:, i], alone.w)


@pytest.mark.parametrize("rule", [Adam, AMSGrad, AdamW, NAdam, AdaMax])
@pytest.mark.parametrize("name", ["beta1", "beta2"])
def test_the_last_bit_of_a_correction_does_not_depend_on_how_many_runs_there_are(rule, name):
    """A step from 0 is the bare ratio, in which no rounding of w hides the last bit."""
    row, g, w = np.linspace(0.5, 0.999, 40), np.ones(1), np.zeros((40, 1))
    together, alone = rule(**sweep(**{name: row})), [rule(**{name: value}) for value in row]
    state, states = together.init(w), [optimizer.init(w[0]) for optimizer in alone]
    for _ in range(60):
        moved, state = together.step(w, state, g)
        for i, optimizer in enumerate(alone):
            one, states[i] = optimizer.step(w[0], states[i], g)
            assert moved[i, 0] == one[0]


@each
def test_where_there_never_was_a_gradient_nothing_moves_even_without_eps(rule):
    names = [field.name for field in dataclasses.fields(rule)]
    hyper = {"eps": 0} if "eps" in names else {}
    if "weight_decay" in names:
        hyper["weight_decay"] = 0
    path = descend(quadratic((1, 25)), rule(**hyper), start=(1, 0), steps=20)
    assert (path.w[:, 1] == 0).all() and np.isfinite(path.w).all()
    if "eps" in names:
        several = rule(**sweep(eps=np.array([0, 1e-8]))).eps
        assert several.ravel().tolist() == [1e-300, 1e-8]


@each
def test_the_record_of_a_rule(rule):
    optimizer = rule()
    assert isinstance(optimizer, Optimizer)
    assert repr(optimizer).startswith(f"{rule.__name__}(lr={optimizer.lr}")
    assert rule() == rule() and rule(lr=0.5).lr == 0.5
    with pytest.raises(dataclasses.FrozenInstanceError):
        optimizer.lr = 1
    assert rule.__doc__ and not rule.__doc__.startswith(f"{rule.__name__}(")  # written, not made
    if "step" in vars(rule):
        lines = gdlesson.optimizers.inspect.getsource(rule.step).strip().splitlines()
        assert len(lines) <= 13, "def and about twelve lines"


def test_every_rule_in_the_module_is_tested_here():
    module = vars(gdlesson.optimizers).values()
    found = {c for c in module if isinstance(c, type) and issubclass(c, Optimizer)} - {Optimizer}
    assert found == set(RULES)


@pytest.mark.parametrize(
    "make, sentence",
    [
        (lambda: Momentum(beta=1.0), "beta must be at least 0 and below 1, got 1.0"),
        (lambda: Momentum(beta=-0.1), "beta must be at least 0 and below 1, got -0.1"),
        (lambda: RMSProp(rho=np.nan), "rho must be at least 0 and below 1, got nan"),
        (lambda: Adam(beta1="0.9"), "beta1 must be at least 0 and below 1, got '0.9'"),
        (lambda: Adam(beta2=np.array([[0.5], [1.0]])), "beta2 must be at least 0 and below 1"),
        (lambda: AdaGrad(eps=-1e-8), "eps must be finite and 0 or more, got -1e-08"),
        (lambda: AdamW(weight_decay=np.inf), "weight_decay must be finite and 0 or more, got inf"),
        (lambda: Lion(lr=None), "lr must be finite and 0 or more, got None"),
        (lambda: GradientDescent([0.1, 0.2]), r"sweep\(lr=…\) for many, got \[0.1, 0.2\]"),
        (lambda: Adam(bias_correction=0.5), "bias_correction must be True or False, got 0.5"),
    ],
)
def test_a_hyper_parameter_out_of_range_gets_one_sentence(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()


# A learner's functions, as the exercises ask for them.


def gd_step(w, g, lr):
    return w - lr * g


def momentum_step(w, v, g, lr, beta):
    v = beta * v + g
    return w - lr * v, v


def nesterov_step(w, v, grad, lr, beta):
    v = beta * v + grad(w - lr * beta * v)
    return w - lr * v, v


def adagrad_step(w, s, g, lr, eps):
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + eps), s


def rmsprop_step(w, s, g, lr, rho, eps):
    s = rho * s + (1 - rho) * g**2
    return w - lr * g / (np.sqrt(s) + eps), s


def adam_step(w, m, v, t, g, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def adamw_step(w, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * (m_hat / (np.sqrt(v_hat) + eps) + weight_decay * w), m, v


LEARNERS = [
    (gd_step, GradientDescent),
    (momentum_step, Momentum),
    (nesterov_step, Nesterov),
    (adagrad_step, AdaGrad),
    (rmsprop_step, RMSProp),
    (adam_step, Adam),
    (adamw_step, AdamW),
]
each_learner = pytest.mark.parametrize(
    "fn, rule", LEARNERS, ids=[fn.__name__ for fn, _ in LEARNERS]
)


@each_learner
def test_a_learners_function_is_the_packages_rule(fn, rule):
    surface = catalogue["Himmelblau"]
    for hyper in ({}, {"lr": 0.003}):
        theirs, ours = from_function(fn, **hyper), rule(**hyper)
        assert theirs.lr == ours.lr
        path = descend(surface, theirs, steps=50, schedule=lambda t: 1 / (1 + t))
        expected = descend(surface, ours, steps=50, schedule=lambda t: 1 / (1 + t))
        np.testing.assert_allclose(path.w, expected.w, rtol=0, atol=1e-12)
        np.testing.assert_allclose(path.g, expected.g, rtol=0, atol=1e-9)
        assert repr(theirs).startswith(f"{fn.__name__}(lr={ours.lr}")


@each_learner
def test_a_learners_function_sweeps_and_sees_the_batch(fn, rule):
    rates = np.array([0.001, 0.01])
    starts = np.array([[[1.0, 2.0]], [[-3.0, 0.5]]])
    surface = catalogue["Himmelblau"]
    theirs = descend(surface, from_function(fn, **sweep(lr=rates)), start=starts, steps=20)
    ours = descend(surface, rule(**sweep(lr=rates)), start=starts, steps=20)
    np.testing.assert_allclose(theirs.w, ours.w, rtol=0, atol=1e-12)
    line = LinearRegression([0, 1, 2, 3], [1, 3, 2, 5])
    one = descend(line, from_function(fn, lr=0.01), steps=12, batches=line.batches(3, 0))
    other = descend(line, rule(lr=0.01), steps=12, batches=line.batches(3, 0))
    np.testing.assert_allclose(one.w, other.w, rtol=0, atol=1e-13)
    np.testing.assert_allclose(one.g, other.g, rtol=0, atol=1e-12)


def test_a_nesterov_that_looks_in_the_wrong_place_is_measured_there():
    def nesterov_step(w, v, grad, lr, beta):
        v = beta * v + grad(w)  # no look-ahead: this is momentum
        return w - lr * v, v

    surface = catalogue["Himmelblau"]
    path = descend(surface, from_function(nesterov_step, lr=0.003), steps=30)
    np.testing.assert_array_equal(path.w, descend(surface, Momentum(0.003), steps=30).w)
    learner = from_function(nesterov_step)
    w = np.ones(2)
    assert learner.look(w, learner.init(w)) is w  # it looks for itself
    silent = descend(surface, from_function(lambda w, v, grad, lr, beta: (w, v)), steps=3)
    assert np.isnan(silent.g).all()  # it never asked


def test_a_function_that_writes_into_its_arguments_spoils_only_itself():
    def gd_step(w, g, lr):
        w -= lr * g
        g *= 0
        return w

    path = descend(catalogue["Booth"], from_function(gd_step, lr=0.01), steps=5)
    expected = descend(catalogue["Booth"], GradientDescent(0.01), steps=5)
    np.testing.assert_array_equal(path.w, expected.w)
    np.testing.assert_array_equal(path.g, expected.g)
    np.testing.assert_array_equal(path.start, expected.start)


def test_lists_own_defaults_and_another_order_of_arguments():
    def momentum_step(v, w, g, lr=0.02, beta=0.5):
        v = [beta * a + b for a, b in zip(v, g, strict=True)]
        return [a - lr * b for a, b in zip(w, v, strict=True)], v

    theirs = from_function(momentum_step)
    assert repr(theirs) == "momentum_step(lr=0.02, beta=0.5)"
    path = descend(catalogue["Booth"], theirs, steps=9)
    expected = descend(catalogue["Booth"], Momentum(0.02, 0.5), steps=9).w
    np.testing.assert_allclose(path.w, expected, rtol=1e-13)
    assert from_function(momentum_step, beta=0.1).beta == 0.1


@pytest.mark.parametrize(
    "fn, hyper, sentence",
    [
        (lambda x, y: x, {}, r"the parameters of <lambda>, \(x, y\), fit no rule: w, g, lr; w, v"),
        (lambda w, v, lr: w, {}, r"\(w, v, lr\), fit no rule"),
        (3, {}, "from_function needs an update function, got 3"),
        (gd_step, {"beta": 0.9}, "gd_step can be given lr, got beta"),
        (adam_step, {"bias_correction": False}, "can be given lr, beta1, beta2, eps, got bias"),
        (momentum_step, {"beta": 1}, "beta must be at least 0 and below 1, got 1"),
        (momentum_step, {"lr": np.nan}, "lr must be finite and 0 or more, got nan"),
    ],
)
def test_a_function_that_fits_no_rule_gets_one_sentence(fn, hyper, sentence):
    with pytest.raises((ValueError, TypeError), match=sentence):
        from_function(fn, **hyper)


@pytest.mark.parametrize(
    "result, got",
    [
        (None, "None"),
        (0.5, "0.5"),
        ((1, 2, 3), r"\(1, 2, 3\)"),
        ((np.zeros(2), np.zeros(3)), "array"),
        (("a", "b"), "'a'"),
    ],
)
def test_a_function_that_returns_no_point_gets_one_sentence(result, got):
    def momentum_step(w, v, g, lr, beta):
        return result

    expected = rf"momentum_step should return w, v of shape \(2,\), got .*{got}"
    with pytest.raises(TypeError, match=expected):
        descend(catalogue["Booth"], from_function(momentum_step), steps=1)


def test_source_prints_the_lines_of_a_class_or_function(capsys):
    source(Momentum)
    printed = capsys.readouterr().out
    assert printed.startswith("@dataclass(frozen=True)\nclass Momentum(Optimizer):\n")
    assert printed.endswith("        return w - self.lr * v, v\n")
    assert "/" not in printed.split('"""')[2]  # no path

    def indented(w):
        return w

    source(indented)
    assert capsys.readouterr().out == "def indented(w):\n    return w\n"
    source(Momentum.step)
    assert capsys.readouterr().out.startswith("def step(self, w, v, g):\n    v = ")


@pytest.mark.parametrize("thing", [3, len, Momentum(), partial(gd_step)])
def test_source_of_what_has_no_lines_gets_one_sentence(thing):
    with pytest.raises(TypeError, match="source needs a class or function written in Python, got"):
        source(thing)
