"""Call a function as the probes ask, on copies, and record what it does. Imports NumPy only."""

import ast
import copy
import dis
import inspect
import itertools
import linecache
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .probes import describe, listed, numbers, with_article
from .time_limit import TookTooLong


class Run:
    """The moments of a function on the probes, why they stopped, and which argument it changed.

    A moment is computed when it is first asked for: most wrong answers differ in the first.
    calls: for a learner's function, each call made, as a `Record`.
    """

    def __init__(self, observe):
        """observe: takes this object and returns an iterator of moments."""
        self._observe = observe
        self._restart()

    def _restart(self):
        self.moments, self.stop, self.changed, self.calls = [], None, None, []
        self._remaining = self._observe(self)

    def moment(self, i):
        """The i-th moment, or None after the last."""
        while len(self.moments) <= i:
            try:
                self.moments.append(next(self._remaining))
            except StopIteration:
                return None
            except Stopped as stop:
                self.stop = stop
                return None
            except BaseException:  # such as Ctrl-C: what is half done is begun again
                self._restart()
                raise
        return self.moments[i]

    def all(self):
        """All moments."""
        self.moment(sys.maxsize)
        return self.moments

    def agrees(self, other):
        """Whether every moment agrees with the other's, and both stop for the same reason."""
        for i in itertools.count():
            own, others = self.moment(i), other.moment(i)
            if own is None or others is None:
                kinds = [run.stop and run.stop.kind for run in (self, other)]
                return own is others and kinds[0] == kinds[1]
            if not own.agrees(others):
                return False


@dataclass(frozen=True)
class Record:
    """One call of a learner's function: its arguments, and the values that it returned."""

    args: tuple
    values: tuple


class Stopped(Exception):
    """The run of a function ends here. kind: what two functions share that stop alike."""

    def __init__(self, kind, status, mistake, message):
        self.kind, self.feedback = kind, (status, mistake, message)


