"""Describe the errors of a learner's function. Standard library only."""

import textwrap

from .time_limit import TookTooLong


def describe_error(error):
    """An error by its name and the beginning of its text."""
    try:
        text = textwrap.shorten(str(error), 200, placeholder=" …").rstrip(".")
    except TookTooLong:
        raise
    except BaseException:  # an error whose text raises another
        text = ""
    name = error_name(error)
    return f"{name}: {text}" if text else name


def error_name(error):
    """The name by which an error is known: some libraries, and Python 3.13, raise private kinds."""
    name = type(error).__name__
    return "SyntaxError" if name == "_IncompleteInputError" else name.lstrip("_")
