"""The time limit: every endless function ends, no lock is left held, nothing outlives the call."""

import builtins
import contextvars
import gc
import importlib
import io
import itertools
import logging
import queue
import random
import signal
import sys
import threading
import time
import warnings
import weakref
from contextlib import contextmanager, suppress

import numpy as np
import pytest

from gdlesson.checking.time_limit import TookTooLong, guarded
from gdlesson.exercises import catalogue as exercises
from gdlesson.problems import LinearRegression

LIBRARY = '''
import threading, time

lock = threading.RLock()

class Stream:
    """Holds a lock while it writes, in several lines of Python."""

    def write(self, text):
        lock.acquire()
        for _ in range(20):
            text = text.upper()
        lock.release()

    def flush(self):
        pass

def work(seconds):
    """Hold a lock for some time, without giving it back in a finally."""
    lock.acquire()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
    lock.release()

def swallow(call):
    try:
        call()
    except BaseException:
        pass

def numbers():
    while True:
        yield 1

def trace(frame, event, argument):
    return trace
'''


@pytest.fixture(autouse=True)
def no_callbacks_of_the_collector():
    """Other tools' collector callbacks run in the learner's thread, and fail at its last depth."""
    callbacks = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks[:] = callbacks


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """An installed library that holds a lock, as many do, but for longer."""
    folder = tmp_path_factory.mktemp("python") / "site-packages"
    folder.mkdir()
    (folder / "some_library.py").write_text(LIBRARY)
    sys.path.insert(0, str(folder))
    yield importlib.import_module("some_library")
    sys.path.remove(str(folder))
    del sys.modules["some_library"]


@pytest.fixture
def check():
    return exercises()["gd_step"].check


@pytest.fixture(autouse=True)
def no_thread_left():
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and (t.join(1) or t.is_alive())]
    assert not left


def is_free(lock):
    """Whether another thread can take the lock."""
    free = []

    def takes():
        free.append(lock.acquire(timeout=1))
        if free[0]:
            lock.release()

    thread = threading.Thread(target=takes)
    thread.start()
    thread.join()
    return free == [True]


def stopped(work, seconds=0.05, within=2.0):
    """Whether `work` is stopped soon after its time is over; the rest of what guarded returns."""
    began = time.monotonic()
    result, error, printed = guarded(work, seconds)
    taken = time.monotonic() - began
    assert isinstance(error, TookTooLong) and result is None
    assert taken < seconds + within, f"stopped after {taken:.2f} seconds"
    return printed


# --- what never ends


def spin():
    while True:
        pass


def swallow():
    while True:
        try:  # noqa: SIM105
            time.sleep(0)
        except:  # noqa: E722
            pass


def swallow_everything():
    while True:
        try:
            sum(range(10))
        except BaseException:
            continue


def swallow_while_waiting():
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            continue


def swallow_and_print():
    while True:
        try:
            time.sleep(0.001)
        except BaseException as error:
            print(error)
            time.sleep(0.001)


def swallow_by_suppress():
    while True:
        with suppress(BaseException):
            time.sleep(0.001)


names = {"time": time}
with warnings.catch_warnings():
    warnings.simplefilter("ignore", SyntaxWarning)  # of Python 3.14, for `continue` in a `finally`
    exec(
        """
def swallow_by_finally():
    while True:
        try:
            time.sleep(0.001)
        finally:
            continue
""",
        names,
    )
swallow_by_finally = names["swallow_by_finally"]


def swallow_and_raise_another():
    while True:
        try:
            try:
                time.sleep(0.001)
            except BaseException as error:
                raise ValueError from error
        except ValueError:
            pass


def swallow_in_loops_in_loops():
    while True:
        try:
            while True:
                try:
                    while True:
                        try:
                            sum(range(10))
                        except BaseException:
                            continue
                except BaseException:
                    list(range(10))
        except:  # noqa: E722
            sum(range(10))
        finally:
            time.sleep(0)


def swallow_in_c():
    class Never:
        def __eq__(self, other):
            while True:
                try:  # noqa: SIM105
                    sum(range(10))
                except:  # noqa: E722
                    pass

        __hash__ = None

    while True:
        try:  # noqa: SIM105
            [Never()].count(1)
        except:  # noqa: E722
            pass


