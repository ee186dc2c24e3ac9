"""Build the web edition: every lesson as a page, with its data and scripts.

May import: the modules of `site`, live, course, nbformat.
"""

import concurrent.futures
import json
import multiprocessing
import os
import pathlib
import re
import time

import nbformat

from ..live.figure import SCRIPTS as LIVE
from . import pages, questions
from .packing import packed
from .plans import PLANS, PROBE, size
from .run import run
from .states import Recording

HERE = pathlib.Path(__file__).parent
WIDTHS = {"wide": 900, "narrow": 360}  # of the pictures, in pixels
DATA = 1.1e6  # bytes that the explorers of a lesson may take, compressed
SCRIPTS = (*pages.SCRIPTS, "explorer", "questions")
STATES = 600  # of an explorer, at most: each takes some milliseconds to compute
SLOW, FEW = 1.0, 32  # seconds; of an explorer that takes longer, because it trains for each state


def build(lessons, folder, repository=None, report=print):
    """Write the web edition of the lessons into an empty folder.

    lessons: the folder of the notebooks. repository: its address on GitHub, or None. report is
    called with a sentence for each lesson. Raises FileExistsError if the folder is not empty,
    RuntimeError if a cell of a lesson fails.
    """
    folder = pathlib.Path(folder).resolve()
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty: name another folder")
    for name in ("assets", "data", "pictures"):
        (folder / name).mkdir(parents=True)
    write_assets(folder / "assets")
    paths = sorted(lessons.glob("*.ipynb"), key=lambda path: -path.stat().st_size)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the lessons are spread over the cores
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(
        mp_context=context, max_tasks_per_child=1
    ) as workers:
        tasks = [workers.submit(write_lesson, path, folder, repository) for path in paths]
        for task in concurrent.futures.as_completed(tasks):
            report(task.result())
    write_texts(lessons, folder, repository)


def write_lesson(path, folder, repository):
    """Write the page of a lesson and its data; returns a sentence."""
    notebook, name = nbformat.read(path, as_version=4), path.stem
    before = pathlib.Path.cwd()
    os.chdir(path.parent)  # where a learner runs it
    try:
        lesson = run(notebook, name)
    finally:
        os.chdir(before)
    share, named = DATA / max(1, len(lesson.explorers)), numbers_in(notebook)
    for explorer_name, explorer in lesson.explorers.values():
        plan = affordable(explorer, share)
        for width, pixels in WIDTHS.items():
            data = packed(Recording(explorer, pixels, plan, named))
            write_data(folder, f"{explorer_name}-{width}", f'"{data}"')
    if lesson.questions:
        data = questions.bundle(dict.fromkeys(lesson.questions.values()))
        write_data(folder, questions.data_name(name), json.dumps(data, ensure_ascii=False))
    page = pages.page(notebook, lesson.shown(), name, SCRIPTS, repository)
    (folder / f"{name}.html").write_text(page, encoding="utf-8")
    for picture, png in pages.pictures(notebook, name).items():
        (folder / picture).write_bytes(png)
    return f"{name}: {len(lesson.explorers)} explorers, {len(lesson.questions)} questions."


def numbers_in(notebook):
    """The numbers that the text of a notebook names, to which a reader moves the sliders."""
    texts = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\w)", texts)
    return sorted({float(number) for number in found})


def write_data(folder, name, data):
    """Write data that a page asks for by its name: a script, which a page from a file can load."""
    text = f'gdlesson.arrived("{name}", {data});\n'
    (folder / "data" / f"{name}.js").write_text(text, encoding="utf-8")


def write_assets(folder):
    """Write the scripts and style sheets of all pages."""
    widget = "\n".join((HERE.parent / "live" / name).read_text("utf-8") for name in LIVE)
    picture = widget.replace("export default { render };", "return { render };")
    parts = [f"const LiveFigure = (() => {{\n{picture}\n}})();\n"]
    parts += [(HERE / name).read_text("utf-8") for name in ("states.js", "explorer.js")]
    texts = {"explorer.js": "\n".join(parts), "questions.js": questions.script()}
    for name in ("site", "progress", "page", "prediction"):
        texts[f"{name}.js"] = (HERE / f"{name}.js").read_text("utf-8")
    styles = [HERE / "page.css", HERE.parent / "live" / "live.css", HERE / "explorer.css"]
    texts["page.css"] = "\n".join(path.read_text("utf-8") for path in styles) + questions.style()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def write_texts(lessons, folder, repository):
    """Write the pages that are no lessons: the first one, the glossary, the teachers' page."""
    start = nbformat.read(lessons / f"{pages.START}.ipynb", as_version=4)
    texts = {"index": pages.index(start, repository=repository)}
    for path in lessons.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        texts[path.stem] = pages.text_page(text, glossary=path.stem == "glossary")
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")


def affordable(explorer, most):
    """The richest plan that takes at most so many bytes, judged by a small one."""
    start = time.process_time()
    probe = Recording(explorer, WIDTHS["wide"], PROBE)
    seconds = (time.process_time() - start) / len(probe.states)
    backgrounds = sum(len(data) for data in {s.shown["_background"] for s in probe.states})
    each = (0.75 * len(packed(probe)) - backgrounds) / len(probe.states)
    for plan in PLANS:
        count = size(explorer, plan)
        if count <= (STATES if seconds < SLOW else FEW) and count * each + 2 * backgrounds <= most:
            return plan
    return PLANS[-1]