class Caller:
    """Calls a function as a probe asks, on copies, and returns a tuple of arrays."""

    def __init__(self, fn, exercise, run=None):
        """run: the `Run` of a learner's function, which records its calls; None for a known one."""
        self.fn, self.exercise, self.run, self.returns = fn, exercise, run, exercise.returns
        self.catches = Exception if run is None else BaseException  # a Ctrl-C is the learner's
        self._numbers = {}

    def __call__(self, *args, finish=None):
        """finish: takes what was returned and gives what to compare, in place of arrays."""
        args = args[: self._accepted(args)]
        given = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in args)
        if self.run is not None:
            recorded = tuple(
                copy.deepcopy(a) if isinstance(a, np.random.Generator) else a for a in args
            )
        try:
            got = self.fn(*given)
            values = None if got is None else (finish or self._values)(got)
        except (TookTooLong, Stopped):
            raise
        except self.catches as error:
            raise Stopped(type(error), "error", None, self._raised(error, args)) from None
        if got is None:
            message = "Your function returns nothing. What should its last line return?"
            self._note_changes(args, given)
            raise Stopped("none", "mistake", "no return", message)
        if self.run is not None:
            self._note_changes(args, given)
            self.run.calls.append(Record(recorded, values))
        return values

    def _note_changes(self, args, given):
        """Record which array the learner's function has changed."""
        if self.run is None or self.run.changed:
            return
        for name, before, after in zip(self.exercise.parameters, args, given, strict=False):
            if isinstance(before, np.ndarray) and not _same(before, after):
                self.run.changed = name
                return

    def describe(self, args):
        """The arguments in words."""
        pairs = zip(self.exercise.parameters, args, strict=False)
        return ", ".join(f"{n} = {describe(a)}" for n, a in pairs if not _silent(a))

    def _accepted(self, args):
        """How many of the arguments the function takes."""
        if len(args) not in self._numbers:
            self._numbers[len(args)] = self._bound(args)
        return self._numbers[len(args)]

    def _bound(self, args):
        try:
            signature = inspect.signature(self.fn)
        except TookTooLong:
            raise
        except BaseException:  # some builtins have none, some objects no answer
            return len(args)
        for n in (len(args), self.exercise.required):
            try:
                signature.bind(*args[:n])
                return n
            except TypeError:
                continue
        message = (
            f"{self.exercise.name} is called with ({', '.join(self.exercise.parameters)}), in "
            f"this order, but yours takes {signature}. Compare its first line with the exercise."
        )
        raise Stopped("parameters", "error", None, message)

    def _values(self, got):
        wanted = len(self.returns)
        if wanted == 1:
            return (self._array(got),)
        several = isinstance(got, (tuple, list)) or (isinstance(got, np.ndarray) and got.ndim > 0)
        if not several or len(got) != wanted:
            came = f"{len(got)}" if several else with_article(got)
            message = (
                f"{self.exercise.name} should return {wanted} values, {listed(self.returns)}, and "
                f"yours returns {came}. Which values does the caller need?"
            )
            raise Stopped("number of values", "mistake", "number of values", message)
        return tuple(self._array(part) for part in got)

    def _array(self, got):
        array = numbers(got)
        if array is None:
            lazily = isinstance(got, Iterator) or inspect.iscoroutine(got)
            if inspect.iscoroutine(got):
                got.close()
            why = (
                "which computes nothing until it is used. Is there a yield, or a pair of round "
                "brackets around a loop, where a list is meant?"
                if lazily
                else "where numbers are expected. What should its last line return?"
            )
            message = f"Your function returns {_came(got)}, {why}"
            raise Stopped("not numbers", "mistake", "not numbers", message)
        return array

    def _raised(self, error, args):
        where, code = "", code_of(self.fn)
        trace = error.__traceback__
        while trace is not None:
            frame = trace.tb_frame.f_code
            if (
                code is not None
                and frame.co_filename == code.co_filename
                and (frame is code or frame.co_qualname.startswith(code.co_qualname + "."))
            ):
                line = linecache.getline(frame.co_filename, trace.tb_lineno).strip()
                where = f" in line {trace.tb_lineno - code.co_firstlineno + 1} of your function"
                where += f", `{line}`," if line else ""
            trace = trace.tb_next
        text = describe_error(error)
        if isinstance(error, RecursionError):
            text = "RecursionError: it calls itself again and again. What should end this"
        elif isinstance(error, SystemExit):
            text = "SystemExit: something asked Python to quit"
        given = self.describe(args)
        given = f" It was called with {given}." if given else ""
        end = "?" if isinstance(error, RecursionError) else "."
        return f"{self.exercise.name} stopped{where} with {text}{end}{given}"


def _silent(value):
    return not hasattr(value, "text") and (
        callable(value) or isinstance(value, np.random.Generator)
    )


def _same(before, after):
    try:
        return before.shape == after.shape and np.array_equal(before, after, equal_nan=True)
    except Exception:
        return False


def describe_error(error):
    try:
        text = " ".join(str(error).split())[:200].rstrip(".")
    except TookTooLong:
        raise
    except BaseException:  # an error whose text raises another
        text = ""
    name = type(error).__name__.lstrip("_")
    return f"{name}: {text}" if text else name


def _came(got):
    if type(got) is str:
        return f"the text {str.__repr__(got)[:40]}"
    if type(got) is np.ndarray:
        return f"an array of {got.dtype.name} numbers" if got.dtype.kind == "c" else "an array"
    return with_article(got)


# --- a body still to be written


def code_of(fn):
    """The code of a function written in Python, below its decorators, or None."""
    try:
        return getattr(inspect.unwrap(fn), "__code__", None)
    except BaseException:  # an object that answers every question with an error
        return None


def unwritten(fn):
    """Whether a function's body is only a docstring, `...` or `pass`."""
    code = code_of(fn)
    if code is None or code.co_name == "<lambda>":  # a lambda always returns something
        return False
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(fn)))
        (function,) = tree.body
        if isinstance(function, ast.FunctionDef) and function.name == fn.__name__:
            return all(
                isinstance(line, ast.Pass)
                or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
                for line in function.body
            )
    except Exception:  # no source to be had, or not a definition of its own
        pass
    body = [step for step in dis.get_instructions(code) if step.opname not in ("RESUME", "NOP")]
    ends = {"LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}
    return all(step.opname in ends and step.argval is None for step in body)