def swallow_and_return():
    try:
        spin()
    except:  # noqa: E722
        return np.zeros(1)


def remember_the_last():
    last = None
    while True:
        try:
            time.sleep(0.001)
        except BaseException as error:
            last = [last is None, error]


def collect():
    errors = []
    while True:
        try:
            time.sleep(0.001)
        except BaseException as error:
            errors.append(error)


def collect_and_compute():
    errors = []
    while True:
        try:
            sum(range(1000))
        except BaseException as error:
            errors.append(error)


def print_for_ever():
    while True:
        print("again")


def sleep_in_pieces():
    while True:
        time.sleep(0.01)


def recurse():
    def deeper(n):
        return deeper(n + 1)

    while True:
        with suppress(RecursionError):
            deeper(0)


def recurse_through_c():
    def deeper(n):
        return list(map(deeper, [n + 1]))

    while True:
        with suppress(RecursionError):
            deeper(0)


def exhaust_a_generator():
    def numbers():
        while True:
            yield 1

    for _ in numbers():
        pass


def exhaust_in_c():
    return list(n for n in itertools.count() if time.sleep(0.001))  # noqa: C400


def sort_for_ever():
    while True:
        sorted(range(100), key=lambda n: -n)


def in_a_lambda():
    return (lambda: [spin() for _ in range(3)])()


def a_class_of_its_own():
    class Walker:
        def __iter__(self):
            return self

        def __next__(self):
            return 1

    return sum(Walker())


def descend_until_it_is_small_enough():
    w = np.array([1.0, 1.0])
    while np.linalg.norm(w) > 1e-6:
        w = w + 0.0 * w


def descend_on_a_problem():
    problem = LinearRegression(np.ones((4, 2)), np.ones(4))
    w = np.zeros(3)
    for batch in problem.batches(2, np.random.default_rng(0)):
        w = w - 0.0 * batch.grad(w)


def multiply():
    x = np.ones((300, 300))
    while True:
        x @ x


def average():
    x = np.ones(10)
    while True:
        np.mean(x)
        np.clip(x, 0, 1)


def pass_queues_on():
    q = queue.Queue()
    while True:
        q.put(1)
        q.get()


ENDLESS = [
    spin,
    swallow,
    swallow_everything,
    swallow_while_waiting,
    swallow_and_print,
    swallow_by_suppress,
]
ENDLESS += [swallow_by_finally, swallow_and_raise_another, swallow_in_loops_in_loops, swallow_in_c]
ENDLESS += [swallow_and_return, remember_the_last, collect, collect_and_compute, print_for_ever]
ENDLESS += [sleep_in_pieces, recurse, recurse_through_c, exhaust_a_generator, exhaust_in_c]
ENDLESS += [sort_for_ever, in_a_lambda, a_class_of_its_own, descend_until_it_is_small_enough]
ENDLESS += [descend_on_a_problem, multiply, average, pass_queues_on]


@pytest.mark.parametrize("endless", ENDLESS, ids=lambda fn: fn.__name__)
def test_an_endless_function_ends_and_nothing_comes_late(endless, check, capsys):
    gc.collect()  # a finalizer that runs deep in a recursion without end would fail
    interval = sys.getswitchinterval()
    stopped(endless)
    until = time.monotonic() + 0.1
    while time.monotonic() < until:  # where a late interrupt would be raised
        sum(range(100))
    assert sys.getswitchinterval() == interval
    assert guarded(lambda: 1) == (1, None, "")
    feedback = check(lambda w, g, lr: endless(), seconds=0.05)
    assert feedback.status == "error"
    assert "it did not return within 0.05 seconds" in feedback.message
    assert check(lambda w, g, lr: w - lr * g).status == "passed"


def test_a_check_has_three_seconds(check):
    began = time.monotonic()
    assert "3 seconds" in check(lambda w, g, lr: spin()).message
    assert 2.9 < time.monotonic() - began < 5


