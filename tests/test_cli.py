"""The `gdlesson` command."""

import pathlib
import subprocess
import sys

import nbformat
import pytest

from gdlesson import cli

ROOT = pathlib.Path(__file__).parent.parent


def test_an_unknown_command_and_missing_lessons_are_named(started, monkeypatch, tmp_path, capsys):
    assert cli.main(["teach"]) == 2
    assert "There is no command 'teach'" in capsys.readouterr().out
    assert cli.main(["--help"]) == 0
    assert "gdlesson rerun" in capsys.readouterr().out
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    monkeypatch.setattr(cli, "HERE", tmp_path)
    assert cli.main([]) == 1
    assert "expected them in" in capsys.readouterr().out
    assert started == []


def test_lay_copies_the_lessons_and_starts_nothing(started, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["lay"]) == 0
    names = {path.name for path in (ROOT / "notebooks").iterdir()}
    names = {name for name in names if name.endswith((".ipynb", ".md"))}
    assert capsys.readouterr().out == f"Copied {len(names)} files to notebooks.\n"
    laid = {path.name for path in (tmp_path / "notebooks").iterdir()}
    assert laid == names | {".gdlesson.json"}
    assert cli.main(["lay"]) == 0
    assert capsys.readouterr().out == ""  # nothing to do, nothing in a hub's log
    assert cli.main(["lay", str(tmp_path / "ana" / "course")]) == 0
    assert (tmp_path / "ana" / "course" / "00-start-here.ipynb").is_file()
    assert started == []


def test_lay_runs_in_a_process_of_its_own_as_a_hub_calls_it(tmp_path):
    code = "import sys; from gdlesson.cli import main; sys.exit(main(['lay']))"
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "notebooks" / "00-start-here.ipynb").is_file()


@pytest.mark.parametrize(
    "arguments, code, sentence",
    [
        (["a", "b"], 2, "gdlesson lay needs at most one folder"),
        (["--force"], 2, "gdlesson lay needs at most one folder"),
        (["taken"], 1, "The lessons could not be copied to taken: File exists (taken)."),
        (["taken/deeper"], 1, "could not be copied to taken/deeper: Not a directory (taken"),
        ([str(ROOT / "notebooks")], 2, "Nothing was copied: the lessons come from "),
    ],
)
def test_lay_answers_an_error_in_one_sentence(
    arguments, code, sentence, monkeypatch, tmp_path, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").touch()
    assert cli.main(["lay", *arguments]) == code
    text = capsys.readouterr().out
    assert sentence in text and text.count("\n") == 1
    assert not (ROOT / "notebooks" / ".gdlesson.json").exists()


def test_lay_and_the_start_name_a_folder_that_cannot_be_written(
    started, monkeypatch, tmp_path, capsys
):
    def refuse(*_):
        raise PermissionError(13, "Permission denied", "notebooks/00-start-here.ipynb")

    monkeypatch.setattr(cli, "copy_lessons", refuse)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["lay"]) == 1
    sentence = "The lessons could not be copied to notebooks: Permission denied (notebooks/00-start"
    assert capsys.readouterr().out.startswith(sentence)
    monkeypatch.setattr(cli, "in_a_clone", lambda: False)
    monkeypatch.setattr(cli, "lessons", lambda: ROOT / "notebooks")
    assert cli.main([]) == 1
    assert "could not be copied" in capsys.readouterr().out
    monkeypatch.setattr(cli, "lessons", lambda: tmp_path)
    assert cli.main(["lay"]) == 1
    assert "The lessons are missing from this installation" in capsys.readouterr().out
    assert started == []


def test_rerun_saves_clean_and_a_second_run_changes_nothing(tmp_path, capfd):
    cells = [
        nbformat.v4.new_code_cell("from gdlesson.explorers import step_size\nstep_size.explore()"),
        nbformat.v4.new_markdown_cell("Between."),
        nbformat.v4.new_code_cell("1 + 1", metadata={"collapsed": True, "tags": ["kept"]}),
    ]
    path = tmp_path / "small.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    assert cli.main(["rerun", str(path)]) == 0
    first = path.read_bytes()
    assert b"widget-view" not in first and b"widget-state" not in first
    notebook = nbformat.reads(first.decode(), as_version=4)
    assert set(notebook.cells[0].outputs[0].data) == {"text/plain", "image/png"}
    assert [cell.get("execution_count") for cell in notebook.cells] == [1, None, 2]
    assert notebook.cells[2].metadata == {"tags": ["kept"]}
    assert cli.main(["rerun", str(path)]) == 0
    assert path.read_bytes() == first


def test_the_readmes_test_command_is_the_one_ci_runs():
    readme, ci = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", ".ci/run"))
    install = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]'"
    command = f"{install} && .venv/bin/pytest -n 2 --dist loadfile\n"
    assert command in readme
    assert command in ci


def test_rerun_names_a_missing_notebook(capsys):
    assert cli.main(["rerun", "notebooks/99-nowhere.ipynb"]) == 2
    assert "there is no notebooks/99-nowhere.ipynb" in capsys.readouterr().out
