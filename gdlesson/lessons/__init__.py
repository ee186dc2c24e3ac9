"""The lessons' rooms: one module per notebook, with its explorer, predictions and exercises."""

from . import (
    adam,
    adaptive,
    batch,
    gradient,
    landscapes,
    mini_batch,
    momentum,
    nesterov,
    one_step,
    race,
    slope,
    step_size,
    stochastic,
)

ROOMS = (
    slope,
    one_step,
    step_size,
    gradient,
    batch,
    stochastic,
    mini_batch,
    landscapes,
    momentum,
    nesterov,
    adaptive,
    adam,
    race,
)


def explorers():
    """Name of a lesson → function that makes its explorer, its controls awake."""
    return {_name(room): room.explore for room in ROOMS if hasattr(room, "explore")}


def exercises():
    """Name → Exercise, of all lessons."""
    return {exercise.name: exercise for room in ROOMS for exercise in room.EXERCISES}


def _name(room):
    return room.__name__.rpartition(".")[2]
