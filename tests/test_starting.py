"""Starting JupyterLab: every start works, or one sentence describes why not."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib
import types
import urllib.request
import webbrowser

import pytest
from real_server import LESSON, first_result, free_port, occupied_port, running, server, status

from gdlesson import cli, starting

ROOT = pathlib.Path(__file__).parent.parent
NOTEBOOKS = ROOT / "notebooks"
IS_ROOT = getattr(os, "geteuid", lambda: None)() == 0


def test_it_opens_the_first_lesson_with_the_clone_as_root(started, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)  # from whatever folder
    port = str(free_port())
    assert cli.main(["--no-browser", "--port", port]) == 0
    (line,) = started
    assert line[:4] == [sys.executable, "-P", "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={ROOT.resolve()}" in line
    assert "--LabApp.default_url=/lab/tree/notebooks/00-start-here.ipynb" in line
    assert line[-3:] == ["--no-browser", "--port", port]


@pytest.mark.parametrize(
    "options, added",
    [
        ([], ["--allow-root", "--ServerApp.ip=127.0.0.1"]),
        (["--port-retries", "9"], ["--allow-root", "--ServerApp.ip=127.0.0.1"]),
        (["--ip=0.0.0.0"], ["--allow-root"]),  # JupyterLab refuses two addresses
        (["--ServerApp.ip", "0.0.0.0"], ["--allow-root"]),
    ],
)
def test_as_root_it_starts_on_this_computer_only(options, added, started, monkeypatch, capsys):
    monkeypatch.setattr(starting.os, "geteuid", lambda: 0, raising=False)
    assert cli.main(options) == 0
    (line,) = started
    assert line[6:] == [*added, *options]
    assert not any("token" in option or "password" in option for option in line)
    text = capsys.readouterr().out
    assert text.startswith("You are running JupyterLab as root: ") and text.count("\n") == 1
    assert ("this computer only" in text) == (len(added) == 2)


@pytest.mark.parametrize("user", [lambda: 1000, None])  # Windows has no geteuid
def test_an_ordinary_user_gets_no_option_of_root(user, started, monkeypatch, capsys):
    if user:
        monkeypatch.setattr(starting.os, "geteuid", user, raising=False)
    else:
        monkeypatch.delattr(starting.os, "geteuid", raising=False)
    assert cli.main(["--no-browser"]) == 0
    assert started[0][6:] == ["--no-browser"]
    assert capsys.readouterr().out == ""


def refusal(options, capsys):
    """The one sentence with which the command ends instead of starting JupyterLab."""
    assert cli.main(options) == 1
    text = capsys.readouterr().out
    assert text.count("\n") == 1
    return text.strip()


@pytest.mark.parametrize("form", ["--port={}", "--port {}", "--ServerApp.port={}"])
@pytest.mark.parametrize("address", [[], ["--ip=127.0.0.1"], ["--ip", "*"]])
def test_a_named_port_that_is_in_use_is_named(form, address, started, capsys):
    with occupied_port() as port:
        sentence = refusal([*form.format(port).split(), *address], capsys)
    assert sentence == (
        f"Port {port} cannot be used (Address already in use): name another one, or leave out "
        "--port, so that JupyterLab takes a free one."
    )
    assert started == []


@pytest.mark.parametrize(
    "options",
    [["--port"], ["--port=http"], ["--port=70000"], ["--port=0"], ["--port=9", "--ip=no.invalid"]],
)
def test_jupyterlab_itself_explains_an_option_that_is_wrong(options, started):
    assert cli.main(["--no-browser", *options]) == 0
    assert started[0][-len(options) :] == options


def test_jupyterlab_takes_the_next_port_where_none_was_named(tmp_path):
    with (
        occupied_port() as port,
        running(tmp_path, "--ServerApp.ip=127.0.0.1", JUPYTER_PORT=str(port)) as printed,
    ):
        pattern = r"(http://127\.0\.0\.1:(\d+))/lab\S*\?token=(\w+)"
        found = first_result(lambda: re.search(pattern, printed()), "address with a token")
        assert int(found[2]) != port
        address = f"{found[1]}{LESSON}&token={found[3]}"
        assert first_result(lambda: status(address), "answer") == 200


def browser(name):
    return lambda: types.SimpleNamespace(name=name)


def no_browser():
    raise webbrowser.Error("could not locate runnable browser")


@pytest.mark.parametrize(
    "get, there",
    [(no_browser, False), (browser("w3m"), False), (browser("firefox"), True), (object, True)],
)
def test_without_a_browser_the_address_is_what_to_look_for(
    get, there, started, monkeypatch, capsys
):
    monkeypatch.setattr(starting, "_has_browser", HAS_BROWSER)
    monkeypatch.setattr(starting.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(starting.webbrowser, "get", get)
    assert cli.main([]) == 0
    assert started[0][6:] == ([] if there else ["--no-browser"])
    sentence = (
        "No browser was found on this computer: open the address that JupyterLab prints below, "
        "which contains a token, in a browser.\n"
    )
    assert capsys.readouterr().out == ("" if there else sentence)
    for asked in (["--no-browser"], ["--browser=lynx"], ["--ServerApp.open_browser", "False"]):
        assert cli.main(asked) == 0
        assert started[-1][6:] == asked
        assert capsys.readouterr().out == ""


HAS_BROWSER = starting._has_browser


def test_a_text_browser_is_recognised_behind_debians_name(monkeypatch, tmp_path):
    (tmp_path / "w3m").touch()
    (tmp_path / "www-browser").symlink_to("w3m")
    monkeypatch.setattr(starting.webbrowser, "get", browser("www-browser"))
    monkeypatch.setattr(starting.shutil, "which", lambda name: str(tmp_path / name))
    assert not HAS_BROWSER()
    (tmp_path / "www-browser").unlink()
    assert HAS_BROWSER()


def test_the_oldest_jupyterlab_is_the_one_that_the_package_requires():
    with (ROOT / "pyproject.toml").open("rb") as file:
        required = tomllib.load(file)["project"]["dependencies"]
    assert any(line.startswith(f"jupyterlab>={starting.OLDEST},<5") for line in required)


UPDATE = f'{sys.executable} -m pip install --upgrade "jupyterlab>={starting.OLDEST},<5"'


@pytest.mark.parametrize("version", ["3.6.8", "4.2.5", "4.3.9"])
def test_an_old_jupyterlab_on_the_path_is_named_with_the_command_that_updates_it(version, tmp_path):
    metadata = tmp_path / f"jupyterlab-{version}.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text(f"Metadata-Version: 2.1\nName: jupyterlab\nVersion: {version}\n")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "from gdlesson.cli import main; exit(main([]))"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (
        f"This Python has JupyterLab {version}, and the lessons need 4.4 or newer: update it with "
        f"{UPDATE}\n"
    )


@pytest.mark.parametrize("version", ["4.4.0", "4.10.2", "5.0.0"])
def test_a_newer_jupyterlab_starts(version, started, monkeypatch):
    monkeypatch.setattr(starting.importlib.metadata, "version", lambda name: version)
    assert cli.main(["--no-browser"]) == 0
    assert len(started) == 1


def test_a_missing_jupyterlab_is_named_with_the_command_that_installs_it(
    started, monkeypatch, capsys
):
    def missing(name):
        raise starting.importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(starting.importlib.metadata, "version", missing)
    assert refusal([], capsys) == f"This Python has no JupyterLab: install it with {UPDATE}"
    assert started == []


def test_a_home_that_cannot_be_written_is_named(started, monkeypatch, tmp_path, capsys):
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "runtime"
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(folder))
    assert refusal([], capsys).startswith(
        f"JupyterLab cannot write its own files to {folder} (Not a directory): let the"
    )
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(starting.os, "access", lambda *_: False)
    assert f"files to {tmp_path} (Permission denied): let the" in refusal([], capsys)
    assert started == []


def without_privilege():
    """The start of a command whose process may write only where its user may."""
    if sys.platform == "win32":
        pytest.skip("a folder of Windows has no permission to write that chmod would remove")
    if not IS_ROOT:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may write everywhere, and there is no setpriv to change this")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@pytest.mark.parametrize("closed", [".", "notebooks"])
def test_a_folder_that_cannot_be_written_is_named(closed, tmp_path):
    code = (
        "import pathlib; from gdlesson import cli; cli.in_a_clone = lambda: False; "
        f"cli.lessons = lambda: pathlib.Path({str(NOTEBOOKS)!r}); exit(cli.main([]))"
    )
    command = [*without_privilege(), sys.executable, "-W", "error", "-c", code]
    (tmp_path / closed).mkdir(exist_ok=True)
    (tmp_path / closed).chmod(0o555)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    (tmp_path / closed).chmod(0o755)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (
        f"You have no permission to write in {tmp_path / closed}: call gdlesson in a folder of "
        "yours.\n"
    )
    assert not list(tmp_path.rglob("*.ipynb"))


def test_in_somebody_elses_clone_the_lessons_are_copied(started, monkeypatch, tmp_path, capsys):
    access = os.access
    monkeypatch.setattr(
        cli.os, "access", lambda path, mode: path != NOTEBOOKS and access(path, mode)
    )
    monkeypatch.chdir(tmp_path)
    assert cli.main(["--no-browser"]) == 0
    assert f"--ServerApp.root_dir={tmp_path}" in started[0]
    assert (tmp_path / "notebooks" / "00-start-here.ipynb").is_file()
    monkeypatch.chdir(ROOT)
    capsys.readouterr()
    assert f"no permission to write in {NOTEBOOKS}" in refusal([], capsys)


def test_a_real_server_answers_and_asks_no_question_about_news(tmp_path):
    for name in ("random", "token", "html"):  # names that learners give to their files
        (tmp_path / f"{name}.py").write_text("raise ImportError('a file of the learner')")
    config = tmp_path / "config"
    with server(tmp_path, "--IdentityProvider.token=", JUPYTER_CONFIG_DIR=str(config)) as address:
        assert first_result(lambda: status(address + LESSON), "answer") == 200
        page = urllib.request.urlopen(f"{address}/lab").read().decode()
    text = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)[1]
    disabled = json.loads(text)["disabledExtensions"]
    assert "@jupyterlab/apputils-extension:announcements" in disabled
    assert not list(config.rglob("*page_config*"))  # the user's configuration is as it was


def test_binder_asks_no_question_about_news_either():
    (config,) = starting.CONFIGURATION.rglob("page_config.json")
    (plugin,) = json.loads(config.read_text())["disabledExtensions"]
    command = f'jupyter labextension disable "{plugin}"\n'
    assert command in (ROOT / "binder" / "postBuild").read_text(encoding="utf-8")


@pytest.mark.skipif(not IS_ROOT, reason="only root can start a server as root")
def test_as_root_a_real_server_starts_and_asks_for_its_token(tmp_path):
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with running(tmp_path, f"--port={port}") as printed:
        pattern = re.escape(address) + r"/lab\S*token=(\w+)"
        token = first_result(lambda: re.search(pattern, printed()), "address with a token")[1]
        assert printed().startswith("You are running JupyterLab as root: ")
        lesson = f"{address}{LESSON}&token={token}"  # the address is printed before it answers
        assert first_result(lambda: status(lesson), "answer") == 200
        assert status(address + LESSON) == 403
        assert status(f"{address}{LESSON}&token=another") == 403
