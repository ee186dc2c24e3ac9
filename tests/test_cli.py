"""The `gdlesson` command."""

import pathlib
import socket
import subprocess
import sys
import time
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


def test_a_real_server_answers_on_the_first_lesson(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = "import sys; from gdlesson.cli import main; sys.exit(main(sys.argv[1:]))"
    options = ["--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token="]
    with subprocess.Popen(
        [sys.executable, "-c", code, *options],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as server:
        try:
            address = (
                f"http://127.0.0.1:{port}/api/contents/notebooks/00-start-here.ipynb?content=0"
            )
            for _ in range(150):
                try:
                    with urllib.request.urlopen(address, timeout=2) as answer:
                        assert answer.status == 200
                    break
                except OSError:
                    time.sleep(0.2)
            else:
                pytest.fail("the server did not answer within 30 seconds")
        finally:
            _end(server)


def _end(server):
    """Stop the command and the JupyterLab it started."""
    if sys.platform == "win32":
        subprocess.call(["taskkill", "/F", "/T", "/PID", str(server.pid)])
    else:
        import os
        import signal

        os.killpg(server.pid, signal.SIGKILL)


def test_it_says_what_it_does_not_know(started, monkeypatch, tmp_path, capsys):
    assert cli.main(["teach"]) == 2
    assert "knows no command 'teach'" in capsys.readouterr().out
    assert cli.main(["--help"]) == 0
    assert "gdlesson rerun" in capsys.readouterr().out
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    monkeypatch.setattr(cli, "HERE", tmp_path)
    assert cli.main([]) == 1
    assert "expected them in" in capsys.readouterr().out
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
    command = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/pytest"
    assert command in readme
    assert command in ci


def test_rerun_names_a_notebook_that_is_not_there(capsys):
    assert cli.main(["rerun", "notebooks/99-nowhere.ipynb"]) == 2
    assert "finds no notebooks/99-nowhere.ipynb" in capsys.readouterr().out
