"""Every explorer in states nobody thought of: all its controls at their ends and at random."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from gdlesson.lessons import explorers


def ends(control):
    """The first and the last value of a control."""
    if hasattr(control, "options"):
        return control.options[0], control.options[-1]
    return control.min, control.max


def anywhere(control, rng):
    """A random value of a control."""
    if hasattr(control, "options"):
        return control.options[rng.integers(len(control.options))]
    return rng.uniform(control.min, control.max)


def is_sane(explorer):
    points = np.frombuffer(explorer.live._points, np.float32)
    words = explorer.readout.lower()
    return (
        np.isfinite(points).all()
        and np.abs(points).max() < 1e5
        and not any(word in words for word in ("nan", "inf", "could not"))
    )


def wander(make, states):
    explorer, rng, figures = make(), np.random.default_rng(7), len(plt.get_fignums())
    for end in (0, 1):
        for name, control in explorer.controls.items():
            explorer.set(**{name: ends(control)[end]})
            assert is_sane(explorer), explorer.values
    for _ in range(states):
        explorer.set(**{name: anywhere(c, rng) for name, c in explorer.controls.items()})
        assert is_sane(explorer), explorer.values
    assert len(plt.get_fignums()) == figures


@pytest.mark.parametrize("name", explorers())
def test_controls_at_their_ends_and_in_twenty_random_states(name):
    wander(explorers()[name], 20)


@pytest.mark.slow
@pytest.mark.parametrize("name", explorers())
def test_five_hundred_random_states(name):
    wander(explorers()[name], 500)
