"""The kinds of questions: how a reply is read, compared and written. NumPy only."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..formatting import listed, minus, significant
from .numerals import read_number
from .texts import filled

LETTERS = "abcdefgh"


class Unreadable(ValueError):
    """A reply that cannot be read; its message is one sentence for the learner."""


class Kind:
    """What all kinds have in common; see `Number` and `Choice`."""

    invitation = "answer the question."

    def arranged(self, rng, values):
        """This kind as it is shown with these numbers: texts filled in, choices in their order."""
        return self

    def whole(self, answer):
        """The answer that a function of the numbers returned, completed where it may be short."""
        return answer

    def is_possible(self, answer):
        """Whether this can be an answer."""
        return True

    def same(self, one, other):
        """Whether a reply counts as an answer."""
        return one == other

    def confusable(self, one, other):
        """Whether a reply could count as both answers."""
        return self.same(one, other)

    def objection(self, reply, answer):
        """A sentence that a wrong reply which no misconception names is answered with."""
        return f"{self.write(reply)} is not right."

    def usual_slips(self, answer):
        """(name, wrong answer, message) of slips that any question of this kind can meet."""
        return []


@dataclass(frozen=True)
class Number(Kind):
    """A number. unit: written after it. tolerance: relative; absolute: allowed in any case.

    A reply rounded to two significant digits counts too, if the exact number has more than three.
    """

    unit: str = ""
    tolerance: float = 0.02
    absolute: float = 0.0
    invitation = "type a number."

    def read(self, reply):
        try:
            return read_number(reply, self.unit)
        except ValueError as error:
            raise Unreadable(str(error)) from None

    def write(self, answer):
        text = minus(f"{answer:.0f}") if float(answer).is_integer() else significant(answer, 4)
        return f"{text} {self.unit}".strip()

    def is_possible(self, answer):
        return math.isfinite(answer)

    def allowed(self, answer):
        """How far a reply may be from an answer."""
        return max(self.tolerance * abs(answer), self.absolute, 1e-12)

    def same(self, one, other):
        near = abs(one - other) <= self.allowed(other)
        return near or math.isclose(one, rounded(other), rel_tol=1e-9)

    def confusable(self, one, other):
        near = abs(one - other) <= self.allowed(one) + self.allowed(other)
        return near or self.same(rounded(one), other) or self.same(rounded(other), one)

    def usual_slips(self, answer):
        slips = [
            (
                "sign",
                -answer,
                "The size is right, but the sign is not. What does a minus sign mean here?",
            )
        ]
        if not self.unit and abs(answer) <= 1:
            message = "This is 100 times the answer. If you mean percent, type a percent sign."
            slips.append(("percent", 100 * answer, message))
        return slips if answer else []


@dataclass(frozen=True)
class Choice(Kind):
    """One of several: options maps a key, which `answer` returns, to the text that is shown.

    An option without a text is the curve of that key. shuffled: whether they are shown in an order
    drawn with the numbers; otherwise as they are. Raises ValueError for a key that is a letter,
    because a learner's letter means an option by its place.
    """

    options: Mapping[str, str]
    shuffled: bool = True

    def __post_init__(self):
        if letters := set(self.options) & set(LETTERS):
            raise ValueError(f"keys must be longer than a letter, got {listed(sorted(letters))}")

    @property
    def invitation(self):
        return "choose one."

    @property
    def letters(self):
        """Letter → key, in the order in which the options are shown."""
        return dict(zip(LETTERS, self.options, strict=False))

    def arranged(self, rng, values):
        keys = list(self.options)
        if self.shuffled:
            rng.shuffle(keys)
        texts = [filled(self.options[key], values) for key in keys]
        named = [t or f"curve {c}" for t, c in zip(texts, LETTERS.upper(), strict=False)]
        return replace(self, options=dict(zip(keys, named, strict=True)))

    def read(self, reply):
        return self._key(str(reply))

    def _key(self, text):
        """The key that a letter, a key or an option's text means."""
        text = text.strip().strip("().").strip()
        letters = self.letters
        for known in (letters, dict(zip(self.options, self.options, strict=True)), self._by_text):
            for name, key in known.items():
                if name.casefold() == text.casefold():
                    return key
        first, *_, last = letters
        raise Unreadable(f"Answer with a letter from {first} to {last}; got {_short(text)}.")

    @property
    def _by_text(self):
        return {text: key for key, text in self.options.items()}

    def write(self, answer):
        return f"“{self.options[answer]}”"

    def is_possible(self, answer):
        return answer in self.options


