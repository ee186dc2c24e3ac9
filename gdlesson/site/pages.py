"""The pages of the web edition. May import: cells, texts, course, distribute, Jinja2.

`page` makes the page of a lesson from its saved notebook, `text_page` one of a Markdown file, and
`index` the first page. Pages refer to `pictures/`, `assets/` and `data/` next to them, and to no
other address.
"""

import pathlib

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..course import LESSONS
from ..distribute import binder_link, owner_and_name
from . import cells, texts
from .cells import pictures

__all__ = ["index", "page", "pictures", "text_page"]

HERE = pathlib.Path(__file__).parent
TITLE = "Gradient descent, by moving it"
START = "00-start-here"
# In this order: `site` defines `gdlesson`, which the others use.
SCRIPTS = ("site", "progress", "page", "prediction")

_templates = Environment(
    loader=FileSystemLoader(HERE),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(notebook, shown, lesson, scripts=SCRIPTS, repository=None):
    """The page of a lesson, as HTML.

    notebook: the saved notebook, as nbformat reads it. lesson: the name of its file without the
    ending. shown: {index of a cell: record}, for each cell that moves in the page. A record is
    {"explorer": name}, {"question": name}, or {"prediction": {question, choices, answer, because,
    name, explorer}}, the last the name of the explorer that the prediction locks, or None.
    scripts: names of files in assets/ without ".js", in the order in which they are to run.
    repository: its address on GitHub, for the link that opens the lesson on Binder, or None.

    The HTML has <figure class="site-explorer" data-name="…" data-locked-by="…"> with the saved
    <img class="site-still"> and its <figcaption>; a script that shows the explorer there gives the
    figure the class "is-live" and leaves both where they are, hidden, for a printer.
    """
    where = where_it_runs(lesson, repository)
    inside = cells.Cells(notebook, shown, lesson, where, course_map()).html()
    return _render(
        "page.html.j2",
        title=title_of(notebook),
        inside=Markup(inside),
        where=where,
        scripts=scripts,
    )


def text_page(markdown, glossary=False, scripts=SCRIPTS):
    """The page of a Markdown file, as HTML; in the glossary each term has an anchor."""
    inside = (texts.glossary if glossary else texts.to_html)(markdown)
    heading = markdown.lstrip("# \n").partition("\n")[0]
    return _render(
        "page.html.j2", title=heading, inside=Markup(inside), where=None, scripts=scripts
    )


def index(start, scripts=SCRIPTS, repository=None):
    """The first page, as HTML. start: the notebook of lesson 00, whose last picture it shows."""
    number, output = [
        (i, o)
        for i, cell in enumerate(start.cells)
        for o in cell.get("outputs", ())
        if "image/png" in o.get("data", {})
    ][-1]
    still = {"address": cells.picture_name(START, number), "alt": output.data["text/plain"]}
    still |= {side: output.metadata["image/png"][side] for side in ("width", "height")}
    return _render(
        "index.html.j2",
        title=TITLE,
        map=course_map(start=True),
        still=still,
        hours=round(sum(lesson.minutes for lesson in LESSONS) / 60),
        repository=_binder(repository)
        and f"https://github.com/{'/'.join(owner_and_name(repository))}",
        binder=_binder(repository),
        scripts=scripts,
    )


def course_map(start=False):
    """The lessons in a list, in which a script notes what the reader has done.

    start: whether lesson 00 is among them.
    """
    return Markup(_templates.get_template("map.html.j2").render(lessons=LESSONS, start=start))


def where_it_runs(lesson, repository):
    """HTML of the places where the code of a lesson runs."""
    lab = '<a href="index.html#jupyterlab">in JupyterLab on your computer</a>'
    address = _binder(repository, f"notebooks/{lesson}.ipynb")
    return Markup(lab + (f' or <a href="{address}">on Binder</a>' if address else ""))


def title_of(notebook):
    """The text of the first heading of a notebook."""
    lines = notebook.cells[0].source.splitlines()
    return next(line[2:] for line in lines if line.startswith("# "))


def _binder(repository, *notebook):
    """The Binder link of a repository, or None for one that Binder cannot open."""
    try:
        return binder_link(repository, *notebook) if repository else None
    except ValueError:
        return None


def _render(template, **values):
    return _templates.get_template(template).render(site=TITLE, **values)
