"""Lesson 15: the lengths of the first steps, the two means, and where Adam fails."""

import itertools
import re

import numpy as np
import pytest

from gdlesson import Adam, AMSGrad
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import adam

HYPER = {"beta1": 0.8, "beta2": 0.95, "eps": 1e-8}


@pytest.fixture
def explorer():
    return adam.explore()


@pytest.mark.parametrize("correction", [True, False])
@pytest.mark.parametrize("rule", [Adam, AMSGrad])
def test_the_moves_are_those_of_the_package(rule, correction):
    g = np.random.default_rng(0).normal(size=(12, 2)) * [1.0, 30.0]
    moves = adam.moves_of(g, 0.1, **HYPER, correction=correction, largest=rule is AMSGrad)
    method, w = rule(0.1, **HYPER, bias_correction=correction), np.zeros(2)
    state = method.init(w)
    for each, move in zip(g, moves, strict=True):
        new, state = method.step(w, state, each)
        np.testing.assert_allclose(new - w, 0.1 * move, atol=1e-14)
        w = new


@pytest.mark.parametrize("example", ["constant gradient", "Reddi's"])
@pytest.mark.parametrize("correction", [True, False])
def test_the_runs_drawn_are_those_of_the_package(example, correction):
    hyper = {"lr": 0.2, "beta1": 0.5, "beta2": 0.9, "eps": 1e-4}
    explorer = adam.explore(example=example)
    explorer.set(**hyper, **({"correction": correction} if example == "Reddi's" else {}))
    if example == "Reddi's":
        made = [rule(**hyper, bias_correction=correction) for rule in (Adam, AMSGrad)]
    else:
        made = [Adam(**hyper, bias_correction=corrected) for corrected in (True, False)]
    for line, rule in zip(explorer.views.runs.moving, made, strict=True):
        path = adam.run(example, rule, [adam.STARTS[example]])
        np.testing.assert_allclose(line.get_ydata(), path.w[:, 0], atol=1e-11)


def test_the_lengths_drawn_are_the_steps_made(explorer):
    for correction in (True, False):
        explorer.set(correction=correction)
        made = np.abs(np.diff(explorer.shown.step_numbers[:, :2], axis=0)) / 0.1
        for i, line in enumerate(explorer.views.moves.moving):
            np.testing.assert_allclose(line.get_ydata(), made[: adam.FIRST, i], atol=1e-9)


def test_a_constant_gradient_shows_what_the_correction_corrects(explorer):
    explorer.set(example="constant gradient")
    assert explorer.readout == (
        "With lr = 0.1, every step of Adam is 1.00 lr long. Without bias correction the first "
        "step is 3.16 lr long, and the longest of the first 20, at t = 12, is 6.57 lr."
    )
    assert explorer.views.moves.second.get_ydata().argmax() + 1 == 12
    assert "correction" in explorer.disabled(explorer.values)
    explorer.set(beta1=0.0)
    assert explorer.readout.endswith("and this is the longest of the first 20.")


def test_adam_stays_at_the_wrong_end_and_amsgrad_does_not(explorer):
    explorer.set(example="Reddi's")
    assert {name: explorer.values[name] for name in adam.REDDI} == adam.REDDI
    assert explorer.readout.startswith(
        "With lr = 0.2, divided by √t, and without bias correction, Adam is at 1.000"
    )
    assert "Adam is at 1.000 after 999 steps, and AMSGrad at −0.997" in explorer.readout
    assert "add up to 0.69 with Adam and −0.51 with AMSGrad" in explorer.readout
    settings = {"lr": 0.2, "beta1": 0.0, "beta2": 1 / 17, "bias_correction": False}
    ends = [adam.run("Reddi's", rule(**settings), steps=999).last[0] for rule in (Adam, AMSGrad)]
    assert ends == [1, pytest.approx(-0.9967, abs=5e-5)]
    explorer.set(beta2=0.999)
    assert "Adam is at −0.993 after 999 steps" in explorer.readout
    explorer.set(example="valley")
    assert explorer.values["beta1"] == 0.9 and explorer.values["correction"]


