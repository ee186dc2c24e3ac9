"""Call a function as the probes ask, on copies, and record what it does. Imports NumPy only."""

import ast
import dis
import inspect
import itertools
import linecache
import sys
import textwrap
from collections.abc import Iterator

import numpy as np

from ..formatting import listed
from .errors import describe_error, error_name
from .probes import Word, describe, fresh, numbers, with_article
from .time_limit import TookTooLong


class Run:
    """The moments of a function on the probes, why they stopped, and which argument it changed.

    A moment is computed when it is first asked for: most wrong answers differ in the first.
    calls: for a learner's function, (arguments, returned values) of each call.
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


class Stopped(Exception):
    """The run of a function ends here. kind: what two functions share that stop alike."""

    def __init__(self, kind, status, mistake, message):
        self.kind, self.feedback = kind, (status, mistake, message)
        self.is_error = isinstance(kind, type)


class Caller:
    """Calls a function as a probe asks, on copies, and returns a tuple of arrays."""

    def __init__(self, fn, exercise, run=None):
        """run: the `Run` of a learner's function, which records its calls; None for a known one."""
        self.fn, self.exercise, self.run, self.returns = fn, exercise, run, exercise.returns
        self.catches = Exception if run is None else BaseException  # a Ctrl-C is the learner's
        self._counts = {}  # arguments passed in → how many of them the function takes

    def __call__(self, *args, finish=None):
        """finish: takes what was returned and gives what to compare, in place of arrays."""
        if len(args) not in self._counts:
            self._counts[len(args)] = self._accepted(args)
        args = args[: self._counts[len(args)]]
        given = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
        before = args if self.run is None else fresh(args)
        try:
            got = self.fn(*given)
            values = None if got is None else (finish or self._values)(got)
        except (TookTooLong, Stopped):
            raise
        except self.catches as error:
            kind, name = type(error), error_name(error)
            raise Stopped(kind, "error", name, self._raised(error, args)) from None
        if self.run is not None:
            pairs = zip(self.exercise.parameters, args, given, strict=False)
            changed = (name for name, *pair in pairs if _differ(*pair))
            self.run.changed = self.run.changed or next(changed, None)
        if got is None:
            message = "Your function returns nothing. What should its last line return?"
            raise Stopped("none", "mistake", "no return", message)
        if self.run is not None:
            self.run.calls.append((before, values))
        return values

    def describe(self, args):
        """The arguments in words."""
        pairs = zip(self.exercise.parameters, args, strict=False)
        return ", ".join(f"{name} = {describe(a)}" for name, a in pairs if _has_words(a))

    def _accepted(self, args):
        """How many of the arguments the function takes."""
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
        if self.exercise.words:
            return (_word(got, self.exercise.words),)
        if wanted == 1:
            return (_array(got),)
        several = isinstance(got, (tuple, list)) or (isinstance(got, np.ndarray) and got.ndim > 0)
        if not several or len(got) != wanted:
            came = len(got) if several else with_article(got)
            message = (
                f"{self.exercise.name} should return {wanted} values, {listed(self.returns)}, and "
                f"yours returns {came}. Which values does the caller need?"
            )
            raise Stopped("number of values", "mistake", "number of values", message)
        return tuple(map(_array, got))

    def _raised(self, error, args):
        """What was raised, the line of the function that did it, and a question that leads on."""
        where, code, trace = "", code_of(self.fn), error.__traceback__
        while code is not None and trace is not None:
            own, at = trace.tb_frame.f_code, trace.tb_lineno
            if own is code or (
                own.co_filename == code.co_filename
                and own.co_qualname.startswith(code.co_qualname + ".")
            ):
                line = linecache.getline(own.co_filename, at).strip()
                where = f" in line {at - code.co_firstlineno + 1} of your function"
                where += f", `{line}`," if line else ""
            trace = trace.tb_next
        text = describe_error(error)
        if isinstance(error, RecursionError):
            text = "RecursionError: it calls itself again and again"
        elif isinstance(error, SystemExit):
            text = "SystemExit: something asked Python to quit"
        given = self.describe(args)
        given = f" It was called with {given}." if given else ""
        return f"{self.exercise.name} stopped{where} with {text}.{given}{question_about(error)}"


