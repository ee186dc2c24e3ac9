"""Distributing the lessons: a learner's work is never lost, and no solution reaches a class."""

import errno
import json
import os
import pathlib
import subprocess
import sys
import zipfile

import nbformat
import pytest

from gdlesson import cli, distribute

ROOT = pathlib.Path(__file__).parent.parent
LESSONS = len(list((ROOT / "notebooks").glob("*.ipynb")))


@pytest.fixture
def shipped(tmp_path):
    """Two small lessons as a package brings them."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "00-start-here.ipynb").write_text("first version", encoding="utf-8")
    (folder / "01-slope.ipynb").write_text("slope, first version", encoding="utf-8")
    return folder


def test_an_empty_folder_receives_all_lessons_and_the_second_time_nothing(shipped, tmp_path):
    folder = tmp_path / "learner"
    assert distribute.copy_lessons(shipped, folder) == [f"Copied 2 files to {folder}."]
    assert (folder / "01-slope.ipynb").read_text() == "slope, first version"
    assert distribute.copy_lessons(shipped, folder) == []


def test_a_changed_lesson_is_not_overwritten_and_its_new_version_is_written_once(shipped, tmp_path):
    folder = tmp_path / "learner"
    distribute.copy_lessons(shipped, folder)
    (folder / "01-slope.ipynb").write_text("my own work")
    assert distribute.copy_lessons(shipped, folder) == []  # nothing newer to offer
    (shipped / "01-slope.ipynb").write_text("slope, second version")
    sentences = distribute.copy_lessons(shipped, folder)
    assert (
        sentences[-1] == "You have changed 01-slope.ipynb: its new version is 01-slope-new.ipynb."
    )
    assert (folder / "01-slope.ipynb").read_text() == "my own work"
    assert (folder / "01-slope-new.ipynb").read_text() == "slope, second version"
    assert distribute.copy_lessons(shipped, folder) == []
    (folder / "01-slope-new.ipynb").write_text("work on the new one")
    (shipped / "01-slope.ipynb").write_text("slope, third version")
    distribute.copy_lessons(shipped, folder)
    assert (folder / "01-slope-new.ipynb").read_text() == "work on the new one"
    assert (folder / "01-slope-new-2.ipynb").read_text() == "slope, third version"


def test_an_unchanged_lesson_is_replaced_by_its_new_version(shipped, tmp_path):
    folder = tmp_path / "learner"
    distribute.copy_lessons(shipped, folder)
    (shipped / "00-start-here.ipynb").write_text("second version")
    assert distribute.copy_lessons(shipped, folder) == [f"Copied 1 file to {folder}."]
    assert (folder / "00-start-here.ipynb").read_text() == "second version"


def test_a_file_that_was_there_before_belongs_to_the_learner(shipped, tmp_path):
    folder = tmp_path / "learner"
    folder.mkdir()
    (folder / "01-slope.ipynb").write_text("own notes")
    sentences = distribute.copy_lessons(shipped, folder)
    assert "You have changed 01-slope.ipynb" in sentences[-1]
    assert (folder / "01-slope.ipynb").read_text() == "own notes"
    assert json.loads((folder / distribute.RECORD).read_text())


@pytest.mark.parametrize("damage", ["", "{", "[]"])
def test_with_a_damaged_record_nothing_of_the_learner_is_overwritten(damage, shipped, tmp_path):
    folder = tmp_path / "learner"
    distribute.copy_lessons(shipped, folder)
    (folder / "01-slope.ipynb").write_text("my own work")
    (folder / distribute.RECORD).write_text(damage)
    distribute.copy_lessons(shipped, folder)
    assert (folder / "01-slope.ipynb").read_text() == "my own work"
    assert (folder / "01-slope-new.ipynb").read_text() == "slope, first version"
    assert distribute.copy_lessons(shipped, folder) == []


def test_a_lesson_is_written_whole_or_not_at_all(shipped, tmp_path, monkeypatch):
    folder = tmp_path / "learner"
    distribute.copy_lessons(shipped, folder)
    (shipped / "00-start-here.ipynb").write_text("second version")

    def full(self, content):
        with self.open("wb") as file:
            file.write(content[:5])
        raise OSError(errno.ENOSPC, "No space left on device", str(self))

    with monkeypatch.context() as patched:
        patched.setattr(pathlib.Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space left"):
            distribute.copy_lessons(shipped, folder)
    assert (folder / "00-start-here.ipynb").read_text() == "first version"
    assert distribute.copy_lessons(shipped, folder) == [f"Copied 1 file to {folder}."]
    names = {"00-start-here.ipynb", "01-slope.ipynb", distribute.RECORD}
    assert {path.name for path in folder.iterdir()} == names


def test_the_handout_has_everything_except_the_solutions(tmp_path, capsys):
    folder = tmp_path / "class"
    assert cli.main(["handout", str(folder)]) == 0
    assert f"{LESSONS} lessons without solutions" in capsys.readouterr().out
    for source in (ROOT / "notebooks").glob("*.ipynb"):
        whole = nbformat.read(source, as_version=4).cells
        kept = nbformat.read(folder / source.name, as_version=4).cells
        solutions = [cell for cell in whole if "solution" in cell.metadata.get("tags", [])]
        assert len(kept) == len(whole) - len(solutions)
        assert not any(cell.source.startswith("solution(") for cell in kept)
    assert any(c.source.startswith("solution(") for c in whole) or solutions == []
    assert (folder / "glossary.md").read_bytes() == (ROOT / "notebooks/glossary.md").read_bytes()
    assert cli.main(["handout", str(folder)]) == 1  # never over what is there
    assert "Nothing was written" in capsys.readouterr().out
    assert cli.main(["handout"]) == 2


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/someone/gdlesson",
        "https://github.com/someone/gdlesson.git",
        "git@github.com:someone/gdlesson.git\n",
        "ssh://git@github.com/someone/gdlesson/",
    ],
)
def test_the_binder_link_of_a_repository(address):
    link = distribute.binder_link(address)
    assert link == (
        "https://mybinder.org/v2/gh/someone/gdlesson/HEAD"
        "?urlpath=lab/tree/notebooks/00-start-here.ipynb"
    )


def test_the_binder_badge_is_printed_or_the_reason_why_it_cannot_be(capsys, tmp_path, monkeypatch):
    assert cli.main(["binder", "https://github.com/someone/gdlesson"]) == 0
    assert capsys.readouterr().out.startswith("[![Open on Binder](https://mybinder.org/badge")
    assert cli.main(["binder", "https://example.org/a/b"]) == 2
    assert "Binder needs a repository on GitHub" in capsys.readouterr().out
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    assert cli.main(["binder"]) == 2
    assert "expected a clone with a remote called origin" in capsys.readouterr().out


def test_a_lite_site_is_built_from_the_wheel_and_the_lessons(tmp_path, capsys):
    built = {}

    def run(command, cwd, **_):
        assert ROOT not in (
            cwd,
            *cwd.parents,
        )  # what the tools leave behind must not reach the clone
        if "wheel" in command:
            (pathlib.Path(command[command.index("-w") + 1]) / "gdlesson-0-any.whl").touch()
        else:
            contents = pathlib.Path(command[command.index("--contents") + 1])
            built.update({p.name: p.read_text("utf-8") for p in contents.rglob("*.ipynb")})
            built["command"] = command
            assert any(contents.rglob("glossary.md"))
        return subprocess.CompletedProcess(command, 0, "", "")

    distribute.lite_site(ROOT, tmp_path / "site", run)
    assert len(built) == LESSONS + 1  # and the command
    first = nbformat.reads(built["03-step-size.ipynb"], as_version=4)
    assert first.cells[1].source.endswith("%pip install -q gdlesson")
    saved = json.loads(built["03-step-size.ipynb"])["cells"]
    outputs = [each for cell in saved for each in cell.get("outputs", []) if "data" in each]
    assert {type(each["data"]["text/plain"]) for each in outputs} == {str}
    assert built["command"][-1].endswith("gdlesson-0-any.whl")
    assert str(tmp_path / "site") in built["command"]

    def broken(command, **_):
        return subprocess.CompletedProcess(command, 1, "", "no such command: lite")

    with pytest.raises(RuntimeError, match="no such command: lite"):
        distribute.lite_site(ROOT, tmp_path / "other", broken)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "own.txt").touch()
    assert cli.main(["lite", str(tmp_path / "full")]) == 1
    assert "is not empty" in capsys.readouterr().out
    assert cli.main(["lite"]) == 2


@pytest.mark.slow
def test_the_wheel_needs_no_clone(tmp_path):
    """The wheel is built, unpacked, and asked for the lessons in an empty folder."""
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", tmp_path, ROOT]
    subprocess.run(command, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.stat().st_size < 3e6
    place, empty = tmp_path / "installed", tmp_path / "empty"
    empty.mkdir()
    zipfile.ZipFile(wheel).extractall(place)
    code = (
        "import sys; from gdlesson import cli; cli.starting.run = lambda line, _: print(line) or 0;"
        "sys.exit(cli.main([]))"
    )
    environment = os.environ | {"PYTHONPATH": str(place)}
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=empty,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    names = {path.name for path in (ROOT / "notebooks").glob("*.*") if path.suffix != ".json"}
    assert len(names) >= 16 and f"Copied {len(names)} files to" in answer.stdout, answer.stderr
    assert {path.name for path in (empty / "notebooks").iterdir()} == names | {distribute.RECORD}
    assert f"--ServerApp.root_dir={empty}" in answer.stdout
