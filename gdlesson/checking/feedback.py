"""Feedback: what a check found, and its colour in a notebook. Standard library only."""

from dataclasses import dataclass
from html import escape

WORDS = {  # status → the word that goes with its colour, readable on light and on dark
    "passed": ("Passed", "#009e73"),
    "not yet": ("Not yet", "#8a94a0"),
    "mistake": ("Look again", "#d55e00"),
    "convention": ("Another convention", "#3a8fd0"),
    "error": ("Stopped", "#b5658f"),
}


@dataclass(frozen=True)
class Feedback:
    """What a check found.

    status: "passed", "not yet", "mistake", "convention" or "error". mistake: its short name, that
    of the exception if one was raised, or None. message: its text in a notebook.
    """

    status: str
    mistake: str | None
    message: str

    def __repr__(self):
        return self.message

    def _repr_html_(self):
        word, colour = WORDS[self.status]
        text = escape(self.message.removeprefix(f"{word}: "))
        return (
            f'<div style="border-left: 4px solid {colour}; padding: 0.1em 0.8em; '
            f'max-width: 52em; color: inherit"><b>{word}.</b> {text}</div>'
        )
