"""README, CONTRIBUTING, CHANGELOG and the teachers' page agree with the course and the package."""

import pathlib
import re

import pytest

import gdlesson
from gdlesson.course import LESSONS

ROOT = pathlib.Path(__file__).parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "notebooks/for-teachers.md")


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def minutes_of_the_first_lesson():
    return int(re.search(r"(\d+) minutes", text("notebooks/00-start-here.ipynb"))[1])


def test_the_readme_lists_every_lesson_with_its_question_and_minutes():
    rows = re.findall(
        r"^\| (\d\d) \| \[(.+)\]\((.+)\) \| (.+) \| (\d+) \|$", text("README.md"), re.M
    )
    expected = [
        (lesson.slug[:2], lesson.title, f"notebooks/{lesson.file}", lesson.question)
        for lesson in LESSONS
    ]
    assert [row[:4] for row in rows[1:]] == expected
    minutes = [minutes_of_the_first_lesson(), *(lesson.minutes for lesson in LESSONS)]
    assert [int(row[4]) for row in rows] == minutes
    assert round(sum(minutes) / 60) == 16 and "about sixteen hours in all" in text("README.md")


def test_the_teachers_page_lists_every_lesson_with_its_minutes():
    page = text("notebooks/for-teachers.md")
    rows = re.findall(r"^\| \[(\d\d) (.+)\]\((.+)\) \| (\d+) \|", page, re.M)
    first = ("00", "Start here", "00-start-here.ipynb", str(minutes_of_the_first_lesson()))
    rest = [(x.slug[:2], x.title, x.file, str(x.minutes)) for x in LESSONS]
    assert rows == [first, *rest]
    assert "about sixteen hours in all" in page


def test_the_version_is_the_same_everywhere():
    (project,) = re.findall(r'^version = "(.+)"$', text("pyproject.toml"), re.M)
    (cited,) = re.findall(r"^version: (.+)$", text("CITATION.cff"), re.M)
    newest = re.findall(r"^## (.+)$", text("CHANGELOG.md"), re.M)[0]
    assert project == cited == newest == gdlesson.__version__


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_within_the_repository_lead_to_something(name):
    for link in re.findall(r"\]\(([^)\s]+)\)", text(name)):
        if link.startswith("http"):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        assert target.is_file(), link
        if anchor:
            heads = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.M)
            assert anchor in [head.lower().replace(" ", "-") for head in heads], link


def test_pictures_are_small_and_described():
    pictures = re.findall(r"!\[(.*)\]\((.+)\)", text("README.md"))
    shown = {path for _, path in pictures}
    assert text("README.md").startswith("![")
    assert shown == {f".github/{p.name}" for p in (ROOT / ".github").glob("*.*") if p.is_file()}
    for alt, path in pictures:
        assert len(alt) > 30 and (ROOT / path).stat().st_size < 400_000


def test_the_readmes_python_runs():
    (code,) = re.findall(r"```python\n(.*?)```", text("README.md"), re.S)
    names = {}
    exec(code, names)
    assert names["path"].w.shape == (501, 2)


def test_contributing_names_every_benchmark_and_every_module_of_the_site():
    page = text("CONTRIBUTING.md")
    helpers = {"hub_learner.py", "hub_recipe.py"}
    scripts = {path.name for path in (ROOT / "tests" / "benchmarks").glob("*.py")} - helpers
    modules = {path.name for path in (ROOT / "gdlesson" / "site").glob("*.py")} - {"__init__.py"}
    assert not [name for name in scripts | modules if f"`{name}`" not in page]
