"""The pages of all lessons in a folder, without what is computed for explorers and questions."""

import pathlib
import re
import shutil
from functools import cache

import nbformat

from gdlesson.course import LESSONS
from gdlesson.site import pages

NOTEBOOKS = pathlib.Path(__file__).parent.parent / "notebooks"
STEMS = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
ASSETS = pathlib.Path(pages.__file__).parent
REPOSITORY = "https://github.com/someone/gdlesson"
OURS = ("page.css", "progress.js", "page.js", "prediction.js")
FIRST = "const gdlesson = {};\n"  # what the first script defines


@cache
def notebook(stem):
    return nbformat.read(NOTEBOOKS / f"{stem}.ipynb", as_version=4)


def saved(cell, kind):
    """The saved output of a cell of this kind, or None."""
    outputs = cell.get("outputs", ())
    return next((o["data"][kind] for o in outputs if kind in o.get("data", {})), None)


@cache
def shown(stem):
    """What moves in a page, as far as the saved notebook shows it."""
    records, explorers, names = {}, 0, iter(predictions(stem))
    waiting = None  # a prediction before its explorer
    for index, cell in enumerate(notebook(stem).cells):
        text = saved(cell, "text/plain") or ""
        if saved(cell, "image/png"):
            explorers += 1
            records[index] = {"explorer": f"{stem}-{explorers}"}
            if waiting:
                waiting["explorer"], waiting = f"{stem}-{explorers}", None
        elif asked := re.match(r'ask\("(\w+)"', cell.source):
            records[index] = {"question": asked[1]}
        elif cell.cell_type == "code" and "  ( ) " in text:
            question, *choices = (" ".join(part.split()) for part in text.split("( )"))
            waiting = {"question": question, "choices": choices, "answer": choices[0]}
            waiting |= {"because": "It is <so>.", "name": next(names), "explorer": None}
            records[index] = {"prediction": waiting}
    return records


def predictions(stem):
    return next((lesson.predictions for lesson in LESSONS if lesson.slug == stem), ())


@cache
def lesson_page(stem, repository=REPOSITORY):
    return pages.page(notebook(stem), shown(stem), stem, repository=repository)


def build(folder):
    """Write all pages, their pictures and their scripts."""
    for name in ("assets", "pictures"):
        (folder / name).mkdir(parents=True)
    for stem in STEMS:
        (folder / f"{stem}.html").write_text(lesson_page(stem), encoding="utf-8")
        for address, picture in pages.pictures(notebook(stem), stem).items():
            (folder / address).write_bytes(picture)
    index = pages.index(notebook(pages.START), repository=REPOSITORY)
    (folder / "index.html").write_text(index, encoding="utf-8")
    for name in ("glossary", "for-teachers"):
        text = (NOTEBOOKS / f"{name}.md").read_text(encoding="utf-8")
        page = pages.text_page(text, glossary=name == "glossary")
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    for name in OURS:
        shutil.copy(ASSETS / name, folder / "assets" / name)
    (folder / "assets" / "site.js").write_text(FIRST, encoding="utf-8")
    return folder


def without_tags(html):
    return re.sub(r"<[^>]+>", "", html)