def test_checks_leave_no_thread_behind(check):
    before = threading.active_count()
    for _ in range(20):
        check(lambda w, g, lr: w)
        assert threading.active_count() == before


def test_loops_around_a_library_end(library):
    def long_calls():
        while True:
            library.work(0.02)

    def long_calls_that_swallow():
        while True:
            library.swallow(lambda: time.sleep(0.01))

    def callbacks():
        while True:
            library.swallow(lambda: library.work(0.01))

    def a_generator():
        for _ in library.numbers():
            pass

    for endless in (long_calls, long_calls_that_swallow, callbacks, a_generator):
        stopped(endless)
        assert is_free(library.lock)


def test_it_ends_under_a_debugger(library):
    """A debugger has a trace function in each frame, which the interruption takes the place of."""
    former = threading.gettrace()

    def endless():
        while True:
            library.work(0.001)

    threading.settrace(library.trace)
    try:
        stopped(endless)
        stopped(spin)
    finally:
        threading.settrace(former)


# --- no lock is left held


def test_a_library_is_never_interrupted(library):
    stream = library.Stream()

    def calls():
        while True:
            library.work(0.0005)

    def prints():
        while True:
            print("again", file=stream)

    for i in range(100):
        stopped(prints if i % 2 else calls, seconds=0.005)
        assert is_free(library.lock), f"held after run {i}"


def test_no_lock_of_a_queue_stays_held():
    for _ in range(100):
        q = queue.Queue()

        def passes(q=q):
            while True:
                q.put(1)
                q.get()

        stopped(passes, seconds=0.005)
        assert is_free(q.mutex)


def test_no_lock_of_logging_stays_held():
    handler = logging.StreamHandler(io.StringIO())
    logger = logging.Logger("endless")
    logger.addHandler(handler)

    def logs():
        while True:
            logger.error("again")
            logging.getLogger("endless")

    for _ in range(100):
        handler.setStream(io.StringIO())
        stopped(logs, seconds=0.005)
        assert is_free(handler.lock) and is_free(logging._lock)


def test_no_lock_of_print_stays_held(tmp_path):
    with open(tmp_path / "printed.txt", "w") as file:

        def prints():
            while True:
                print("again")
                print("again", file=file, flush=True)

        for _ in range(100):
            assert stopped(prints, seconds=0.005).startswith("again")
            written = threading.Thread(target=print, args=("free",), kwargs={"file": file})
            written.start()
            written.join(1)
            assert not written.is_alive()


def test_what_a_function_cleans_up_is_cleaned_up():
    """A finally and a with pass the interrupt on: no second one disturbs them."""
    done = []

    @contextmanager
    def context():
        try:
            yield
        finally:
            time.sleep(0.002)
            done.append("context")

    def cleans():
        try:
            with context():
                spin()
        finally:
            time.sleep(0.002)
            list(map(str, range(100)))
            done.append("finally")

    for _ in range(20):
        stopped(cleans, seconds=0.01)
    assert done == ["context", "finally"] * 20


# --- at the limit


def test_no_late_interrupt_when_the_function_ends_at_that_very_moment():
    for wait in np.linspace(0.018, 0.024, 60):
        began = time.monotonic()

        def work(began=began, wait=wait):
            while time.monotonic() - began < wait:
                pass
            return 1

        result, error, _ = guarded(work, seconds=0.02)
        assert (result == 1) != isinstance(error, TookTooLong)
        for _ in range(2000):
            pass


def test_no_late_interrupt_after_a_last_line_in_c():
    x = np.ones((250, 250))
    for wait in np.linspace(0.009, 0.012, 30):
        began = time.monotonic()

        def work(began=began, wait=wait):
            while time.monotonic() - began < wait:
                pass
            return x @ x

        result, error, _ = guarded(work, seconds=0.01)
        assert (result is None) == isinstance(error, TookTooLong)


def test_what_cannot_be_interrupted_is_left_behind():
    """And ends by itself as soon as the call that it is waiting for returns."""
    q = queue.Queue()

    def waits():
        while True:
            q.get()

    began = time.monotonic()
    assert isinstance(guarded(waits, 0.05)[1], TookTooLong)
    assert 0.5 < time.monotonic() - began < 2
    assert guarded(lambda: 1) == (1, None, "")
    q.put(1)  # the fixture finds that no thread is left


