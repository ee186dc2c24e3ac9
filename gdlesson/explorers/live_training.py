"""What the explorers share that train a network while its picture is shown."""

from .base import Explorer


class LiveTraining(Explorer):
    """A training that goes on in the background, and is shown after each piece.

    A subclass writes training(values) → an object with `advance()`, `done` and `begun` (far
    enough for a first picture), and update(views, training, values) → the readout.
    """

    def show(self, views, values):
        training = self.training(values)
        while not training.begun:
            training.advance()
        return self.update(views, training, values)

    def refine(self, views, values):
        return None if self.training(values).done else self._train(views, values)

    def _train(self, views, values):
        training = self.training(values)
        while not training.done:
            training.advance()
            self._say(self.update(views, training, values))
            yield
