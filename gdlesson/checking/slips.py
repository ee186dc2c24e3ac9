"""What a slip is called and how it is described, where no exercise has listed it."""

from .mistakes import Mistake
from .probes import listed

EVIDENCE = "With {given} your function gives {got} instead of {expected}."


def two_slips(one, other):
    """The message about two mistakes at once: the first sentence of each."""
    return (
        f"Two things differ from the rule. {one.slip} {other.slip} "
        "Which line does each of them concern?"
    )


def line_slip(lines):
    """A slip in a line of the reference, or in two. lines: as they are with the slip.

    A line that begins with "a rule" or "a loop" describes in words what is missing.
    """
    notes = [line.startswith(("a rule ", "a loop ")) for line in lines]
    shown = [line if note else f"`{line}`" for line, note in zip(lines, notes, strict=True)]
    what = f"Your numbers are those of {listed(shown)}."
    if "old_" in "".join(lines):
        what += " (Here old_ marks a value from before its update.)"
    if len(lines) == 2:
        question = "What should each of these lines compute?"
        return Mistake("these lines", (), f"{what} {EVIDENCE} {question}")
    question = "What should this line compute?"
    if notes[0]:
        question = "Where does this happen in your function?"
    return Mistake("this line", (), f"{what} {EVIDENCE} {question}")


def argument_slip(names, constants=()):
    """Arguments that have no effect. constants: what is used in their place, "lr = 1"."""
    names, one = listed(names), len(names) == 1
    what = f"{names} {'has' if one else 'have'} no effect on your result."
    if constants:
        what += f" Your numbers are those for {listed(constants)}, whatever is passed in."
    question = f"Where should {names} enter?"
    name = f"{names} {'is' if one else 'are'} ignored"
    return Mistake(name, (), f"{what} {EVIDENCE} {question}")


def constant_slip():
    """No argument has an effect."""
    what = "Your function returns the same result whatever is passed in."
    return Mistake("a constant result", (), f"{what} {EVIDENCE} Which arguments should enter?")


def exchange_slip(names):
    """Two arguments that have changed places."""
    names = listed(names)
    what = f"{names} have changed places in your function."
    return Mistake(
        f"{names} exchanged", (), f"{what} {EVIDENCE} In which order are they passed in?"
    )


def rule_slip(rule, asked):
    """Another rule than the one that is asked for."""
    what = f"This is {rule}, but {asked} is asked for."
    question = "In which line do the two rules differ?"
    return Mistake(f"another rule: {rule}", (), f"{what} {EVIDENCE} {question}")
