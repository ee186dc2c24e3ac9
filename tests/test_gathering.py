"""`gdlesson progress`: the map as text, and the files of a class as one table."""

import csv
import json

import pytest

from gdlesson import cli, gathering, progress

NOW, LATER = "2025-03-01T10:00:00+00:00", "2025-03-02T10:00:00+00:00"


def events(mistake="uphill", why="1.1 > 1"):
    return [
        ("exercise", "gd_step", "mistake", {"mistake": mistake}, NOW),
        ("exercise", "gd_step", "passed", {}, LATER),
        ("prediction", "overshoot", "wrong", {"choice": "Up.", "why": why}, NOW),
        ("question", "unheard of", "mistake", {"mistake": "factor"}, NOW),
    ]


@pytest.fixture
def classroom(tmp_path):
    """Two learners with progress, and one each whose file is broken, empty and missing."""
    folder = tmp_path / "class"
    for name in ("ana", "bo", "cleo", "dan", "eve"):
        (folder / name / "notebooks").mkdir(parents=True)
    progress.save(folder / "ana" / "notebooks", events())
    progress.save(folder / "bo" / "notebooks", events("=1+1", "@SUM(A1) says so")[:3])
    (folder / "cleo" / "notebooks" / progress.NAME).write_text("{")
    (folder / "cleo" / "notebooks" / "gdlesson-progress-broken.json").write_text("older")
    (folder / "dan" / "notebooks" / progress.NAME).write_text("{}")
    return folder


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_map_of_a_folder_is_printed(classroom, monkeypatch, capsys):
    assert cli.main(["progress", str(classroom / "ana" / "notebooks")]) == 0
    text = capsys.readouterr().out
    assert "predictions 1 of 1, questions 0 of 3, exercises 0 of 2" in text
    assert text.endswith("Go on with 02 · One step.\n")
    monkeypatch.chdir(classroom / "ana")  # where `gdlesson` was called
    assert cli.main(["progress"]) == 0
    assert capsys.readouterr().out == text
    monkeypatch.chdir("notebooks")
    assert cli.main(["progress"]) == 0 and cli.main(["progress", progress.NAME]) == 0
    assert capsys.readouterr().out == text + text


def test_a_folder_without_progress_and_a_missing_one_are_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["progress"]) == 0
    assert f"No progress is recorded in {tmp_path.resolve()}." in capsys.readouterr().out
    assert cli.main(["progress", "nowhere"]) == 2
    assert "there is no nowhere." in capsys.readouterr().out
    assert cli.main(["progress", ".", "."]) == 2
    assert "one learner" in capsys.readouterr().out
    assert cli.main(["progress", "--help"]) == 0
    assert "--csv OUT.csv" in capsys.readouterr().out


def test_a_class_is_collected_with_a_row_for_each_item_and_each_unreadable_file(
    classroom, tmp_path, capsys
):
    out = tmp_path / "class.csv"
    folders = [str(path) for path in sorted(classroom.iterdir())]
    assert cli.main(["progress", "--csv", str(out), *folders]) == 1
    rows = table(out)
    assert capsys.readouterr().out == (
        f"{out} has 8 rows of 5 learners. 2 of them could not be read: see the column message.\n"
    )
    found = [(row["learner"], row["kind"], row["name"], row["status"]) for row in rows]
    assert found == [
        ("ana", "prediction", "overshoot", "wrong"),
        ("ana", "question", "unheard of", "mistake"),
        ("ana", "exercise", "gd_step", "passed"),
        ("bo", "prediction", "overshoot", "wrong"),
        ("bo", "exercise", "gd_step", "passed"),
        ("cleo", "", "", "not read"),
        ("dan", "", "", "nothing recorded"),
        ("eve", "", "", "not read"),
    ]
    assert [row["lesson"] for row in rows[:3]] == ["03-step-size", "", "02-one-step"]
    assert rows[2]["tries"] == "2" and (rows[2]["first"], rows[2]["last"]) == (NOW, LATER)
    assert rows[2]["mistake"] == "uphill" and rows[0]["choice"] == "Up."
    assert rows[5]["message"] == "is not valid JSON"
    assert rows[7]["message"] == "there is no gdlesson-progress.json in this folder"
    # what a spreadsheet would take for a formula
    assert rows[4]["mistake"] == "'=1+1" and rows[3]["why"] == "'@SUM(A1) says so"


def test_files_under_other_names_are_collected_from_one_folder(tmp_path):
    for name in ("ana", "bo"):
        recorded = {"v1": {"exercises": {"gd_step": {"best": "passed"}}}}
        path = tmp_path / f"{name}-gdlesson-progress.json"
        path.write_text(json.dumps(recorded), encoding="utf-8")
    (tmp_path / "other.json").write_text("{")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / progress.NAME).write_text("{")
    rows = gathering.gather([tmp_path, tmp_path])
    assert [(row["learner"], row["status"]) for row in rows] == [
        ("ana", "passed"),
        ("bo", "passed"),
    ]
    (row,) = gathering.gather([tmp_path / "nobody.json"])
    assert row["message"] == "there is no such file"


def test_no_other_file_is_overwritten(classroom, tmp_path, capsys):
    marks = tmp_path / "marks.csv"
    marks.write_text("name,mark\nana,1\n")
    assert cli.main(["progress", "--csv", str(marks), str(classroom)]) == 2
    assert "Nothing was written" in capsys.readouterr().out
    assert marks.read_text() == "name,mark\nana,1\n"
