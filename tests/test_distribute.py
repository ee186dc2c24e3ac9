"""Handing out the lessons: nothing a learner typed is lost, and no solution reaches a class."""

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


@pytest.fixture
def shipped(tmp_path):
    """Two small lessons as a package brings them."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "00-start-here.ipynb").write_text("first version", encoding="utf-8")
    (folder / "01-slope.ipynb").write_text("slope, first version", encoding="utf-8")
    return folder


def test_an_empty_folder_gets_all_and_a_second_time_nothing(shipped, tmp_path):
    mine = tmp_path / "mine"
    assert distribute.lay(shipped, mine) == [f"Laid 2 files in {mine}."]
    assert (mine / "01-slope.ipynb").read_text() == "slope, first version"
    assert distribute.lay(shipped, mine) == []


def test_what_a_learner_changed_is_kept_and_a_new_version_laid_beside_it_once(shipped, tmp_path):
    mine = tmp_path / "mine"
    distribute.lay(shipped, mine)
    (mine / "01-slope.ipynb").write_text("my own work")
    assert distribute.lay(shipped, mine) == []  # nothing newer to offer
    (shipped / "01-slope.ipynb").write_text("slope, second version")
    said = distribute.lay(shipped, mine)
    assert said[-1] == "You have changed 01-slope.ipynb: its new version is 01-slope-new.ipynb."
    assert (mine / "01-slope.ipynb").read_text() == "my own work"
    assert (mine / "01-slope-new.ipynb").read_text() == "slope, second version"
    assert distribute.lay(shipped, mine) == []
    (mine / "01-slope-new.ipynb").write_text("work on the new one")
    (shipped / "01-slope.ipynb").write_text("slope, third version")
    distribute.lay(shipped, mine)
    assert (mine / "01-slope-new.ipynb").read_text() == "work on the new one"
    assert (mine / "01-slope-new-2.ipynb").read_text() == "slope, third version"


def test_a_lesson_left_alone_becomes_the_new_version(shipped, tmp_path):
    mine = tmp_path / "mine"
    distribute.lay(shipped, mine)
    (shipped / "00-start-here.ipynb").write_text("second version")
    assert distribute.lay(shipped, mine) == [f"Laid 1 files in {mine}."]
    assert (mine / "00-start-here.ipynb").read_text() == "second version"


def test_a_file_that_was_there_before_is_the_learners(shipped, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "01-slope.ipynb").write_text("notes of mine")
    said = distribute.lay(shipped, mine)
    assert "You have changed 01-slope.ipynb" in said[-1]
    assert (mine / "01-slope.ipynb").read_text() == "notes of mine"
    assert json.loads((mine / distribute.RECORD).read_text())


def test_the_handout_holds_everything_but_the_solutions(tmp_path, capsys):
    folder = tmp_path / "class"
    assert cli.main(["handout", str(folder)]) == 0
    assert "14 lessons without solutions" in capsys.readouterr().out
    for source in (ROOT / "notebooks").glob("*.ipynb"):
        whole = nbformat.read(source, as_version=4).cells
        kept = nbformat.read(folder / source.name, as_version=4).cells
        solutions = [cell for cell in whole if "solution" in cell.metadata.get("tags", [])]
        assert len(kept) == len(whole) - len(solutions)
        assert not any(cell.source.startswith("solution(") for cell in kept)
    assert any(c.source.startswith("solution(") for c in whole) or solutions == []
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


def test_the_binder_badge_is_printed_and_elsewhere_it_says_why_not(capsys, tmp_path, monkeypatch):
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
        assert ROOT not in (cwd, *cwd.parents)  # what the tools leave behind stays out of the clone
        if "wheel" in command:
            (pathlib.Path(command[command.index("-w") + 1]) / "gdlesson-0-any.whl").touch()
        else:
            contents = pathlib.Path(command[command.index("--contents") + 1])
            built.update({p.name: p.read_text("utf-8") for p in contents.rglob("*.ipynb")})
            built["command"] = command
        return subprocess.CompletedProcess(command, 0, "", "")

    distribute.lite_site(ROOT, tmp_path / "site", run)
    assert len(built) == 15
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
    (tmp_path / "full" / "mine.txt").touch()
    assert cli.main(["lite", str(tmp_path / "full")]) == 1
    assert "is not empty" in capsys.readouterr().out
    assert cli.main(["lite"]) == 2


@pytest.mark.slow
def test_the_wheel_stands_alone(tmp_path):
    """Built, unpacked in an empty place and asked for the lessons there, far from the clone."""
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", tmp_path, ROOT]
    subprocess.run(command, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.stat().st_size < 3e6
    place, empty = tmp_path / "installed", tmp_path / "empty"
    empty.mkdir()
    zipfile.ZipFile(wheel).extractall(place)
    code = (
        "import sys; from gdlesson import cli; cli.subprocess.call = lambda line: print(line) or 0;"
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
    assert "Laid" in answer.stdout, answer.stderr
    names = {path.name for path in (ROOT / "notebooks").iterdir() if path.is_file()}
    assert {path.name for path in (empty / "notebooks").iterdir()} == names | {distribute.RECORD}
    assert f"--ServerApp.root_dir={empty}" in answer.stdout
