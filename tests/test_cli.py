"""The `gdlesson` command."""

import contextlib
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import nbformat
import pytest

from gdlesson import cli

ROOT = pathlib.Path(__file__).parent.parent


@pytest.fixture
def started(monkeypatch):
    """The command line that would have been started."""
    lines = []
    monkeypatch.setattr(cli.subprocess, "call", lambda line: lines.append(line) or 0)
    return lines


def test_it_opens_the_first_lesson_with_the_clone_as_root(started, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)  # from whatever folder
    assert cli.main(["--no-browser", "--port", "9999"]) == 0
    (line,) = started
    assert line[:3] == [sys.executable, "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={ROOT.resolve()}" in line
    assert "--LabApp.default_url=/lab/tree/notebooks/00-start-here.ipynb" in line
    assert line[-3:] == ["--no-browser", "--port", "9999"]


@pytest.mark.parametrize(
    "options, added",
    [
        ([], ["--allow-root", "--ServerApp.ip=127.0.0.1"]),
        (["--port", "9999"], ["--allow-root", "--ServerApp.ip=127.0.0.1"]),
        (["--ip=0.0.0.0"], ["--allow-root"]),  # JupyterLab refuses two addresses
        (["--ServerApp.ip", "0.0.0.0"], ["--allow-root"]),
    ],
)
def test_as_root_it_starts_on_this_computer_only(options, added, started, monkeypatch, capsys):
    monkeypatch.setattr(cli.os, "geteuid", lambda: 0, raising=False)
    assert cli.main(options) == 0
    (line,) = started
    assert line[5:] == [*added, *options]
    assert not any("token" in option or "password" in option for option in line)
    text = capsys.readouterr().out
    assert text.startswith("You are running JupyterLab as root: ") and text.count("\n") == 1
    assert ("this computer only" in text) == (len(added) == 2)


@pytest.mark.parametrize("user", [lambda: 1000, None])  # Windows has no geteuid
def test_an_ordinary_user_gets_no_option_of_root(user, started, monkeypatch, capsys):
    if user:
        monkeypatch.setattr(cli.os, "geteuid", user, raising=False)
    else:
        monkeypatch.delattr(cli.os, "geteuid", raising=False)
    assert cli.main(["--no-browser"]) == 0
    assert started[0][5:] == ["--no-browser"]
    assert capsys.readouterr().out == ""


@contextlib.contextmanager
def server(folder, *options):
    """The address of a server that the command started on a free port, in its own process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = "import sys; from gdlesson.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "--no-browser", f"--port={port}", *options]
    with (
        (folder / "output.txt").open("w") as output,
        subprocess.Popen(
            command, cwd=folder, stdout=output, stderr=output, start_new_session=True
        ) as process,
    ):
        try:
            yield f"http://127.0.0.1:{port}"
        finally:  # the command and the JupyterLab it started
            if sys.platform == "win32":
                subprocess.call(["taskkill", "/F", "/T", "/PID", str(process.pid)])
            else:
                os.killpg(process.pid, signal.SIGKILL)


def first_result(attempt, what):
    """The first result of `attempt` that is not None, tried for 30 seconds."""
    for _ in range(150):
        with contextlib.suppress(OSError):
            if (result := attempt()) is not None:
                return result
        time.sleep(0.2)
    return pytest.fail(f"no {what} within 30 seconds")


def status(address):
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


LESSON = "/api/contents/notebooks/00-start-here.ipynb?content=0"


def test_a_real_server_answers_on_the_first_lesson(tmp_path):
    with server(tmp_path, "--IdentityProvider.token=") as address:
        assert first_result(lambda: status(address + LESSON), "answer") == 200


@pytest.mark.skipif(
    getattr(os, "geteuid", lambda: None)() != 0, reason="only root can start a server as root"
)
def test_as_root_a_real_server_starts_and_asks_for_its_token(tmp_path):
    with server(tmp_path) as address:
        output = (tmp_path / "output.txt").read_text
        printed = re.escape(address) + r"/lab\S*token=(\w+)"
        token = first_result(lambda: re.search(printed, output()), "address with a token")[1]
        assert output().startswith("You are running JupyterLab as root: ")
        lesson = f"{address}{LESSON}&token={token}"  # the address is printed before it answers
        assert first_result(lambda: status(lesson), "answer") == 200
        assert status(address + LESSON) == 403
        assert status(f"{address}{LESSON}&token=another") == 403


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
