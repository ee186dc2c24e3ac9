"""What a rewritten lesson must be: its minutes, its limits, and no term before it is introduced."""

import pathlib
import re

import nbformat
import pytest
from lesson_minutes import estimate, kind, printed, rounded, sittings

NOTEBOOKS = pathlib.Path(__file__).parent.parent / "notebooks"
REWRITTEN = (
    "00-start-here", "01-slope", "02-one-step", "03-step-size", "04-gradient", "05-batch",
    "06-stochastic", "07-mini-batch", "08-schedules", "09-classify", "10-landscapes",
    "11-momentum", "12-nesterov", "13-curvature", "14-adaptive", "15-adam", "16-network",
    "17-race", "18-sharpness", "19-clinic",
)  # fmt: skip
ENTRY = re.compile(r"^- \*\*(.+?)\*\* \(\[\d\d\]\((.+?)\.ipynb\)\)", re.MULTILINE)
# What reads like a riddle before it is explained: Python idioms, and the lesson that explains them.
IDIOMS = {
    "a lambda": (r"\blambda\b", "13-curvature"),
    "a list comprehension": (r"[\[(][^\[\]()]*(\([^()]*\))?[^\[\]()]* for \w+ in ", "03-step-size"),
    "a formatted string": (r"\bf\"", "02-one-step"),
    "a slice of a column": (r"\[:, ?\d\]", "03-step-size"),
    "matrix multiplication": (r" @ ", "05-batch"),
    "keepdims": (r"keepdims", None),
    "an Ellipsis index": (r"\[\.\.\.", None),
    "a slice of two ranges": (r"\[\d+:\d+, ?\d+\]", None),
}


def lesson(name):
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)


def prose(notebook):
    """The text that is read in order: without links to other lessons, captions included."""
    text = "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    text = text.partition("**References**")[0]
    return re.sub(r"\[[^\]]*\]\(\d\d-[^)]*\)", "", text)


each = pytest.mark.parametrize("name", REWRITTEN)


@each
def test_the_minutes_are_the_estimate_and_a_sitting_has_at_most_fifty(name):
    notebook = lesson(name)
    assert max(sittings(notebook)) <= 50
    assert printed(notebook) == rounded(estimate(notebook))


@each
def test_a_lesson_has_two_explorers_three_exercises_and_three_objectives_at_most(name):
    notebook = lesson(name)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    explorers = {re.search(r"(\w+\.)?\w*explore\w*\(", c.source)[0] for c in cells
                 if kind(c) == "explorer"}  # fmt: skip
    assert len(explorers) <= 2
    assert [kind(cell) for cell in cells].count("exercise") <= 3
    objectives = re.search(r"At the end you can\n\n((?:- .*\n?)+)", notebook.cells[0].source)
    if name != "00-start-here":
        assert 1 <= len(objectives[1].strip().splitlines()) <= 3


@each
def test_a_lesson_asks_two_questions_of_its_own_and_one_of_two_lessons_earlier(name):
    from gdlesson.questions import LESSONS, catalogue, retrieval

    source = "\n".join(c.source for c in lesson(name).cells if c.cell_type == "code")
    asked = [catalogue()[question] for question in re.findall(r'^ask\("(\w+)"', source, re.M)]
    here = name[3:].replace("-", "_")
    if name == "00-start-here":
        assert not asked
        return
    assert len([question for question in asked if question.lesson == here]) >= 2
    if LESSONS.index(here) >= 2:
        assert len([question for question in asked if question in retrieval(here)]) == 1


def glossary():
    """(term, lesson that introduces it) in the order of the glossary."""
    return ENTRY.findall((NOTEBOOKS / "glossary.md").read_text(encoding="utf-8"))


def test_every_line_of_the_glossary_is_an_entry_that_a_sentence_ends():
    text = (NOTEBOOKS / "glossary.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("-")]
    assert len(lines) == len(glossary())
    for line in lines:
        number, slug = re.search(r"\(\[(\d\d)\]\((.+?)\.ipynb\)\): ", line).groups()
        assert slug.startswith(f"{number}-") and (NOTEBOOKS / f"{slug}.ipynb").exists()
        assert line.endswith("."), line


def test_the_glossary_is_in_order_and_names_each_term_once():
    terms = [term.casefold() for term, _ in glossary()]
    assert len(terms) > 20 and terms == sorted(terms) and len(set(terms)) == len(terms)


def occurrence(term):
    """A pattern for a term and its plural; where it is bold, it is introduced."""
    words = re.escape(term).replace(r"\ ", r"[\s-]+")
    return re.compile(rf"(\*\*)?(?<![\w-])({words})(s|es)?(?![\w-])(\*\*)?", re.IGNORECASE)


@pytest.mark.parametrize("term, introduced", glossary(), ids=[term for term, _ in glossary()])
def test_a_term_is_bold_where_it_is_used_first(term, introduced):
    if introduced not in REWRITTEN:
        return  # its lesson has not been rewritten yet
    for name in REWRITTEN[1:]:  # 00 is a preview
        text = prose(lesson(name))
        if name == introduced:
            # The title asks, the objectives promise, and a heading announces.
            text = re.sub(r"^#+ .*$", "", text.partition("\n## ")[2], flags=re.MULTILINE)
        first = occurrence(term).search(text)
        if name == introduced:
            assert first and first[1], f"{term} is not bold at its first use in {name}"
            return
        assert not first, f"{name} uses {term}, which {introduced} introduces"


@each
def test_bold_terms_are_in_the_glossary(name):
    known = {term.casefold() for term, where in glossary() if where == name}
    text = prose(lesson(name)).partition("\n## ")[2]  # after the objectives, whose verbs are bold
    text = text.partition("## Recap")[0]
    for term in re.findall(r"\*\*([^*\n]+)\*\*", text):
        assert term.casefold().rstrip(".:") in known or term[0].isupper(), term


@pytest.mark.parametrize("idiom", IDIOMS)
def test_no_idiom_is_used_before_the_lesson_that_explains_it(idiom):
    pattern, explained = IDIOMS[idiom]
    before = REWRITTEN[: REWRITTEN.index(explained)] if explained else REWRITTEN
    for name in before:
        for cell in lesson(name).cells:
            if cell.cell_type == "code":
                assert not re.search(pattern, cell.source), f"{name}: {idiom} in {cell.source}"