def test_the_limit_is_an_argument():
    slow = lambda: time.sleep(0.2) or 1  # noqa: E731
    assert guarded(slow, seconds=2)[0] == 1
    assert isinstance(guarded(slow, seconds=0.05)[1], TookTooLong)


def test_limits_in_limits():
    def inner(seconds):
        _, error, printed = guarded(print_for_ever, seconds)
        return type(error), printed[:5]

    result, error, printed = guarded(lambda: inner(0.05), 2)
    assert result == (TookTooLong, "again") and error is None and printed == ""
    before = sys.stdout
    stopped(lambda: inner(60), 0.1)
    assert sys.stdout is before
    result, error, _ = guarded(lambda: guarded(lambda: guarded(lambda: 7)))
    assert result[0][0] == 7


def test_a_check_in_another_thread(check):
    statuses = []

    def run():
        statuses.append(check(lambda w, g, lr: w - lr * g).status)
        statuses.append(type(guarded(spin, 0.05)[1]))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert statuses.count("passed") == statuses.count(TookTooLong) == 3


def test_what_it_raises_comes_back():
    for kind in (ValueError, KeyboardInterrupt, SystemExit, GeneratorExit, TookTooLong):

        def fails(kind=kind):
            raise kind("so")

        result, error, _ = guarded(fails)
        assert result is None and type(error) is kind and error.args == ("so",)


def test_ctrl_c_reaches_the_user_and_ends_the_function():
    begun, handler = threading.Event(), signal.getsignal(signal.SIGINT)

    def endless():
        begun.set()
        swallow_while_waiting()

    def presses():
        begun.wait()
        time.sleep(0.05)
        signal.raise_signal(signal.SIGINT)

    presser = threading.Thread(target=presses)
    presser.start()
    began, out = time.monotonic(), sys.stdout
    with pytest.raises(KeyboardInterrupt):
        guarded(endless, seconds=30)
    presser.join()
    assert time.monotonic() - began < 3
    assert signal.getsignal(signal.SIGINT) is handler and sys.stdout is out


def test_ctrl_c_during_a_check_reaches_the_user(check):
    pressed = []

    def interrupted(w, g, lr):
        if not pressed:  # the user presses once, the check calls several times
            pressed.append(True)
            signal.raise_signal(signal.SIGINT)
        return w

    with pytest.raises(KeyboardInterrupt):
        check(interrupted)


