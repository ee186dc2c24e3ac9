"""What an explorer's methods hand on: the views of a picture, and what is shown of a state."""

from dataclasses import dataclass

import numpy as np

from ..formatting import step_text

# The readout of a start from which no step moves.
AT_MINIMUM = "The ball starts at the minimum. The gradient there is 0, so no step moves the ball."


class Views:
    """The views of a picture by name, and the points in it that can be dragged.

    handles: `live.figure.Handle`s. views: anything with `.moving`, or None for one that this
    picture does not have; `Views(path=…).path` is that view again.
    """

    def __init__(self, handles=(), **views):
        self.handles, self.all = list(handles), [v for v in views.values() if v is not None]
        self.__dict__.update(views)

    @property
    def moving(self):
        return [artist for view in self.all for artist in view.moving]


@dataclass(frozen=True)
class Shown:
    """What a state says of itself: its readout, and a text with numbers for each step.

    step_text and step_numbers (steps + 1, k): see `live.playback.Play`.
    """

    readout: str
    step_text: str = ""
    step_numbers: np.ndarray | tuple = ()

    @classmethod
    def along(cls, path, readout):
        """With the weights and the loss after each step of a path of one run."""
        return cls(readout, step_text(path.w.shape[1]), np.column_stack([path.w, path.loss]))
