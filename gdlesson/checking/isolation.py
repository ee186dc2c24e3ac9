"""Undo what a function may change for the whole interpreter. Imports NumPy only."""

import builtins
import io
import random
import sys
import warnings
from contextlib import contextmanager

import numpy as np


@contextmanager
def isolated(is_learners):
    """Undo at the end what a function changed, and give what it printed: an object with `text()`.

    is_learners: says whether the code that calls it is part of the function. What other code
    prints or asks for meanwhile is left alone; its warnings, however, are not shown.
    """
    printed = _Printed()
    streams, ask = (sys.stdout, sys.stderr), builtins.input
    numpys, pythons, depth = np.random.get_state(), random.getstate(), sys.getrecursionlimit()

    def no_answer(prompt=""):
        if is_learners():
            raise EOFError("input() waits for an answer, and nobody types one during a check")
        return ask(prompt)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sys.stdout, sys.stderr = (_Stream(stream, printed, is_learners) for stream in streams)
            builtins.input = no_answer
            yield printed
    finally:
        (sys.stdout, sys.stderr), builtins.input = streams, ask
        np.random.set_state(numpys)
        random.setstate(pythons)
        sys.setrecursionlimit(depth)


class _Stream:
    """Takes the place of a standard stream: only the function writes to `printed`."""

    def __init__(self, stream, printed, is_learners):
        self._stream, self._printed, self._is_learners = stream, printed, is_learners

    def __getattr__(self, name):
        return getattr(self._printed if self._is_learners() else self._stream, name)


class _Printed(io.TextIOBase):
    """The beginning of what is printed, and the number of characters that follow."""

    limit = 2000

    def __init__(self):
        super().__init__()
        self._beginning, self._more = "", 0

    def writable(self):
        return True

    def write(self, text):
        saved = str(text)[: max(0, self.limit - len(self._beginning))]
        self._beginning += saved
        self._more += len(text) - len(saved)
        return len(text)

    def text(self):
        more = f"\n… and {self._more} characters more\n" if self._more else ""
        return self._beginning + more
