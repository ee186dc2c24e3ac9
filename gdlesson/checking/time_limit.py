"""Run a learner's function so that nothing it does outlives the call. Standard library only.

`guarded` ends a function that never returns, keeps what it prints, and hands back what it raised.
A second thread interrupts the one that runs it, by an exception that CPython raises between two
lines of Python. A single long call inside C, such as one `sum` over an endless iterator or one
long `time.sleep`, is interrupted only when it comes back to Python: that is its limit. A loop that
swallows every exception swallows this one too, so each one that is caught sends the next.
"""

import builtins
import ctypes
import io
import signal
import threading
import warnings
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import partial

SECONDS = 3.0


class TookTooLong(BaseException):
    """Raised in a function whose time is over. No `except Exception` catches it.

    An `except:` does. Python makes the instance at that moment and in that thread, so making it
    is the chance to send another, which comes at the next call or turn of a loop: outside the
    `try` that caught this one. That holds for loops in loops too.
    """

    watch = None  # the _Watch it comes from, in a subclass of its own

    def __init__(self):
        if self.watch is not None and self.watch.armed:
            self.watch.send[self.watch.error]


def guarded(work, seconds=SECONDS):
    """Call `work()` and return (result, error, printed); the error is what it raised, or None.

    A real Ctrl-C is passed on as KeyboardInterrupt; one that `work` raises itself is an error
    like any other.
    """
    printed = _Printed()
    with (
        _ctrl_c() as pressed,
        _nobody_types(),
        warnings.catch_warnings(),
        redirect_stdout(printed),
        redirect_stderr(printed),
    ):
        warnings.simplefilter("ignore")
        try:
            result, error = _limited(work, seconds), None
        except BaseException as raised:
            result, error = None, raised
    if pressed:
        raise KeyboardInterrupt
    return result, error, printed.text()


def _limited(work, seconds):
    watch = _Watch(seconds)
    try:
        try:
            watch.start()
            result = work()
        finally:
            watch.armed = False  # before any call: there the next one would come
            watch.stop()
    except TookTooLong:
        watch.armed = False
        try:
            watch.stop()
        except TookTooLong:  # the last one sent
            watch.stop()
        raise TookTooLong from None
    if watch.fired:  # swallowed by an `except:` on the way
        raise TookTooLong
    return result


class _Watch:
    """Interrupts the thread that made it after some seconds, again and again until stopped.

    Again, because C code may drop an exception without a word. Stopping takes back one that is
    on its way; both happen under a lock, so that none comes late. The lock is one that its holder
    may take twice: an interrupt while it is being taken must not block for ever.
    """

    def __init__(self, seconds):
        self.seconds = seconds
        self.lock, self.over = threading.RLock(), threading.Event()
        self.armed = self.fired = False
        error = type("TookTooLong", (TookTooLong,), {"watch": self})
        self.error, self.send = ctypes.py_object(error), _sender(threading.get_ident())

    def start(self):
        self.armed = True
        try:
            threading.Thread(target=self._wait, daemon=True).start()
        except RuntimeError:  # a Python without threads, as in a browser's page
            self.armed = False

    def stop(self):
        while True:
            try:
                with self.lock:
                    self.armed = False
                    if self.fired:
                        self.send[None]
                    self.over.set()
                return
            except TookTooLong:
                continue

    def _wait(self):
        self.over.wait(self.seconds)
        while self._interrupt():
            self.over.wait(0.01)

    def _interrupt(self):
        with self.lock:
            if self.armed:
                self.fired = True
                self.send[self.error]
            return self.armed


def _sender(thread):
    """An object of which `[error]` raises that error in `thread` at its next line; None takes back.

    Brackets, because at every call Python looks whether such an error waits: `TookTooLong` would
    not be made yet when the one that it sends comes.
    """
    send = partial(ctypes.pythonapi.PyThreadState_SetAsyncExc, ctypes.c_ulong(thread))
    return type("Sender", (), {"__getitem__": staticmethod(send)})()


@contextmanager
def _ctrl_c():
    """A list that gets an entry when the user really interrupts."""
    pressed = []
    former = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(former):
        yield pressed
        return

    def note(number, frame):
        pressed.append(number)
        former(number, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, former)


@contextmanager
def _nobody_types():
    """`input` says that nobody answers, where it would wait for ever."""
    former = builtins.input

    def nobody(prompt=""):
        raise EOFError("input() waits for somebody to type, and a check types nothing")

    builtins.input = nobody
    try:
        yield
    finally:
        builtins.input = former


class _Printed(io.TextIOBase):
    """Keeps the beginning of what is printed and counts the rest."""

    room = 2000

    def __init__(self):
        super().__init__()
        self._kept, self._more = "", 0

    def writable(self):
        return True

    def write(self, text):
        keep = str(text)[: max(0, self.room - len(self._kept))]
        self._kept += keep
        self._more += len(text) - len(keep)
        return len(text)

    def text(self):
        more = f"\n… and {self._more} characters more\n" if self._more else ""
        return self._kept + more
