"""The test of twelve as a teacher hands it out, gets it back, grades and compares it."""

import csv
import pathlib
import re

import nbformat
import pytest

from gdlesson.cli import main
from gdlesson.examination import write_tests
from gdlesson.questions import catalogue, test_of_twelve

TEACHERS = pathlib.Path(__file__).parent.parent / "notebooks" / "for-teachers.md"
TWELVE = test_of_twelve()
test_of_twelve.__test__ = False  # it is not a test


def answered(path, target, reply):
    """Save a copy of a test in which `reply(question, posed)` gives each answer."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if found := re.match(r'ask\("(\w+)", seed=(\d+), feedback=False\)', cell.source):
            question, seed = catalogue()[found[1]], int(found[2])
            posed = question.pose(seed)
            record = {"question": question.name, "seed": seed}
            if (answer := reply(question, posed)) is not None:
                record["reply"] = answer
            output = nbformat.v4.new_output("display_data", {"text/plain": "You answered …"})
            output.metadata["gdlesson"] = record
            cell.outputs = [output]
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)


def letters(posed, answer):
    """An answer as the page sends it."""
    shown = {key: letter for letter, key in getattr(posed.kind, "letters", {}).items()}
    if isinstance(answer, dict):
        return " ".join(shown[answer[run]] for run in posed.kind.runs)
    return shown[answer] if isinstance(answer, str) else repr(float(answer))


def test_two_notebooks_with_the_same_questions_and_other_numbers(tmp_path):
    names = write_tests(tmp_path / "tests")
    before, after = (nbformat.read(tmp_path / "tests" / name, as_version=4) for name in names)
    for notebook in (before, after):
        nbformat.validate(notebook)
        assert len(notebook.cells) == 14
        text = "".join(str(cell.get("outputs", "")) for cell in notebook.cells)
        assert "<details>" not in text  # no solution
    shown = [[c.outputs[0].data["text/plain"] for c in n.cells[2:]] for n in (before, after)]
    assert all(text for text in shown[0]) and shown[0] != shown[1]
    with pytest.raises(FileExistsError, match="exists already"):
        write_tests(tmp_path / "tests")


def test_handed_out_graded_and_compared(tmp_path, capsys):
    folder = tmp_path / "tests"
    assert main(["handout", "--test", str(folder)]) == 0
    assert "test-before-the-course.ipynb and test-after-the-course.ipynb" in capsys.readouterr().out

    def wrong(question, posed):
        _, value, _ = posed.wrong[0]
        return letters(posed, value)

    def right(question, posed):
        return letters(posed, posed.answer)

    def half(question, posed):
        return right(question, posed) if int(question.name[5:7]) % 2 else None

    for learner, (first, second) in {"ana": (wrong, right), "ben": (half, right)}.items():
        answered(
            folder / "test-before-the-course.ipynb", tmp_path / "1" / f"{learner}.ipynb", first
        )
        answered(
            folder / "test-after-the-course.ipynb", tmp_path / "2" / f"{learner}.ipynb", second
        )
    for number in "12":
        arguments = ["grade", str(tmp_path / number), "--csv", str(tmp_path / f"{number}.csv")]
        assert main(arguments) == 0
    with open(tmp_path / "1.csv", encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["learner"] == "ana"]
    assert [row["name"] for row in rows] == [question.name for question in TWELVE]
    assert [row["mistake"] for row in rows] == [q.misconceptions[0].name for q in TWELVE]
    capsys.readouterr()
    assert main(["compare", str(tmp_path / "1.csv"), str(tmp_path / "2.csv")]) == 0
    text = capsys.readouterr().out
    for question in TWELVE:
        assert question.name in text
    assert TWELVE[0].misconceptions[0].name in text


def test_the_table_for_teachers_lists_every_item_with_its_misconceptions_and_lesson():
    table = TEACHERS.read_text(encoding="utf-8").partition("## A test before and after")[2]
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \| \w[^|]* \| ([^|]+) \|$", table, re.MULTILINE)
    assert [name for _, name, _ in rows] == [question.name for question in TWELVE]
    for (_, _, misconceptions), question in zip(rows, TWELVE, strict=True):
        assert misconceptions.split("; ") == [m.name for m in question.misconceptions]
