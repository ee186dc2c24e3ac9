"""A question as text and as HTML, as a notebook saves it. May import: loss_curves."""

import base64
import textwrap
from html import escape

from ..checking.questions import Match
from . import loss_curves

WIDTH = 76


class Text:
    """A question as a notebook cell shows it without a widget.

    posed: a `Posed`. solution: whether the HTML has the worked solution, folded.
    """

    def __init__(self, posed, solution):
        self.posed, self.solution = posed, solution

    def __repr__(self):
        return plain(self.posed)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": repr(self), "text/html": html(self.posed, self.solution)}


def choices(kind):
    """(letter, text) of what can be chosen, in the order shown; (run, text) of a Match."""
    if isinstance(kind, Match):
        return list(kind.runs.items())
    return [(letter, kind.options[key]) for letter, key in getattr(kind, "letters", {}).items()]


def shown(posed):
    """What question.js shows of a question, as JSON: its pictures are for narrow and wide pages."""
    kind, curves = posed.kind, posed.curves
    sizes = ((280, 220, 15), (600, 300, 14)) if curves else ()
    return {
        "kind": type(kind).__name__,
        "text": posed.text,
        "pictures": [loss_curves.picture(curves, *size) for size in sizes],
        "unit": getattr(kind, "unit", ""),
        "choices": choices(kind),
        "letters": list(kind.letters) if isinstance(kind, Match) else [],
    }


def plain(posed):
    """The question, its curves in numbers and its choices, wrapped."""
    texts = [(posed.text, "", "")]
    if posed.curves:
        texts.append((loss_curves.described(posed.curves), "", ""))
    for letter, text in choices(posed.kind):
        first = "  __ " if isinstance(posed.kind, Match) else f"  {letter}) "
        texts.append((text, first, " " * len(first)))
    return "\n".join(
        textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest)
        for text, first, rest in texts
    )


def html(posed, solution=True):
    """The question for a viewer without a kernel: its picture, its choices, the folded answer.

    Only tags that JupyterLab shows in a notebook that is not trusted, so the SVG is an image.
    """
    parts = [f"<p><b>{escape(posed.text)}</b></p>"]
    if posed.curves:
        svg = loss_curves.picture(posed.curves, 420, 280, 16, saved=True)
        data = base64.b64encode(svg.encode()).decode()
        alt = escape(loss_curves.described(posed.curves))
        parts.append(f'<img src="data:image/svg+xml;base64,{data}" alt="{alt}">')
    if isinstance(posed.kind, Match):
        runs = "".join(f"<li>{escape(text)}</li>" for _, text in choices(posed.kind))
        parts.append(f"<ul>{runs}</ul>")
    elif options := choices(posed.kind):  # not <ol type="a">, whose letters JupyterLab overrules
        lines = (f"{letter}) {escape(text)}" for letter, text in options)
        parts.append(f"<p>{'<br>'.join(lines)}</p>")
    if solution:
        text = escape(posed.solution)
        parts.append(f"<details><summary>Answer</summary><p>{text}</p></details>")
    return "".join(parts)
