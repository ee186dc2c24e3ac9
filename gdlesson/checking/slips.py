"""What a slip is called and described as, where no exercise lists it. Standard library only."""

import re

from ..formatting import listed
from .mistakes import Mistake

EVIDENCE = "With {given} your function gives {got} instead of {expected}."


def two_slips(one, other):
    """The message about two mistakes at once: the first sentence of each."""
    if one.convention and other.convention:
        return f"Two conventions differ from ours. {one.slip} {other.slip} Neither is wrong."
    return (
        f"Two things differ from the rule. {one.slip} {other.slip} "
        "Which line does each of them concern?"
    )


def _slip(name, what, question):
    return Mistake(name, (), f"{what} {EVIDENCE} {question}")


def line_slip(lines, names):
    """A slip in a line of the reference, or in two.

    lines: as they are with the slip; one that begins with "a rule" or "a loop" describes in words
    what is missing. names: the learner's names of the arguments by those of the reference.
    """
    notes = [line.startswith(("a rule ", "a loop ")) for line in lines]
    shown = [line if note else f"`{line}`" for line, note in zip(lines, notes, strict=True)]
    names = names | {f"old_{name}": f"old_{own}" for name, own in names.items()}
    text = re.sub(r"`.*?`", lambda code: _renamed(code.group(), names), listed(shown))
    what = f"Your numbers are those of {text}."
    if "old_" in text:
        what += " (Here old_ marks a value from before its update.)"
    if len(lines) == 2:
        return _slip("these lines", what, "What should each of these lines compute?")
    where = "Where does this happen in your function?"
    return _slip("this line", what, where if notes[0] else "What should this line compute?")


def _renamed(code, names):
    return re.sub(r"\w+", lambda word: names.get(word.group(), word.group()), code)


def argument_slip(names, constants=()):
    """Arguments that have no effect. constants: what is used in their place, "lr = 1"."""
    is_, has = ("is", "has") if len(names) == 1 else ("are", "have")
    marked = listed([f"`{name}`" for name in names])
    what = f"{marked} {has} no effect on your result."
    if constants:
        what += f" Your numbers are those for {listed(constants)}, whatever is passed in."
    return _slip(f"{listed(names)} {is_} ignored", what, f"Where should {marked} enter?")


def constant_slip():
    """No argument has an effect."""
    what = "Your function returns the same result whatever is passed in."
    return _slip("a constant result", what, "Which arguments should enter?")


def exchange_slip(names):
    """Two arguments that have changed places."""
    what = f"{listed([f'`{name}`' for name in names])} have changed places in your function."
    return _slip(f"{listed(names)} exchanged", what, "In which order are they passed in?")


def rule_slip(rule, asked):
    """Another rule than the one that is asked for."""
    what = f"This is {rule}, but {asked} is asked for."
    return _slip(f"another rule: {rule}", what, "In which line do the two rules differ?")
