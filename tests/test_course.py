"""The table of the lessons agrees with the notebooks, and the map shows what is recorded."""

import importlib
import pathlib
import re
import subprocess
import sys
from html.parser import HTMLParser

import nbformat
import pytest

from gdlesson import progress
from gdlesson.course import LESSONS, CourseMap, course_map, lesson_of
from gdlesson.exercises import catalogue

NOTEBOOKS = pathlib.Path(__file__).parent.parent / "notebooks"
NOW = "2025-03-01T10:00:{:02d}+00:00"


def cells(lesson, kind):
    notebook = nbformat.read(NOTEBOOKS / lesson.file, as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def test_every_lesson_is_in_the_table_once_and_in_order():
    files = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
    assert ["00-start-here.ipynb", *(lesson.file for lesson in LESSONS)] == files
    for lesson in LESSONS:
        assert lesson.slug == f"{lesson.slug[:2]}-{lesson.title.lower().replace(' ', '-')}"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_the_table_agrees_with_the_notebook(lesson):
    text, code = (" \n".join(cells(lesson, kind)) for kind in ("markdown", "code"))
    assert f"# {lesson.slug[:2]} · {lesson.question}\n" in text
    assert int(re.search(r"^(\d+) minutes", text, re.MULTILINE)[1]) == lesson.minutes
    checked = re.findall(r"^check\((\w+)\)", code, re.MULTILINE)
    assert tuple(dict.fromkeys(checked)) == lesson.exercises
    assert set(checked) <= set(catalogue())
    asked = re.findall(r"""\bask\(\s*["']([^"']+)["']""", code)
    assert tuple(dict.fromkeys(asked)) == lesson.questions
    predictions = re.findall(r"after=(\w+)\.(\w+)", code)
    explorers = [
        (importlib.import_module(f"gdlesson.explorers.{m}"), name) for m, name in predictions
    ]
    names = [getattr(module, name).name for module, name in explorers]
    assert tuple(dict.fromkeys(names)) == lesson.predictions


def test_names_are_unique_so_that_nothing_depends_on_a_lessons_number():
    for kind in ("exercise", "prediction"):
        names = [name for lesson in LESSONS for name in lesson.items(kind)]
        assert len(names) == len(set(names))
    assert lesson_of("exercise", "gradient_descent").slug == "03-step-size"
    assert lesson_of("exercise", "overshoot") is None


def done(lesson, second=0, but=()):
    """Events of somebody who does all of a lesson, except what is named."""
    return [
        (kind, name, "passed", {"choice": "?"} if kind == "prediction" else {}, NOW.format(second))
        for kind in progress.KINDS
        for name in lesson.items(kind)
        if name not in but
    ]


def line(text, lesson):
    lines = str(text).splitlines()
    return lines[next(i for i, line in enumerate(lines) if line.startswith(lesson.name)) + 1]


def test_without_progress_the_map_is_the_same_everywhere(tmp_path):
    plain = course_map()  # pytest runs
    assert repr(plain) == repr(CourseMap()) == repr(CourseMap(tmp_path))
    assert plain._repr_html_() == CourseMap(tmp_path)._repr_html_()
    assert repr(plain).endswith("\n\nBegin with 01 · Slope.")
    assert "all done" not in repr(plain) and "✓" not in plain._repr_html_()
    assert max(map(len, repr(plain).splitlines())) <= 80
    minutes = map(int, re.findall(r" (\d+) min$", repr(plain), re.MULTILINE))
    hours = int(re.match(r"The lessons, about (\d+) hours in all, ", repr(plain))[1])
    assert abs(sum(minutes) / 60 - hours) <= 0.5
    assert f"about {hours} hours" in plain._repr_html_()


def test_the_map_counts_what_is_done(tmp_path):
    two = (LESSONS[0], LESSONS[2])
    progress.save(tmp_path, done(two[0]) + done(two[1], but="gradient_descent"))
    progress.save(tmp_path, [("exercise", "gradient_descent", "mistake", {}, NOW.format(1))])
    text = CourseMap(tmp_path)
    assert line(text, two[0]).strip().startswith("all done: predictions 1 of 1, ")
    assert "exercises 1 of 2" in line(text, two[1])
    assert "done" not in line(text, two[1]) and "0 of 1" in line(text, LESSONS[1])


@pytest.mark.parametrize(
    "did, then",
    [
        ([], "Begin with 01 · Slope."),
        ([(0, "derivative")], "Go on with 01 · Slope."),
        ([(0, "")], "Go on with 02 · One step."),
        ([(0, "rise_over_run")], "Go on with 02 · One step."),  # a prediction may be skipped
        ([(0, ""), (4, "")], "Go on with 06 · Stochastic."),
        ([(0, "derivative"), *((i, "") for i in range(1, len(LESSONS)))], "Go on with 01 · Slope."),
        (
            [(i, "") for i in range(len(LESSONS))],
            "You have done all exercises and questions of the course.",
        ),
    ],
)
def test_where_to_go_on(did, then, tmp_path):
    for second, (number, but) in enumerate(did):
        progress.save(tmp_path, done(LESSONS[number], second, but))
    assert repr(CourseMap(tmp_path)).endswith(f"\n\n{then}")


class Table(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.links = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes).get("scope")))
        self.links += [value for name, value in attributes if name == "href"]


def test_the_table_has_headers_and_links_for_everyone(tmp_path):
    progress.save(tmp_path, done(LESSONS[0]))
    html = CourseMap(tmp_path)._repr_html_()
    table = Table(html)
    assert table.tags.count(("th", "col")) == 4 and table.tags.count(("caption", None)) == 1
    assert table.tags.count(("th", "row")) == len(LESSONS)
    assert table.links == [lesson.file for lesson in LESSONS] + [LESSONS[1].file]
    assert (
        "✓ all done: predictions&nbsp;1&nbsp;of&nbsp;1" in html and "color" not in html
    )  # no meaning by colour


def test_the_map_says_why_nothing_is_recorded_and_what_was_set_aside(tmp_path, monkeypatch):
    (tmp_path / progress.NAME).write_text("{")
    text = repr(CourseMap(tmp_path))
    assert text.endswith(f"The file {progress.NAME} could not be read (is not valid JSON).")
    progress.save(tmp_path, [("exercise", "derivative", "passed", {}, NOW.format(0))])
    text = repr(CourseMap(tmp_path, "the disk <is> full"))
    assert "exercises 1 of 2" in text
    assert "Progress is not recorded here, because the disk <is> full." in text
    assert "it is now called gdlesson-progress-broken.json." in text
    assert "&lt;is&gt;" in CourseMap(tmp_path, "the disk <is> full")._repr_html_()
    monkeypatch.setattr(progress, "unattended", lambda: False)
    monkeypatch.setenv("NO_PROGRESS", "1")
    monkeypatch.setattr(progress, "_is_set", lambda name: name == "NO_PROGRESS")
    assert repr(course_map()).endswith("because NO_PROGRESS is set.")


def test_the_map_loads_no_pictures():
    code = (
        "import sys\nfrom gdlesson import course_map\nrepr(course_map())\n"
        "print([m for m in ('matplotlib', 'ipywidgets', 'IPython') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
