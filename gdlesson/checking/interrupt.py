"""Raise an exception in another thread, but only while it executes certain code. Standard library.

CPython can be asked to raise an exception in a thread (`PyThreadState_SetAsyncExc`), and raises it
wherever that thread is. Inside a library, this could leave a lock held. An `Interrupter`
therefore aims only at the code of some files, in two ways.

- If such code is executing now, the exception is sent at once.
- If it is waiting for a function of a library, an object is attached to that function's frame.
  When the function returns, Python destroys both, and the object's `__del__` sends the exception.
  To wait until such code is seen executing would not be enough: NumPy gives way to other threads
  inside its own functions, so a loop around `np.linalg.norm` is never seen outside of NumPy.
"""

import ctypes
import functools
import sys
import time
import weakref
from itertools import repeat
from operator import attrgetter
from types import SimpleNamespace

_set_async_exc = ctypes.pythonapi["PyThreadState_SetAsyncExc"]


class Interrupter:
    """Raises a subclass of `base` in the thread `ident`, while it executes code to aim at.

    aims_at: takes the name of a file and says whether its code may be interrupted.
    """

    def __init__(self, ident, base, aims_at):
        self.ident, self.aims_at, self.files = ident, aims_at, {}
        self.send = functools.partial(_set_async_exc, ctypes.c_ulong(ident))
        self.strike = self._strike()
        self.attachment, self.polite, self.insistent = _senders(self, base)
        self.error = ctypes.py_object(self.polite)
        self.latest, self.made = lambda: None, None  # a reference to the last exception, its time
        self.number = 0  # of exceptions

    def interrupt(self):
        """Send the exception now, or as soon as the library returns that such code has called."""
        frame, callee = sys._current_frames().get(self.ident), None
        while frame:
            if self.aims_at(frame.f_code.co_filename):
                self.files[frame.f_code.co_filename] = repeat(self)
                if callee and not self.aims_at(callee.f_code.co_filename):
                    callee.f_trace = self.attachment()
            frame, callee = frame.f_back, frame
        self.strike()

    def insist(self):
        """From now on, send exceptions for code that survives the polite ones."""
        self.error = ctypes.py_object(self.insistent)

    def age(self):
        """Seconds since the last exception was made, or None if it does not exist any more.

        It exists while it passes through a `finally`, or because somebody collected it.
        """
        return None if self.latest() is None else time.monotonic() - self.made

    def receive(self):
        """Raise in this thread, which is the interrupted one, what may still be on its way."""
        self.send(self.error)

    def disarm(self):
        """Send nothing any more, whatever is dropped."""
        self.files.clear()

    def _strike(self):
        """Return a call that sends the exception if the thread is executing one of `files`.

        The call runs in C from end to end, so for Python it is a single step: the thread cannot
        move on between finding and sending, and the exception cannot be raised in here.
        """
        nowhere = SimpleNamespace(f_code=Interrupter.interrupt.__code__)
        frames = map(dict.get, iter(sys._current_frames, None), repeat(self.ident), repeat(nowhere))
        files = map(attrgetter("f_code.co_filename"), frames)
        senders = map(next, map(self.files.get, files, repeat(iter(()))))
        sent = map(self.send, map(attrgetter("error"), senders))
        return functools.partial(next, map({}.get, sent), None)  # returns None in any case


def _senders(interrupter, base):
    """Three classes whose objects send an exception: an attachment to a frame, two exceptions."""

    class Attachment:
        """Sends one when the function returns that it is attached to."""

        __del__ = staticmethod(interrupter.strike)

        def __call__(self, *event):  # what a debugger does with it, if there is one
            return self

    class Polite(base):
        """Sends the next one when it is dropped, at the end of the `except:` that swallowed it.

        So the next one is raised outside of that `try`, and a `finally` or a `with` that passes
        this one on is not disturbed.
        """

        def __init__(self):
            interrupter.latest, interrupter.made = weakref.ref(self), time.monotonic()
            interrupter.number += 1
            if interrupter.number == 20:  # Python 3.12 can raise it in the same `try` without end
                interrupter.insist()

        __del__ = staticmethod(interrupter.strike)

    class Insistent(base):
        """Raises the next one at the next line of such code, found by tracing as a debugger does.

        So it ends an `except:` that collects exceptions, within that `except:`.
        """

        def __init__(self):
            sys.settrace(trace)
            frame = sys._getframe().f_back
            while frame:
                frame.f_trace = trace
                frame = frame.f_back

    def trace(frame, event, argument):
        if event in ("call", "line") and interrupter.aims_at(frame.f_code.co_filename):
            raise interrupter.polite  # which also ends the tracing
        return trace if event == "exception" else None

    for kind in (Polite, Insistent):
        kind.__name__ = kind.__qualname__ = base.__name__
    return Attachment, Polite, Insistent
