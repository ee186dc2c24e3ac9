"""Question: fresh numbers at each try, and wrong answers that name their misconception. NumPy only.

A question lists what people compute instead of the answer, each as a function of the same numbers,
so a wrong answer is recognised by its value. Nothing is written down twice: the answer, the
misconceptions and the numbers in the worked solution are computed when the question is posed.
"""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from ..formatting import sentence
from .feedback import Feedback
from .kinds import Choice, Kind, Match, Number, Order, Several, Unreadable
from .texts import filled

__all__ = [
    "Choice",
    "Match",
    "Misconception",
    "Number",
    "Order",
    "Posed",
    "Question",
    "Several",
    "exchanged",
]

DRAWS = 200  # of numbers, until no two answers coincide
LONGEST = 200  # characters of a reply; nobody needs more


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that people give for a reason.

    name: a short noun phrase. answer: a function of the question's numbers, as `Question.answer`.
    message: describes what was computed instead, and ends with a question that leads on; a template
    of the numbers.
    """

    name: str
    answer: Callable
    message: str


def exchanged(one, other):
    """The answer of a misconception about a Match: the curves of two runs exchanged."""
    return lambda **numbers: {one: other, other: one}


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question whose numbers are drawn anew at each try.

    name: unique in the course. lesson and section: where the text teaches it. text: a template
    such as "The curvature is {L}." draw: makes of a numpy Generator a dict of numbers. answer: a
    function of these numbers, by name; what it returns depends on the kind, and a Match needs
    none. kind: Number, Choice, Several, Order or Match. misconceptions: at least two. hint: leads
    on after a wrong answer that is none of them. solution: the worked solution, a template. work:
    a function of the numbers that returns more values for the templates. curves: a function of
    the numbers that returns {key: losses}, drawn from real runs (see `Posed.curves`).

    Templates know the numbers, what `work` adds, and {answer}; {lr:.2f} formats as Python does,
    and {lr} alone with at most four significant digits.
    """

    name: str
    lesson: str
    section: str
    text: str
    draw: Callable
    answer: Callable | None = None
    kind: Kind
    misconceptions: tuple[Misconception, ...]
    hint: str
    solution: str
    work: Callable | None = None
    curves: Callable | None = None

    def pose(self, seed=0):
        """Return the question with the numbers that belong to a seed, a whole number, as `Posed`.

        Numbers are drawn again until all answers, right and wrong, can be told apart.
        Raises ValueError if that never happens, which is a fault of the question.
        """
        rng = np.random.default_rng([zlib.crc32(self.name.encode()), seed])
        for _ in range(DRAWS):
            posed = self._with(self.draw(rng), seed, rng)
            if posed.is_clear():
                return posed
        raise ValueError(f"{self.name}: in {DRAWS} draws two answers always coincided")

    def _with(self, numbers, seed, rng):
        values = numbers | (self.work(**numbers) if self.work else {})
        kind = self.kind.arranged(rng, values)
        answer = self.answer(**numbers) if self.answer else kind.right
        texts = values | {"answer": kind.write(answer)}
        wrong = [
            (m.name, kind.whole(m.answer(**numbers)), filled(m.message, texts))
            for m in self.misconceptions
        ]
        wrong += [
            (name, value, message)
            for name, value, message in kind.usual_slips(answer)
            if not any(kind.confusable(value, other) for other in (answer, *(w[1] for w in wrong)))
        ]
        return Posed(
            question=self,
            seed=seed,
            numbers=numbers,
            kind=kind,
            text=filled(self.text, texts),
            answer=answer,
            wrong=tuple(wrong),
            hint=filled(self.hint, texts),
            solution=filled(self.solution, texts),
            curves=self._curves(numbers, kind),
        )

    def _curves(self, numbers, kind):
        if self.curves is None:
            return {}
        curves = self.curves(**numbers)
        letters = getattr(kind, "letters", {})
        if set(curves) != set(letters.values()):  # one curve, or curves that are not the choices
            letters = dict(zip("ABCDEFGH", curves, strict=False))
        return {c.upper(): np.asarray(curves[key], float) for c, key in letters.items()}


@dataclass(frozen=True)
class Posed:
    """A question with its numbers.

    text, hint, solution: filled in. kind: with its choices in the order in which they are shown.
    answer: the right one, as the kind represents it. wrong: (name, answer, message) of each
    misconception. curves: letter → losses, if the question shows a picture.
    """

    question: Question
    seed: int
    numbers: Mapping
    kind: Kind
    text: str
    answer: object
    wrong: tuple
    hint: str
    solution: str
    curves: Mapping = field(default_factory=dict)

    def is_clear(self):
        """Whether the right answer and all that is named differently can be told apart."""
        known = [(None, self.answer), *((name, value) for name, value, _ in self.wrong)]
        if not all(self.kind.is_possible(value) for _, value in known):
            return False
        return not any(
            name != other and self.kind.confusable(value, another)
            for i, (name, value) in enumerate(known)
            for other, another in known[:i]
        )

    def judge(self, reply):
        """Return `Feedback` on a reply: what was typed, or what `Posed.answer` would be.

        Status "passed", "mistake" (the misconception's name, or None), "not yet" for nothing, or
        "error" where it cannot be read; never raises.
        """
        if reply is None or reply is ... or (isinstance(reply, str) and not reply.strip()):
            return Feedback("not yet", None, f"Not yet: {self.kind.invitation}")
        if isinstance(reply, str) and len(reply) > LONGEST:
            return Feedback("error", None, f"Type an answer of at most {LONGEST} characters.")
        try:
            value = self.kind.read(reply)
        except Unreadable as error:
            return Feedback("error", None, str(error))
        except Exception:  # an object of another type, whatever it may do when it is read
            came = type(reply).__name__
            message = f"Expected an answer as text, got {came}: {self.kind.invitation}"
            return Feedback("error", None, message)
        if self.kind.same(value, self.answer):
            return Feedback("passed", None, sentence(f"This is right: {self.kind.write(value)}"))
        for name, wrong, message in self.wrong:
            if self.kind.same(value, wrong):
                return Feedback("mistake", name, message)
        return Feedback("mistake", None, f"{self.kind.objection(value, self.answer)} {self.hint}")


class Attempt:
    """One learner's tries at a question: new numbers at each, and a solution after two mistakes.

    seed: of the first try, or None for a random one; the next try has the next seed.
    posed, replies and mistakes describe the present try; finished is True when it ended with the
    right answer or with the worked solution.
    """

    def __init__(self, question, seed=None):
        self.question = question
        self._seed = int(np.random.SeedSequence().entropy % 2**31) if seed is None else seed
        self._pose()

    def _pose(self):
        self.posed = self.question.pose(self._seed)
        self.mistakes, self.finished = 0, False

    def reply(self, text):
        """Judge a reply; returns its Feedback. After the second mistake the try is finished."""
        feedback = self.posed.judge(text)
        if not self.finished:
            self.mistakes += feedback.status == "mistake"
            self.finished = feedback.status == "passed" or self.mistakes >= 2
        return feedback

    @property
    def solution(self):
        """The worked solution with the learner's own numbers, once the try is finished, or ""."""
        return self.posed.solution if self.finished else ""

    def again(self):
        """Begin another try, with new numbers."""
        self._seed += 1
        self._pose()
