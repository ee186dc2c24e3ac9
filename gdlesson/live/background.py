"""BackgroundRefinement: slow work that starts when no move comes. Standard library only."""

import asyncio
import threading

# JupyterLab sends some moves to a thread of their own (a subshell of the kernel), but the style
# of pictures and what draws them is one for all threads.
one_at_a_time = threading.RLock()

WAIT = 0.15  # seconds without a move before the work starts
PAUSE = 0.002  # seconds between two pieces, in which the event loop can handle a newer move


class BackgroundRefinement:
    """Work done piece by piece on the kernel's event loop, and given up when newer work begins.

    shown: called after each piece. failed: called with the exception that a piece raises, which
    is then raised to the event loop too. Without an event loop, the work waits for `finish`.
    """

    def __init__(self, shown, failed=lambda error: None):
        self.shown, self.failed, self.work, self.timer = shown, failed, None, None

    @property
    def scheduled(self):
        """Whether an event loop will do the work."""
        return self.timer is not None

    def begin(self, work):
        """Give up the present work, and start `work`, a generator of short pieces, after a wait."""
        self.give_up()
        self.work = work
        if work is not None:
            self._later(WAIT)

    def give_up(self):
        """Drop the work, whether it has started or not."""
        if self.timer is not None:
            self.timer.cancel()
        if self.work is not None:
            self.work.close()
        self.work = self.timer = None

    def finish(self):
        """Do the remaining work now."""
        if self.work is None:
            return
        for _ in self.work:
            pass
        self.give_up()
        self.shown()

    def _later(self, seconds):
        try:
            self.timer = asyncio.get_running_loop().call_later(seconds, self._next_piece)
        except RuntimeError:  # no loop runs, as in a script
            self.timer = None

    def _next_piece(self):
        with one_at_a_time:
            if self.work is None:  # given up meanwhile, in another thread
                return
            try:
                next(self.work)
            except StopIteration:
                self.give_up()
            except Exception as error:
                self.give_up()
                self.failed(error)
                raise
            else:
                self._later(PAUSE)
            self.shown()


def give_up_all(parts):
    """Give up the work of each `BackgroundRefinement` among these."""
    for part in parts:
        if isinstance(part, BackgroundRefinement):
            part.give_up()
