"""The commands `gdlesson grade` and `gdlesson compare`. Standard library only."""

import argparse
import sys

from ..tables import check_target, read_csv, write_csv
from . import gains, handins
from .process import NOT_GRADED

GRADE = """\
Run the exercises and questions of handed-in notebooks, and print a row for each.

Every notebook runs in a process of its own and in a temporary folder that holds a copy of it and
nothing else. A notebook that cannot be read, that ends its own process or that passes a limit is
one row, "not graded", with the reason; the others are graded all the same. The learner's name is
what differs between the paths: the name of a folder or of a file. The exit code is 0 if all were
graded, and 1 otherwise.
"""
NO_GUARANTEE = """\
What this cannot guarantee: the learners' code runs with your rights. It can read and delete your
files, use the network and forge its own results. If you do not trust it, grade in a container, or
with a user account that has nothing to lose.
"""
COMPARE = """\
Compare two tables that gdlesson grade wrote: for each question and exercise, how many learners
were right before and after, and the commonest misconception. Counted are the learners in both
tables, matched by name. The last line is the mean share of right answers and the normalised gain.
"""


def grade(arguments):
    """Run `gdlesson grade` and return its exit code."""
    parser = _parser("grade", GRADE, NO_GUARANTEE)
    add = parser.add_argument
    add("notebooks", nargs="+", metavar="NOTEBOOK", help="a notebook, or a folder of notebooks")
    add("--csv", metavar="OUT.csv", help="write the rows, with the messages, to this file; "
        "it replaces a table of an earlier grading, and nothing else")  # fmt: skip
    add("--seconds", type=_positive, default=handins.SECONDS, metavar="N",
        help="time limit of a notebook (default: %(default)s)")  # fmt: skip
    add("--memory", type=_positive, default=handins.MEMORY, metavar="N",
        help="memory limit of a process in megabytes (default: %(default)s)")  # fmt: skip
    try:
        options = parser.parse_args(arguments)
        paths = handins.notebooks(options.notebooks)
        if options.csv:
            check_target(options.csv, handins.COLUMNS)  # before the work, not after it
    except SystemExit as stop:  # after --help, or a sentence about the arguments
        return stop.code
    except (OSError, ValueError) as error:
        print(f"Nothing was graded: {error}.")
        return 2
    rows = handins.grade(paths, options.seconds, options.memory, report=_report)
    print(handins.summary(rows))
    saved = not options.csv or _save(options.csv, handins.COLUMNS, rows)
    return int(not saved or any(row["status"] == NOT_GRADED for row in rows))


def compare(arguments):
    """Run `gdlesson compare` and return its exit code."""
    parser = _parser("compare", COMPARE)
    parser.add_argument("before", metavar="BEFORE.csv")
    parser.add_argument("after", metavar="AFTER.csv")
    parser.add_argument("--csv", metavar="OUT.csv", help="write the rows to this file")
    try:
        options = parser.parse_args(arguments)
        tables = [read_csv(path, gains.NEEDED) for path in (options.before, options.after)]
        comparison = gains.compare(*tables)
    except SystemExit as stop:
        return stop.code
    except ValueError as error:
        print(f"Nothing was compared: {error}.")
        return 2
    print(comparison)
    saved = not options.csv or _save(options.csv, gains.COLUMNS, comparison.rows)
    return int(not saved)


def _parser(name, description, epilog=None):
    return argparse.ArgumentParser(
        f"gdlesson {name}",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _positive(text):
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number < 1e9:
        raise argparse.ArgumentTypeError(f"expected a positive number, got {text!r}")
    return number


def _report(done, total):
    """Show how many notebooks are done, in a terminal."""
    if sys.stderr.isatty():
        print(f"\r{done} of {total}", end="" if done < total else "\r\033[K", file=sys.stderr)


def _save(path, columns, rows):
    try:
        write_csv(path, columns, rows)
    except (OSError, ValueError) as error:
        print(f"The table was not written: {error}.")
        return False
    return True