def test_a_python_without_threads_calls_directly(monkeypatch):
    def start(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    assert guarded(lambda: print("direct") or 1) == (1, None, "direct\n")
    assert isinstance(guarded(lambda: 1 / 0)[1], ZeroDivisionError)

    def press():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        guarded(press)


# --- imports


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """Write modules that can be imported by name."""
    monkeypatch.syspath_prepend(tmp_path)
    names = []

    def write(name, text):
        names.append(name)
        (tmp_path / f"{name}.py").write_text(text)
        importlib.invalidate_caches()

    yield write
    for name in names:
        sys.modules.pop(name, None)


def test_a_slow_import_is_no_endless_loop(modules):
    modules("slow_to_wait", "import time\ntime.sleep(0.5)\nx = 1")
    modules("slow_to_run", "import time\nend = time.monotonic() + 0.5\n" + LOOP + "x = 2")

    def imports():
        import slow_to_run
        import slow_to_wait

        return slow_to_run.x + slow_to_wait.x

    assert guarded(imports, seconds=0.15)[:2] == (3, None)

    def imports_and_spins():
        import slow_to_run

        spin()
        return slow_to_run

    stopped(imports_and_spins)


LOOP = "while time.monotonic() < end:\n    pass\n"


def test_an_import_without_an_end_ends_too(modules):
    modules("without_end", "while True:\n    pass")

    def imports():
        import without_end

        return without_end

    stopped(imports, seconds=0.02, within=3)
    assert "without_end" not in sys.modules


# --- nothing outlives the call


def test_only_the_functions_own_output_is_captured(capsys):
    begun, ended = threading.Event(), threading.Event()

    def other():
        begun.wait(5)
        print("from another thread")
        sys.stderr.write("and an error\n")
        ended.set()

    def work():
        print("before")
        begun.set()
        ended.wait(5)
        print("after", file=sys.stderr)

    thread = threading.Thread(target=other)
    thread.start()
    assert guarded(work)[2] == "before\nafter\n"
    thread.join()
    out, err = capsys.readouterr()
    assert (out, err) == ("from another thread\n", "and an error\n")


def test_output_is_cut_and_streams_come_back(capsys):
    def work():
        sys.stdout.write("x" * 5000)
        sys.stdout.flush()
        sys.stdout.close()
        sys.stdout = sys.stderr = None
        builtins.input = None

    before = sys.stdout, sys.stderr, builtins.input
    printed = guarded(work)[2]
    assert (sys.stdout, sys.stderr, builtins.input) == before
    assert printed == "x" * 2000 + "\n… and 3000 characters more\n"
    print("still here")
    assert capsys.readouterr() == ("still here\n", "")


def test_input_answers_nobody_but_other_threads(monkeypatch):
    monkeypatch.setattr(builtins, "input", lambda prompt="": f"answer to {prompt}")
    answers = []

    def work():
        other = threading.Thread(target=lambda: answers.append(input("other")))
        other.start()
        other.join()
        return input("own")

    error = guarded(work)[1]
    assert isinstance(error, EOFError) and str(error).startswith("input() waits")
    assert answers == ["answer to other"]
    assert input("me") == "answer to me"


def test_the_interpreter_is_as_before():
    def changes():
        np.random.seed(0)
        random.seed(0)
        np.seterr(all="raise")
        warnings.simplefilter("error")
        sys.setrecursionlimit(sys.getrecursionlimit() + 100)
        return np.array([1.0]) / np.zeros(1) if len(sys.argv) < 0 else 1

    def changes_and_spins():
        changes()
        spin()

    np.random.seed(3)
    random.seed(3)

    def state():
        numpys = np.random.get_state()
        filters = list(warnings.filters)
        return (*numpys[1], *numpys[2:]), random.getstate(), np.geterr(), filters, depth()

    depth = sys.getrecursionlimit
    before = state()
    assert guarded(changes)[:2] == (1, None)
    assert state() == before
    stopped(changes_and_spins)
    assert state() == before


def test_warnings_are_not_shown():
    def loud():
        warnings.warn("careful", stacklevel=1)
        return np.array([1.0]) / np.zeros(1), np.exp(np.array([1e9]))

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with np.errstate(all="raise"):
            assert guarded(loud)[1] is None
    assert caught == []


def test_a_recursion_limit_too_low_for_the_caller_is_refused():
    def lowers():
        sys.setrecursionlimit(40)
        time.sleep(0.1)

    def deeper(n):
        return deeper(n - 1) if n else guarded(lowers)

    before = sys.getrecursionlimit()
    assert isinstance(deeper(50)[1], RecursionError)
    assert sys.getrecursionlimit() == before


def test_deep_in_the_stack_it_works_too():
    def deeper(n):
        return deeper(n - 1) if n else guarded(lambda: 1)

    assert deeper(sys.getrecursionlimit() - 250)[0] == 1


def test_the_function_runs_in_the_context_of_the_caller():
    variable = contextvars.ContextVar("variable", default=0)
    variable.set(5)

    def work():
        found = variable.get()
        variable.set(6)
        return found

    assert guarded(work)[0] == 5
    assert variable.get() == 5


def test_nothing_is_remembered_not_even_in_a_cycle():
    class Large:
        pass

    def ends(large):
        return 1

    def fails(large):
        raise ValueError

    def never_ends(large):
        spin()

    def run(work):
        large = Large()
        guarded(lambda: work(large), 0.05)
        return weakref.ref(large)

    gc.collect()
    gc.disable()
    try:
        assert [run(work)() for work in (ends, fails, never_ends)] == [None] * 3
    finally:
        gc.enable()
