"""The questions of a page: some draws of each, and a script that judges replies in the browser.

`bundle` is the data of a lesson's questions; `script` and `style` are what all pages share. A page
has <div class="site-question" data-name="…"> for each question, with its saved HTML inside, and
the data of its questions is loaded under the name that `data_name` makes of the lesson's.
May import: checking, live, questions.
"""

import pathlib

from ..checking.feedback import WORDS
from ..checking.kinds import Match, Number, Several, Unreadable, rounded
from ..live.question_text import shown
from ..questions import catalogue

HERE = pathlib.Path(__file__).parent
LIVE = HERE.parent / "live"
DRAWS = 8  # of each question: "New numbers" begins again after the last
SEEDS = 4 * DRAWS  # in which to look for draws that differ
NOTHING = ""  # a reply that is never judged


def data_name(lesson):
    """The name under which a page asks for the data of its questions: "03-step-size-questions"."""
    return f"{lesson}-questions"


def script():
    """The one script for the questions of all pages; it needs `gdlesson` with load and progress."""
    widget = "\n".join((LIVE / name).read_text("utf-8") for name in ("controls.js", "question.js"))
    ours = (HERE / name for name in ("numerals.js", "question_model.js", "question_places.js"))
    parts = [
        "const { render, make } = (() => {",
        widget.replace("export default { render };", "return { render, make };"),
        "})();",
        *(path.read_text("utf-8") for path in ours),
    ]
    return "(() => {\n" + "\n".join(parts) + "})();\n"


def style():
    """The style sheet for the questions of all pages."""
    return "\n".join(
        path.read_text("utf-8") for path in (LIVE / "question.css", HERE / "question_places.css")
    )


def bundle(names, draws=DRAWS):
    """Return what a page needs to ask these questions and to judge replies, as JSON.

    names: of the catalogue. draws: how many of each, with seeds from 0 on. Returns {"words": status
    → [word, colour], "questions": name → draws}. Raises KeyError for a name that is unknown.
    """
    words = WORDS | {"error": ("Unclear", WORDS["error"][1])}
    return {
        "words": {status: words[status] for status in ("passed", "not yet", "mistake", "error")},
        "questions": {name: _draws(catalogue()[name], draws) for name in names},
    }


def _draws(question, count):
    """Draws that do not read alike; fewer, where there are not so many."""
    found = {}
    for seed in range(SEEDS):
        if len(found) == count:
            break
        posed = question.pose(seed)
        draw = as_json(posed)
        found.setdefault((posed.text, *map(str, draw["question"].values())), draw)
    return list(found.values())


def as_json(posed):
    """What is shown of a posed question, and what it takes to judge a reply to it.

    Answers, right and wrong, are replies as the page sends them; for a Number they are [number, how
    far a reply may be from it, the number rounded as people do].
    """
    kind = posed.kind
    return {
        "seed": posed.seed,
        "question": {**shown(posed), "button": "Check"},
        "answer": _reply(kind, posed.answer),
        "wrong": [[name, _reply(kind, answer), text] for name, answer, text in posed.wrong],
        "hint": posed.hint,
        "solution": posed.solution,
        "invitation": kind.invitation.capitalize(),
        "unreadable": _unreadable(kind),
    }


def _reply(kind, answer):
    """An answer as `read` in question_model.js returns it."""
    if isinstance(kind, Number):
        return [float(answer), kind.allowed(answer), rounded(answer)]
    letters = {key: letter for letter, key in kind.letters.items()}
    if isinstance(kind, Match):
        return " ".join(letters[answer[run]] for run in kind.runs)
    if isinstance(kind, Several):
        return " ".join(sorted(letters[key] for key in answer))
    return " ".join(letters[key] for key in ([answer] if isinstance(answer, str) else answer))


def _unreadable(kind):
    """The answer to a Match that does not use each curve once; no other form sends the like."""
    if not isinstance(kind, Match):
        return ""
    try:
        kind.read(NOTHING)
    except Unreadable as error:
        return str(error)
    raise AssertionError("a Match without letters was read")