QUESTIONS = (  # the type of an error, a part of its text, and the question that leads on
    (TypeError, "Cannot cast ufunc", "An array of whole numbers holds no decimals: which line "
     "writes into such an array where a new one is needed?"),
    (np.linalg.LinAlgError, "at least two-dimensional",
     "NumPy needs a table as the first argument here: which of your arrays is one?"),
    (ValueError, "shape|matmul|dimension|aligned", "Which shapes do the arrays in this line have?"),
    (ValueError, "truth value", "Where is a single number meant instead of an array?"),
    (IndexError, "", "Which entries are there?"),
    (KeyError, "", "Which keys are there?"),
    (NameError, "", "Which line gives this name its value?"),
    (ZeroDivisionError, "", "For which arguments is the denominator 0?"),
    (OverflowError, "", "Which number grows without limit?"),
    (RecursionError, "", "What should end this?"),
    (AttributeError, "", "Of which type is the value before the dot?"),
    (TypeError, "'function'", "Which function in this line has to be called, as in f(t)?"),
    (TypeError, "", "Of which type is each value in this line?"),
)  # fmt: skip


def question_about(error):
    """The question that leads on from a common error, after a space; "" for any other."""
    text = describe_error(error)
    for kind, parts, question in QUESTIONS:
        if isinstance(error, kind) and any(part in text for part in parts.split("|")):
            return f" {question}"
    return ""


def _has_words(value):
    return hasattr(value, "text") or not (callable(value) or isinstance(value, np.random.Generator))


def _differ(before, after):
    """Whether an array is not any more what it was."""
    try:
        return isinstance(before, np.ndarray) and not (
            before.shape == after.shape and np.array_equal(before, after, equal_nan=True)
        )
    except Exception:
        return True


def _array(got):
    """What was returned, as an array of numbers."""
    array = numbers(got)
    if array is not None:
        return array
    why = "where numbers are expected. What should its last line return?"
    if isinstance(got, Iterator) or inspect.iscoroutine(got):
        why = (
            "which computes nothing until it is used. Is there a yield, or a pair of round "
            "brackets around a loop, where a list is meant?"
        )
    if inspect.iscoroutine(got):
        got.close()
    came = with_article(got)
    if type(got) is str:
        came = f"the text {str.__repr__(got)[:40]}"
    elif type(got) is np.ndarray:
        came = f"an array of {got.dtype.name} numbers" if got.dtype.kind == "c" else "an array"
    raise Stopped("not numbers", "mistake", "not numbers", f"Your function returns {came}, {why}")


def _word(got, words):
    """What was returned, as one of the words that are expected."""
    if isinstance(got, str) and got in words:
        return Word.of(got, words)
    came = str.__repr__(got)[:40] if isinstance(got, str) else with_article(got)
    expected = ", ".join(f'"{word}"' for word in words[:-1]) + f' or "{words[-1]}"'
    message = (
        f"Your function returns {came} where one of the words {expected} is expected. How is each "
        "word in your return lines written?"
    )
    raise Stopped("another word", "mistake", "another word", message)


# --- a body still to be written


def code_of(fn):
    """The code of a function written in Python, below its decorators, or None."""
    try:
        return getattr(inspect.unwrap(fn), "__code__", None)
    except BaseException:  # an object that answers every question with an error
        return None


def parameters_of(fn):
    """The names of the parameters that a function takes in order, or none if it does not say."""
    try:
        parameters = inspect.signature(fn).parameters.values()
    except BaseException:  # some builtins have none, some objects no answer
        return ()
    return [each.name for each in parameters if each.kind == each.POSITIONAL_OR_KEYWORD]


def unwritten(fn):
    """Whether a function's body is only a docstring, `...` or `pass`."""
    code = code_of(fn)
    if code is None or code.co_name == "<lambda>":  # a lambda always returns something
        return False
    try:
        (function,) = ast.parse(textwrap.dedent(inspect.getsource(fn))).body
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