class _Letters(Choice):
    """A choice whose reply is several letters."""

    def _keys(self, reply):
        if not isinstance(reply, str):
            return [self._key(str(each)) for each in reply]
        parts = re.split(r"[\s,;]+", reply.strip(" ,;"))
        if len(parts) == 1 and set(parts[0].casefold()) <= set(self.letters):
            parts = list(parts[0])  # "bac"
        return [self._key(part) for part in parts if part.casefold() != "and"]


@dataclass(frozen=True)
class Several(_Letters):
    """All that apply: `answer` returns the set of their keys."""

    @property
    def invitation(self):
        return "choose all that apply."

    def read(self, reply):
        if isinstance(reply, str) and reply.strip().casefold() == "none":
            return frozenset()
        return frozenset(self._keys(reply))

    def write(self, answer):
        chosen = [f"“{text}”" for key, text in self.options.items() if key in answer]
        return listed(chosen) if chosen else "none of them"

    def same(self, one, other):
        return set(one) == set(other)

    def objection(self, reply, answer):
        if not reply:
            return super().objection(reply, answer)
        if set(reply) < set(answer):
            return "What you chose is right, but not complete."
        return "Not all that you chose is right."

    def is_possible(self, answer):
        return set(answer) <= set(self.options)


@dataclass(frozen=True)
class Order(_Letters):
    """An order: `answer` returns the keys of all options as a sequence."""

    @property
    def invitation(self):
        return "put them in order."

    def read(self, reply):
        keys = self._keys(reply)
        if sorted(keys) != sorted(self.options):
            raise Unreadable(
                f"Name each of {listed(list(self.letters))} once, in your order, "
                f"for example {' '.join(self.letters)}."
            )
        return tuple(keys)

    def write(self, answer):
        letters = {key: letter for letter, key in self.letters.items()}
        return ", ".join(letters[key] for key in answer)

    def same(self, one, other):
        return tuple(one) == tuple(other)

    def is_possible(self, answer):
        return sorted(answer) == sorted(self.options)


@dataclass(frozen=True)
class Match(Kind):
    """Which curve belongs to which run: an answer is {run: the run whose curve it is}.

    runs: key → description, shown in this order. The curves have capital letters, drawn with the
    numbers. A misconception may name the runs that have the wrong curve only.
    """

    runs: Mapping[str, str]
    letters: Mapping[str, str] = field(default_factory=dict)  # capital letter → key

    @property
    def invitation(self):
        return "choose a curve for each run."

    @property
    def right(self):
        """The right answer: each run has its own curve."""
        return {key: key for key in self.runs}

    def arranged(self, rng, values):
        keys = list(self.runs)
        rng.shuffle(keys)
        return replace(
            self,
            runs={key: filled(text, values) for key, text in self.runs.items()},
            letters=dict(zip(LETTERS.upper(), keys, strict=False)),
        )

    def read(self, reply):
        if isinstance(reply, Mapping) and self.is_possible(reply):
            return dict(reply)
        parts = reply if not isinstance(reply, str) else re.findall(r"[^\W\d_]+", reply)
        letters = "".join(str(part) for part in parts).upper()
        if sorted(letters) != sorted(self.letters):
            raise Unreadable(
                f"Use each of {listed(list(self.letters))} once, one for each run, "
                f"for example {' '.join(self.letters)}."
            )
        return {run: self.letters[letter] for run, letter in zip(self.runs, letters, strict=True)}

    def write(self, answer):
        letters = {key: letter for letter, key in self.letters.items()}
        return ", ".join(letters[answer[run]] for run in self.runs)

    def whole(self, answer):
        return self.right | answer

    def is_possible(self, answer):
        return sorted(answer) == sorted(self.runs) == sorted(answer.values())


def rounded(number):
    """A number as people round it: to two significant digits, if it has more than three."""
    if math.isclose(number, float(f"{number:.3g}"), rel_tol=1e-9):
        return number
    return float(f"{number:.2g}")


def _short(text):
    shown = text if text.isprintable() else ascii(text)
    return shown if len(shown) <= 40 else f"{shown[:40]}…"
