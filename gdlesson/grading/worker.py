"""Run one notebook and grade it, in a process made for that alone, which `process` starts.

The notebook's code runs in this process. What its functions are compared with is made before, but
code that sets out to forge its own results can. May import: exercises, questions, IPython.
"""

import json
import math
import os
import re
import sys
import textwrap
from contextlib import nullcontext, suppress
from inspect import unwrap
from types import FunctionType

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from .. import progress, questions
from ..checking.errors import describe_error, error_name
from ..checking.exercise import Exercise
from ..exercises import catalogue

LONGEST = 2000  # characters of a message
SPARE = 20_000_000  # bytes of memory that a notebook must leave
FILE = 100_000_000  # bytes that a notebook's code may write into one file
DEFINED = re.compile(r"^(?:async\s+)?def\s+(\w+)", re.MULTILINE)
CHECKED = re.compile(r"^[^#\n]*\bcheck\s*\(\s*(\w+)", re.MULTILINE)
ASKED = re.compile(r"""^[^#\n]*\bask\s*\(\s*(?:name\s*=\s*)?["']([^"'\n]+)["']""", re.MULTILINE)

check = Exercise.check  # whatever the notebook's code makes of it


def main(notebook, results, seconds, memory):
    """Grade a notebook, write one JSON object a line to a file, and end the process.

    A line is {"at": what begins}, {"row": …}, {"reason": why it cannot be graded} or, as the last,
    {"end": true}. seconds: of computing. memory: in megabytes.
    """
    with open(results, "a", encoding="ascii") as file:
        write = writer(file)
        spare = bytearray(SPARE)  # so that the end can still be written
        try:
            limit(float(seconds), float(memory))
            grade(*read(notebook), write)
            write(end=True)
        except NotANotebook as error:
            write(reason=str(error))
        except MemoryError:
            del spare
            write(reason="it needs more memory than it may have")
        except Exception as error:
            write(reason=f"grading it stopped with {describe_error(error)}")
    os._exit(0)  # whatever threads the notebook has started


def writer(file):
    """A function that writes one line, and ends a copy of this process that `os.fork` made."""
    process = os.getpid()

    def write(**line):
        if os.getpid() != process:
            os._exit(0)
        file.write(json.dumps(line) + "\n")
        file.flush()

    return write


def limit(seconds, memory):
    """Limit this process, and each that it starts."""
    try:
        import resource
    except ImportError:  # on Windows
        return
    limits = {
        "RLIMIT_AS": int(memory * 1e6),
        "RLIMIT_CPU": math.ceil(seconds) + 1,
        "RLIMIT_FSIZE": FILE,
        "RLIMIT_CORE": 0,
    }
    for name, most in limits.items():
        with suppress(AttributeError, ValueError, OSError):  # unknown or impossible here
            resource.setrlimit(getattr(resource, name), (most, most))


class NotANotebook(Exception):
    """A file that cannot be read as a notebook. Its text says why."""


def read(path):
    """The sources of a notebook's code cells, and the outputs saved with each.

    A notebook in an older format is upgraded. Raises NotANotebook.
    """
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
        notebook = json.loads(text)
        if notebook["nbformat"] < 4:
            import nbformat  # takes longer to load than many a notebook to run

            notebook = nbformat.reads(text, as_version=4)
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in cells]
        language = notebook.get("metadata", {}).get("language_info", {}).get("name", "python")
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        what = "it is another kind of file" if os.path.getsize(path) else "the file is empty"
        raise NotANotebook(f"expected a notebook, and {what}") from None
    except MemoryError:
        raise
    except Exception:
        raise NotANotebook("expected a notebook, and it has no readable cells") from None
    if language.lower() not in ("python", "ipython"):
        raise NotANotebook(f"expected a notebook in Python, and it is in {language}")
    return sources, [cell.get("outputs", []) for cell in cells]


