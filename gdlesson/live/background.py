"""BackgroundRefinement: slow work that waits for the hand to rest. Standard library only."""

import asyncio

WAIT = 0.15  # seconds without a move: the hand rests
BREATH = 0.002  # between two pieces, so that a newer move is heard


class BackgroundRefinement:
    """Work done piece by piece on the kernel's event loop, given up when newer work comes.

    shown: called after each piece. failed: called with what a piece raises, which is then raised
    to the event loop too. Where no loop runs, the work waits for `finish`.
    """

    def __init__(self, shown, failed=lambda error: None):
        self.shown, self.failed, self.work, self.timer = shown, failed, None, None

    @property
    def scheduled(self):
        """Whether an event loop will do the work."""
        return self.timer is not None

    def begin(self, work):
        """Give up what there was, and do `work`, a generator of short pieces, a little later."""
        self.give_up()
        self.work = work
        if work is not None:
            self._later(WAIT)

    def give_up(self):
        """Forget the work, wherever it is."""
        if self.timer is not None:
            self.timer.cancel()
        if self.work is not None:
            self.work.close()
        self.work = self.timer = None

    def finish(self):
        """Do all that is left of the work now."""
        if self.work is None:
            return
        for _ in self.work:
            pass
        self.give_up()
        self.shown()

    def _later(self, seconds):
        try:
            self.timer = asyncio.get_running_loop().call_later(seconds, self._turn)
        except RuntimeError:  # no loop runs, as in a script
            self.timer = None

    def _turn(self):
        try:
            next(self.work)
        except StopIteration:
            self.give_up()
        except Exception as error:
            self.give_up()
            self.failed(error)
            raise
        else:
            self._later(BREATH)
        self.shown()
