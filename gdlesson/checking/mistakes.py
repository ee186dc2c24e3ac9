"""Mistakes as edits of the reference's source, and two of them at once. Standard library only."""

import ast
import copy
import inspect
import re
import textwrap
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from .mutants import TURNS, Mutants

PLACE = re.compile(r"\{(given|expected|got)\}")


@dataclass(frozen=True)
class Edit:
    """Replacements in a reference's source, and lines that come first in its body."""

    replacements: tuple
    first: str = ""

    def apply(self, source):
        """Return the source with all replacements made at once.

        Raises ValueError where an old text is not there exactly once, or two of them overlap.
        """
        spans = []
        for old, new in self.replacements:
            if (count := source.count(old)) != 1:
                raise ValueError(f"the text {old!r} occurs {count} times, not once, in\n{source}")
            spans.append((source.index(old), old, new))
        spans.sort()
        for (start, old, _), (following, other, _) in pairwise(spans):
            if start + len(old) > following:
                raise ValueError(f"the texts {old!r} and {other!r} overlap in\n{source}")
        for start, old, new in reversed(spans):
            source = source[:start] + new + source[start + len(old) :]
        if not self.first:
            return source
        lines = source.splitlines(keepends=True)
        body = ast.parse(source).body[0].body[0].lineno - 1
        first = textwrap.indent(textwrap.dedent(self.first).strip("\n"), "    ")
        return "".join([*lines[:body], first, "\n", *lines[body:]])


def edit(*replacements, first=""):
    """Describe a wrong answer as an edit of the reference: pairs (old, new) of text.

    Each `old` must occur exactly once in the reference's source. first: lines to put at the
    beginning of its body, such as "t = t - 1". The edit is applied and compiled when a check
    first needs it; the test suite applies them all.
    """
    return Edit(tuple(replacements), first)


def either(*replacements):
    """Describe several forms of one mistake: each pair (old, new) is an edit of its own.

    A learner who makes two of them together is recognised too.
    """
    return tuple(edit(each) for each in replacements)


@dataclass(frozen=True)
class Mistake:
    """A wrong answer, its short name, and the message for whoever wrote it.

    fn: an `edit` of the reference, a function, or a tuple of these that go wrong in the same way.
    message: what happened, the evidence, and a question that leads on. Its first sentence states
    the slip alone, because a message about two slips quotes it. {given}, {expected} and {got}
    stand for the first place where the answer differs from the reference's. convention: this is
    no mistake but another author's rule.
    """

    name: str
    fn: Callable | Edit | tuple
    message: str
    convention: bool = False

    @property
    def forms(self):
        """The edits and functions of this mistake, as a tuple."""
        return self.fn if isinstance(self.fn, tuple) else (self.fn,)

    @property
    def edits(self):
        """The edits among the forms."""
        return [form for form in self.forms if isinstance(form, Edit)]

    @property
    def slip(self):
        """The first sentence of the message."""
        return first_sentence(self.message)


def Convention(name, fn, message):
    """A rule that is right elsewhere: named, compared with ours, and not called wrong."""
    return Mistake(name, fn, message, convention=True)


def first_sentence(text):
    """The text up to the first full stop or question mark that ends a word."""
    return re.match(r".*?[.?](?=\s|$)|.*", text, re.DOTALL).group()


def fill(message, evidence):
    """Replace {given}, {expected} and {got}; any other braces stay.

    evidence: a function that returns the words for them, or None: then the sentences with a
    placeholder are left out.
    """
    if not PLACE.search(message):
        return message
    words = evidence()
    if words is None:
        sentences = re.split(r"(?<=[.?]) +", message)
        return " ".join(text for text in sentences if not PLACE.search(text))
    return PLACE.sub(lambda place: words[place.group(1)], message)


class Compiler:
    """Makes functions of a reference's source, in the reference's own module; each once."""

    def __init__(self, reference):
        self.reference = reference
        self.function, self.together = cache(self._function), cache(self._together)
        self.mutants = cache(self._mutants)

    @cached_property
    def source(self):
        """The reference's own lines, without their indentation."""
        return textwrap.dedent(inspect.getsource(self.reference))

    def _function(self, *forms):
        """The function that a form is, or that edits make one after another.

        Raises ValueError where an edit does not apply.
        """
        if not isinstance(forms[0], Edit):
            return forms[0]
        source = self.source
        for each in forms:
            source = each.apply(source)
        return compiled(source, self.reference)

    def _together(self, one, other):
        """The function that two edits make together, in either order, or None."""
        for forms in ((one, other), (other, one)):
            with suppress(ValueError, SyntaxError, OSError):  # they are in each other's way
                return self.function(*forms)
        return None

    def _mutants(self, edit=None):
        """The `Mutants` of the reference or of an edited one; None without a source."""
        try:
            source = edit.apply(self.source) if edit else self.source
            return Mutants(source, self.reference, self.source)
        except (OSError, SyntaxError, ValueError):
            return None


def ending(tree):
    """Let the `while` loops of a definition raise after so many turns: edits can make them endless.

    tree: of a module with this definition only; it is changed.
    """
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.While)]
    for loop in loops:
        loop.body[:0] = ast.parse("next(_turns)").body
    if loops:
        tree.body[0].body[:0] = ast.parse(f"_turns = iter(range({TURNS}))").body
    return ast.fix_missing_locations(tree)


def compiled(code, reference):
    """Compile a definition (source or syntax tree) in the module of the reference."""
    names = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two edits may make a line that Python warns of
        tree = ending(copy.deepcopy(code) if isinstance(code, ast.AST) else ast.parse(code))
        code = compile(tree, f"<{reference.__name__}, edited>", "exec")
    exec(code, reference.__globals__, names)
    return names[reference.__name__]