def grade(sources, outputs, write):
    """Run the cells of a notebook and write a row for each of its exercises and questions."""
    exercises, bank = dict(catalogue()), dict(questions.catalogue())
    named = {name for source in sources for name in names(source, DEFINED, CHECKED)}
    for name in named & set(exercises):
        exercises[name].run(exercises[name].reference).all()  # before the notebook's code runs
    typed = {}  # the replies in the notebook's source: name → (seed, reply)

    def listen(kind, name, status, details):
        if kind == "question" and status != "not yet":
            typed[name.removesuffix(" (test)")] = details.get("seed"), details.get("reply")

    progress.listeners.append(listen)
    namespace, errors = run(sources, write)

    def write_row(kind, name, status, mistake, message):
        write(row=[kind, name, status, mistake or "", message[:LONGEST]])

    for name, exercise in exercises.items():
        if name in named or is_own(namespace.get(name)):
            write(at=f"in the check of {name}")
            write_row("exercise", name, *judged(exercise, namespace, sources, errors))
    replies = saved_replies(outputs) | typed
    for name in dict.fromkeys([n for s in sources for n in names(s, ASKED)] + list(replies)):
        write(at=f"in the question {name}")
        write_row("question", name, *answered(bank, name, replies.get(name)))


def names(source, *patterns):
    """What the patterns find in a cell, which need not be valid Python."""
    return [name for pattern in patterns for name in pattern.findall(source)]


class Shell(InteractiveShell):
    """Runs cells as a notebook does, with magics and `await`, and shows nothing."""

    def enable_gui(self, gui=None):
        """There is no window to open."""

    def ask_exit(self):
        """`exit()` ends a cell at most."""

    def showtraceback(self, *args, **kwargs):
        """An error is in the result of its cell."""

    showsyntaxerror = showtraceback

    def _tee(self, channel):
        """IPython would remember all that is printed, which may have no end."""
        return nullcontext()


def run(sources, write):
    """Run cells; return the namespace and, by the number of its cell, the text of each error."""
    settings = Config()
    settings.HistoryManager.enabled = False
    shell = Shell.instance(config=settings)
    errors, depth = {}, sys.getrecursionlimit()
    for number, source in enumerate(sources, 1):
        if not source.strip():
            continue
        line = textwrap.shorten(source.strip().splitlines()[0], 60, placeholder=" …")
        write(at=f"in code cell {number}, which begins with {line!r}")
        try:
            result = shell.run_cell(source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
        except BaseException as raised:  # what a magic does not catch
            error = raised
        sys.setrecursionlimit(depth)
        if isinstance(error, MemoryError):
            bytearray(SPARE)  # raises it again, unless enough is left to go on
        if error is not None:
            errors[number] = (error_name(error), describe_error(error))
    return shell.user_ns, errors


def is_own(thing):
    """Whether something is a function of the notebook, and not one that it imports."""
    try:
        function = unwrap(thing)
    except Exception:
        function = thing
    if isinstance(function, FunctionType | type):
        return function.__module__ == "__main__"
    return callable(thing)


def judged(exercise, namespace, sources, errors):
    """The status, mistake and message of an exercise that a notebook defines or checks."""
    name = exercise.name
    thing = namespace.get(name)
    if name in namespace and (is_own(thing) or not callable(thing)):
        feedback = check(exercise, thing)
        return feedback.status, feedback.mistake, feedback.message
    cells = [n for n, source in enumerate(sources, 1) if name in names(source, DEFINED)]
    if cells and cells[-1] in errors:
        kind, text = errors[cells[-1]]
        return "error", kind, f"{name} is not defined, because its cell stopped with {text}."
    if name in namespace:
        module = getattr(thing, "__module__", None) or "elsewhere"
        return "not yet", None, f"{name} comes from {module} and is not written in this notebook."
    return "not yet", None, f"{name} is not defined at the end of this notebook."


def saved_replies(outputs):
    """What is saved with a notebook: name of a question → (seed, reply), None while unanswered."""
    replies = {}
    for output in (output for cell in outputs for output in cell):
        with suppress(AttributeError, KeyError, TypeError):  # not written by a question
            saved = output["metadata"]["gdlesson"]
            replies.setdefault(str(saved["question"]))
            replies[str(saved["question"])] = saved["seed"], saved["reply"]
    return replies


def answered(bank, name, saved):
    """The status, mistake and message of a question. saved: its seed and the reply, or None."""
    if name not in bank:
        return "error", None, f"There is no question called {name}."
    seed, reply = saved or (0, None)
    try:
        feedback = bank[name].pose(seed).judge(reply)
        if feedback.status == "not yet":
            return "not answered", None, "The question is not answered."
    except Exception as error:
        return "error", None, f"The saved answer cannot be read ({describe_error(error)})."
    return feedback.status, feedback.mistake, feedback.message
