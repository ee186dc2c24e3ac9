"""Markdown, formulas and code as HTML. May import: nbconvert, math_core, Pygments.

Formulas become MathML when the page is built, so a reader's browser needs no script for them.
"""

import html
import re
import xml.etree.ElementTree as ET

from math_core import LatexToMathML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

RELATIONS = set("=<>≤≥≈≠←→")
SIGNS = set("+−±∓")
SHORT = 12  # characters of a formula that stays in one piece
# Code, which may contain a dollar; a formula on a line of its own; one within a sentence.
FORMULAS = re.compile(r"```.*?```|`[^`\n]+`|\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
BOX = '<div class="scroll" tabindex="0">'  # wide content scrolls in it, not the page
PLACE = re.compile("\ue000(\\d+)\ue001")  # where a formula belongs; private characters
NAMED = re.compile(r"&(?!lt;|gt;|amp;|quot;|apos;)\w+;")  # which HTML knows and XML does not
LESSON = re.compile(r"(?:\./)?([\w-]+)\.(?:ipynb|md)(#.*)?")
ENTRY = re.compile(r"<li>(?:<p>)?(<strong>(.*?)</strong>)")

_latex = LatexToMathML()


def to_html(source):
    """Markdown with formulas as HTML; links to notebooks lead to their pages.

    Formulas are taken out before, as JupyterLab does, because | means something else in a table.
    """
    formulas = []

    def take_out(found):
        if not (found[1] or found[2]):
            return found[0]
        formulas.append(formula(found[1] or found[2], display=bool(found[1])))
        return f"\ue000{len(formulas) - 1}\ue001"

    without = FORMULAS.sub(take_out, source)
    page = MarkdownWithMath(renderer=Renderer(escape=False)).render(without)
    page = PLACE.sub(lambda found: formulas[int(found[1])], page)
    return page.replace("<table>", BOX + "<table>").replace("</table>", "</table></div>")


def glossary(source):
    """The glossary as HTML, in which each term has an anchor."""

    def anchored(found):
        return found[0].replace("<li>", f'<li id="{anchor(found[2])}">')

    return ENTRY.sub(anchored, to_html(source))


def formula(latex, display=False):
    """A formula as MathML.

    A longer one within a sentence is cut into several after its relations and signs, because a
    browser begins no new line inside a formula. Raises ValueError for LaTeX that is not known.
    """
    try:
        math = _latex.convert_with_local_state(latex.strip(), displaystyle=display)
    except Exception as error:
        raise ValueError(f"expected a formula in LaTeX, got {latex!r}: {error}") from error
    if display:
        return f'<span class="formula" tabindex="0">{math}</span>'
    root = ET.fromstring(NAMED.sub(lambda found: html.unescape(found[0]), math))
    if len("".join(root.itertext())) <= SHORT:
        return math
    return "".join(_mathml(part) for part in pieces(list(root)))


def pieces(terms):
    """The terms of a formula in groups: each ends after a relation or sign outside brackets."""
    parts, depth, bar = [[]], 0, False
    for i, term in enumerate(terms):
        sign = _sign(term)
        bar ^= sign == "|"
        depth += (sign in "([{") - (sign in ")]}") if sign else 0
        binary = sign in SIGNS and len(parts[-1]) > 0  # not the sign of a number
        parts[-1].append(term)
        if not (bar or depth) and (sign in RELATIONS or binary) and i + 1 < len(terms):
            term.set("form", "infix")
            parts.append([])
    return parts


def _sign(term):
    """The operator or bracket that a term is, or to which it adds a power or an index."""
    while term.tag in ("msup", "msub", "msubsup"):
        term = term[0]
    if term.get("form") in ("prefix", "postfix") and term.text in "|‖":
        return "(" if term.get("form") == "prefix" else ")"
    return term.text if term.tag == "mo" else None


def _mathml(terms):
    root = ET.Element("math")
    root.extend(terms)
    return ET.tostring(root, encoding="unicode")


def with_code(text):
    """A plain text as HTML, in which what is between backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


def code(source):
    """Python as highlighted HTML, in a box that scrolls."""
    lines = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip()
    return f'<pre class="code" tabindex="0"><code>{lines}</code></pre>\n'


def anchor(text):
    """The name of the anchor of a heading or a term, given as HTML."""
    plain = html.unescape(re.sub(r"<[^>]+>", "", PLACE.sub("", text))).lower()
    return re.sub(r"[^\w]+", "-", plain).strip("-")


def page_of(address):
    """The address of a page in place of that of its notebook or Markdown file."""
    found = LESSON.fullmatch(address)
    return f"{found[1]}.html{found[2] or ''}" if found else address


class Renderer(IPythonRenderer):
    """HTML for what Markdown contains."""

    def link(self, text, url, title=None):
        if url.startswith("http://127.0.0.1"):
            return text  # the reader's own computer, where nothing may answer
        return super().link(text, page_of(url), title)

    def heading(self, text, level, **attrs):
        return f'<h{level} id="{anchor(text)}">{text}</h{level}>\n'

    def paragraph(self, text):
        links_only = re.fullmatch(r"(?:<a [^>]*>[^<]*</a>(?: · )?)+", text)
        if links_only and re.search(r">◂|▸<", text):
            both = text.replace("</a> · <a", "</a>\n<a")
            return f'<p class="neighbours">{both}</p>\n'  # the lessons before and after
        if text.startswith("<em>") and text.endswith("</em>"):
            return f'<p class="caption">{text}</p>\n'
        return super().paragraph(text)

    def block_code(self, code_, info=None):
        return code(code_)
