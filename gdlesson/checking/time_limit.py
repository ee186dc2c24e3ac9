"""Run a learner's function under a time limit, so that nothing it does outlives the call.

The function runs in a thread of its own. When its time is over, it is interrupted, but only while
the learner's own code is executing, so that no lock of a library is left held. A function inside a
call that does not return, such as `queue.get()`, is left behind, and is interrupted if that call
ever returns. A call into C that does not give way to other threads, such as `sum` of an endless
iterator, cannot be interrupted at all.
"""

import contextvars
import os
import sys
import threading
import time
from contextlib import nullcontext
from pathlib import Path
from traceback import walk_stack

import numpy as np

from .interrupt import Interrupter
from .isolation import isolated

SECONDS = 3.0  # the time limit of a check
GRACE = 1.0  # seconds of interrupting, after which a function is left behind
TICK = 0.02  # seconds between two samples of a function within its time
IMPORT_SHARE = 0.05  # of the time spent importing, the part that counts
PATIENCE = 0.1  # seconds that an interrupt may take on its way through a `finally`

_current = contextvars.ContextVar("the run that this code is part of", default=None)
_one_at_a_time = threading.Lock()  # what `isolated` replaces is shared by all threads


class TookTooLong(BaseException):
    """A function's time is over. No `except Exception` catches it."""


def guarded(work, seconds=SECONDS):
    """Call `work()` for at most so many seconds and return (result, error, printed).

    error: what `work` raised, TookTooLong if its time is over, or None. printed: the beginning of
    what it printed; the output of other threads is not touched. Time spent importing modules
    hardly counts. Ctrl-C ends the function and raises KeyboardInterrupt. A Python without threads,
    as in a browser, calls `work` directly and without a limit.
    """
    run = _Run(work, outer=_current.get())
    with nullcontext() if run.outer else _one_at_a_time, isolated(run.is_current) as printed:
        result, error = run.start(seconds)
    return result, error, printed.text()


class _Run:
    """One call of a function in a thread of its own, and its end."""

    def __init__(self, work, outer):
        self.work, self.outer = work, outer
        self.result = self.error = self.interrupter = None
        self.ended = threading.Event()
        self.grace = outer.grace / 2 if outer else GRACE  # an inner run ends before its outer one

    @property
    def over(self):
        """Whether the function's time is over."""
        return self.interrupter is not None

    def is_current(self):
        """Whether the code that asks is part of this run."""
        return _current.get() is self

    def call(self):
        """Call the function, in its own thread, and record what it returns or raises."""
        _current.set(self)
        try:
            with np.errstate(all="ignore"):
                self.result = self.work()
        except BaseException as error:
            self.error = error
        try:
            if self.over:
                self.interrupter.receive()
        except TookTooLong:
            pass
        self.ended.set()

    def start(self, seconds):
        """Call the function in a new thread and return (result, error)."""
        context = contextvars.copy_context()
        # As deep in the stack as this, so that no recursion limit can be set that is too low here.
        depth = min(30 + sum(1 for _ in walk_stack(None)), sys.getrecursionlimit() // 2)
        args = (_deep, depth, self.call)
        self.thread = threading.Thread(target=context.run, args=args, daemon=True)
        try:
            self.thread.start()
        except RuntimeError:  # a Python without threads
            context.run(self.call)
            if isinstance(self.error, KeyboardInterrupt):
                raise self.error from None
            return self.outcome()
        try:
            self.wait(seconds)
        finally:  # also after a Ctrl-C, which reaches the thread that waits
            if self.ended.is_set():
                self.thread.join()  # what it still has to do is done at once
            else:
                self.stop()
        return self.outcome()

    def outcome(self):
        """Return (result, error), and let go of what refers to this object."""
        outcome = (None, TookTooLong()) if self.over else (self.result, self.error)
        self.result = self.error = self.thread = None
        return outcome

    def wait(self, seconds):
        """Wait until the function ends or its time is over."""
        spent, now, modules = 0.0, time.monotonic(), len(sys.modules)
        while not self.ended.wait(min(TICK, seconds)):
            before, now = now, time.monotonic()
            known, modules = modules, len(sys.modules)
            importing = modules > known or self.is_importing()
            spent += (now - before) * (IMPORT_SHARE if importing else 1)
            if spent >= seconds or (self.outer and self.outer.over):
                return

    def is_importing(self):
        """Whether the function waits for an import to finish."""
        frame = sys._current_frames().get(self.thread.ident)
        while frame and not frame.f_code.co_filename.startswith("<frozen importlib"):
            frame = frame.f_back
        return frame is not None

    def stop(self):
        """Interrupt the function until it ends: for a while here, then in the background."""
        self.interrupter = Interrupter(self.thread.ident, TookTooLong, _is_learners)
        try:
            self.interrupt_for(self.grace)
        finally:
            if self.ended.is_set():
                self.thread.join()
            else:
                args = (float("inf"),)
                threading.Thread(target=self.interrupt_for, args=args, daemon=True).start()

    def interrupt_for(self, seconds):
        """Interrupt the function again and again until it ends or so many seconds have passed."""
        pause, end = 0.001, time.monotonic() + seconds
        while not self.ended.wait(pause):
            if time.monotonic() > end:
                return
            age = self.interrupter.age()
            if age is None or age > PATIENCE:
                if age is not None:
                    self.interrupter.insist()
                self.interrupter.interrupt()
            pause = min(1.2 * pause, 0.1)
        self.interrupter.disarm()


def _deep(frames, call):
    """Call with so many frames in between."""
    return _deep(frames - 1, call) if frames else call()


_LIBRARIES = tuple(
    os.path.join(folder, "") for folder in (Path(__file__).parent, Path(threading.__file__).parent)
)


def _is_learners(file):
    """Whether code in this file is the learner's: in a notebook's cell, a script or the like.

    The package's own code counts as well, except for its checks: it holds no lock.
    """
    installed = "site-packages" in file or "dist-packages" in file
    return not installed and not file.startswith(("<frozen ", *_LIBRARIES))