def test_the_readout_is_true_in_every_state(explorer):
    """Its numbers are those of the lines in the picture."""
    grid = itertools.product(
        adam.EXAMPLES, (0.0, 0.9, 0.99), (0.0588, 0.9, 0.9999), (1e-8, 1.0), (False, True), (1.0,)
    )  # fmt: skip
    for example, beta1, beta2, eps, correction, lr in grid:
        explorer.set(example=example)
        explorer.set(beta1=beta1, beta2=beta2, eps=eps, correction=correction, lr=lr)
        text = explorer.readout.replace("−", "-")
        first, second = (line.get_ydata() for line in explorer.views.moves.moving)
        if example == "valley":
            given = [float(x) for x in re.findall(r"([\d.]+) lr", text)]
            assert given == pytest.approx([first[0], second[0], max(*first, *second)], abs=0.0051)
        elif example == "constant gradient":
            given = [float(x) for x in re.findall(r"([\d.]+) lr", text)]
            np.testing.assert_allclose(first, given[0], atol=0.0051)
            assert second[0] == pytest.approx(given[1], abs=0.0051)
            assert second.max() == pytest.approx(given[-1], abs=0.0051)
        else:
            ends = [line.get_ydata()[-1] for line in explorer.views.runs.moving]
            given = [float(x) for x in re.findall(r"at (-?[\d.]+\d)", text)]
            assert given == pytest.approx(ends, abs=0.00051)


def test_scale_does_not_change_the_path_and_eps_does(explorer):
    before = explorer.shown.step_numbers[:, :2]
    scaled = adam.quadratic((1000.0, 25000.0), start=[2.0, 1.0])
    path = adam.descend(scaled, Adam(0.1, eps=0.0), steps=100)
    np.testing.assert_allclose(path.w, before, atol=1e-6)
    explorer.set(eps=1.0)
    first = -np.diff(explorer.shown.step_numbers[:2, :2], axis=0)[0]
    np.testing.assert_allclose(first, 0.1 * np.array([2 / 3, 25 / 26]))
    explorer.buttons()["Usual β and ε"]()
    np.testing.assert_allclose(explorer.shown.step_numbers[:, :2], before)


def test_the_ball_is_dragged(explorer):
    explorer.views.handles[0].moved(9, 0.256)
    assert explorer.shown.step_numbers[0, :2].tolist() == [2.5, 0.26]
    explorer.reset()
    assert explorer.values == adam.explore().values


@pytest.mark.parametrize("example", adam.EXAMPLES)
def test_a_learners_rule_is_drawn_next_to_ours(example):
    mine = adam.explore(mine=exercises()["adam_step"].reference, example=example)
    mine.set(correction=True)
    assert mine.readout.endswith("Your path, drawn as crosses, is the same.")


def test_an_unwritten_rule_is_not_drawn():
    unwritten = adam.explore(mine=lambda w, m, v, t, g, lr, beta1, beta2, eps: None)
    assert "is not drawn: the function returned no points." in unwritten.readout


def reddi(beta2, period, gradient, steps, largest=False, lr=0.2):
    """Where Reddi's example ends with other numbers."""
    w, v, u = 1.0, 0.0, 0.0
    for t in range(1, steps + 1):
        g = gradient if t % period == 1 else -1.0
        v = beta2 * v + (1 - beta2) * g**2
        u = max(u, v) if largest else v
        w = min(1.0, max(-1.0, w - lr / t**0.5 * g / u**0.5))
    return w


def test_a_long_memory_fails_on_a_longer_period():
    assert reddi(1 / 17, 3, 4.0, 1000) == pytest.approx(0.99349, abs=5e-6)
    assert reddi(0.999, 3, 4.0, 1000) < -0.99
    assert reddi(0.999, 5000, 5500.0, 200_000) == 1.0
    assert reddi(0.999, 5000, 5500.0, 200_000, largest=True) < -0.9


@pytest.mark.parametrize("lr", [0.001, 0.1, 1.0, 2.0, 100.0])
def test_no_step_size_helps_adam_in_reddis_example(lr):
    assert all(reddi(1 / 17, 3, 4.0, steps, lr=lr) == 1.0 for steps in (3, 6, 9, 300, 3000))
