"""Run a learner's function so that nothing it does outlives the call. Standard library only.

`guarded` ends a function that never returns, keeps what it prints, and hands back what it raised.
A second thread interrupts the one that runs it, by an exception that CPython raises between two
lines of Python. A single long call inside C, such as one `sum` over an endless iterator or one
long `time.sleep`, is interrupted only when it comes back to Python: that is its limit. A loop that
swallows every exception is interrupted again and again; two such loops, one inside the other, may
hold out for a minute.
"""

import builtins
import ctypes
import io
import signal
import sys
import threading
import warnings
from contextlib import contextmanager, redirect_stderr, redirect_stdout

SECONDS = 3.0


class TookTooLong(BaseException):
    """Raised in a function whose time is over. No `except Exception` catches it."""


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
            watch.stop()
    except TookTooLong:
        watch.stop()  # this one came while the watch was being stopped
        raise
    if watch.fired:  # swallowed by an `except:` on the way
        raise TookTooLong
    return result


class _Watch:
    """Interrupts the thread that made it after some seconds, again and again until stopped.

    Again, because an `except:` inside a loop swallows an interrupt. Stopping takes back one that
    is on its way; both happen under a lock, so that none comes late. The lock is one that its
    holder may take twice: an interrupt while it is being taken must not block for ever.
    """

    def __init__(self, seconds):
        self.seconds, self.thread = seconds, threading.get_ident()
        self.lock, self.over = threading.RLock(), threading.Event()
        self.armed = self.fired = False
        self.switch = None

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
                        _raise_in(self.thread, None)
                    if self.switch:
                        sys.setswitchinterval(self.switch)
                        self.switch = None
                    self.over.set()
                return
            except TookTooLong:
                continue

    def _wait(self):
        self.over.wait(self.seconds)
        tries = 0
        while self._interrupt(tries):
            tries += 1
            self.over.wait(0.01 if tries < 50 else 0)

    def _interrupt(self, tries):
        with self.lock:
            if not self.armed:
                return False
            self.fired = True
            if tries == 50:  # swallowed each time: come after nearly every line
                self.switch = sys.getswitchinterval()
                sys.setswitchinterval(1e-5)
            _raise_in(self.thread, TookTooLong)
            return True


def _raise_in(thread, error):
    """Raise `error` in another thread at its next line; None takes back one not raised yet."""
    value = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), value)


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
