"""The first explorer of lesson 08: the range test, the runs next to it, and its readout."""

import itertools
import re

import numpy as np
import pytest

from gdlesson import LinearRegression, penguins
from gdlesson.explorers import range_test
from gdlesson.explorers.range_test import DIGITS, PENGUINS, SHOW, TRIALS


def test_the_test_is_a_descent_whose_rates_grow_by_one_factor():
    rates, losses = range_test.range_test(PENGUINS, 30)
    assert rates[0] == pytest.approx(1e-8) and rates[-1] == pytest.approx(1e-3)
    assert rates[1:] / rates[:-1] == pytest.approx(np.full(29, 10 ** (5 / 29)))
    data = penguins()
    x, y = data["flipper_length_mm"], data["body_mass_g"]
    w = b = 0.0
    for lr, loss in zip(rates[:20], losses, strict=False):
        r = w * x + b - y
        assert np.mean(r**2) == pytest.approx(loss)
        w, b = w - lr * np.mean(2 * r * x), b - lr * np.mean(2 * r)


def test_the_numbers_of_the_lesson():
    data = penguins()
    curvatures = LinearRegression(data["flipper_length_mm"], data["body_mass_g"]).curvatures()
    assert 2 / curvatures[-1] == pytest.approx(2.46e-5, rel=2e-3)
    picture = range_test.explore(sweep=SHOW)
    assert "is lowest at the learning rate 9.8e-05." in picture.readout
    assert "the runs with learning rates up to 1.8e-05 end below their start." in picture.readout
    for steps, lowest, within in ((30, 2.8e-5, 0.02), (300, 8e-5, 0.04)):
        rates, losses = range_test.range_test(PENGUINS, steps)
        # In 300 steps rounding errors grow: they decide which of two neighbours is the lowest.
        assert rates[losses.argmin()] == pytest.approx(lowest, rel=within)
    for lr in (1e-5, 1.8e-5):  # a tenth of the diamond, and the last low triangle
        assert "to 3.2e+05 in 100 steps" in range_test.explore(lr=lr).readout
    rates, ends = range_test.sweep(PENGUINS)
    assert (ends[rates > 2.47e-5] > 1e9).all() and (ends[rates < 2.46e-5] < 1.6e7).all()
    level = ends[(rates > 0.99e-6) & (rates < 2.46e-5)]
    assert len(level) == 6 and np.ptp(level) < 1e-4 * level.min()  # the bottom is flat
    _, losses = range_test.range_test(DIGITS, 100)
    rates, _ = range_test.range_test(DIGITS, 100)
    diamond = rates[losses.argmin()]
    start, *_, tenth = range_test.train(DIGITS, diamond / 10)[1]
    assert tenth < 0.5 * start
    assert range_test.train(DIGITS, diamond)[1][-1] < tenth
    for lr, end in ((10**-0.9, 0.56), (10**0.1, 0.04)):  # next to both on the slider
        assert range_test.train(DIGITS, lr)[1][-1] == pytest.approx(end, rel=0.01)


def test_the_prediction_is_about_a_run_that_grows():
    question = range_test.lowest_question
    readout = range_test.explore(**question.about).readout
    assert "the loss grows from 1.83e+07" in readout
    assert question.answer in question.choices


@pytest.mark.parametrize("loss", TRIALS)
def test_the_runs_that_the_readout_counts_are_those_below_their_start(loss):
    rates, ends = range_test.sweep(loss)
    start = range_test.train(loss, float(rates[0]))[1][0]
    largest = re.search(r"up to ([\d.e-]+) end", range_test.describe_sweep(rates, ends, start))[1]
    assert ((ends < start) == (rates < 1.05 * float(largest))).all()


@pytest.mark.parametrize("loss", TRIALS)
def test_the_readout_is_true_in_every_state(loss):
    picture, trial = range_test.explore(), TRIALS[loss]
    picture.set(loss=loss)
    for power, test in itertools.product(np.linspace(trial.low, trial.high, 7), (30, 100)):
        picture.set(lr=10.0**power, test=test)
        rates, losses = range_test.range_test(loss, test)
        first = re.search(r"at the learning rate ([\d.e+-]+)\.", picture.readout)[1]
        assert float(first) == pytest.approx(rates[losses.argmin()], rel=0.06)
        run = range_test.train(loss, picture.controls["lr"].value)[1]
        if not np.isfinite(run[-1]):
            assert "beyond all numbers" in picture.readout
        else:
            word = "grows" if run[-1] > run[0] else "falls"
            assert f"the loss {word} from" in picture.readout
