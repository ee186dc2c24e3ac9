"""A small question of each kind, with answers that can be seen at a glance."""

import numpy as np

from gdlesson.checking.questions import (
    Choice,
    Match,
    Misconception,
    Number,
    Order,
    Question,
    Several,
)


def swapped(one, other, *keys):
    return lambda **_: {key: {one: other, other: one}.get(key, key) for key in keys}


def question(name, kind, answer=None, wrong=(), draw=lambda rng: {}, **more):
    """A question with these (name, wrong answer) and texts that name what they are."""
    texts = {"text": f"The text of {name}.", "solution": "The answer is {answer}."} | more
    return Question(
        name=name,
        lesson="step_size",
        section="Explore",
        kind=kind,
        draw=draw,
        answer=answer and (lambda **numbers: answer(**numbers)),
        misconceptions=tuple(Misconception(w, f, f"This is {w}.") for w, f in wrong),
        hint="A hint.",
        **texts,
    )


NUMBER = question(
    "number",
    Number(),
    lambda a: a / 10,
    [("its square", lambda a: (a / 10) ** 2), ("its double", lambda a: a / 5)],
    draw=lambda rng: {"a": int(rng.integers(3, 9))},
    text="What is {a} divided by 10?",
)
COUNT = question(
    "count",
    Number(unit="steps", tolerance=0),
    lambda: 12,
    [("one too many", lambda: 13), ("one too few", lambda: 11)],
)
CHOICE = question(
    "choice",
    Choice({"one": "one <b>", "two": "two & three", "four": "four"}),
    lambda: "two",
    [("the first", lambda: "one"), ("the last", lambda: "four")],
)
SEVERAL = question(
    "several",
    Several({"x": "ex", "y": "why", "z": "zed"}, shuffled=False),
    lambda: {"x", "z"},
    [("only one", lambda: {"x"}), ("all of them", lambda: {"x", "y", "z"})],
)
ORDER = question(
    "order",
    Order({"low": "one", "middle": "five", "high": "nine"}, shuffled=False),
    lambda: ("high", "middle", "low"),
    [
        ("the other way", lambda: ("low", "middle", "high")),
        ("half", lambda: ("high", "low", "middle")),
    ],
)
RUNS = ("slow", "fast", "grows")
MATCH = question(
    "match",
    Match({key: f"the run that is {key}" for key in RUNS}),
    None,
    [("fast for slow", swapped("slow", "fast", *RUNS)), ("two", swapped("slow", "grows", *RUNS))],
    curves=lambda: {"slow": 0.9 ** np.arange(21), "fast": 0.5 ** np.arange(21),
                    "grows": 1.1 ** np.arange(21)},
)  # fmt: skip
SAMPLES = (NUMBER, COUNT, CHOICE, SEVERAL, ORDER, MATCH)


def typed(posed, answer):
    """An answer as a learner gives it: text, letters separated by spaces."""
    kind = posed.kind
    if isinstance(kind, Number):
        return str(answer)
    letters = {key: letter for letter, key in kind.letters.items()}
    if isinstance(kind, Match):
        return " ".join(letters[answer[run]] for run in kind.runs)
    if isinstance(kind, Several):
        return " ".join(sorted(letters[key] for key in answer))
    keys = [answer] if isinstance(answer, str) else answer
    return " ".join(letters[key] for key in keys)
