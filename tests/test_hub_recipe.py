"""The recipe for a class on JupyterHub, which `tests/benchmarks/hub.py` carries out in full."""

import os
import pathlib
import shutil
import stat
import subprocess
import sys
import urllib.parse

import pytest
from benchmarks import hub_recipe
from jupyter_client.manager import KernelManager
from jupyter_server.services.kernels.kernelmanager import MappingKernelManager
from traitlets.config import Config

from gdlesson.starting import CONFIGURATION

ROOT = pathlib.Path(__file__).parent.parent
RECIPE = hub_recipe.Recipe.read()
pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or not shutil.which("bash"), reason="a hub needs Linux and Bash"
)


@pytest.fixture
def settings(tmp_path):
    """The hub's settings, from the configuration as the page has it, in a folder of its own."""
    config = Config()
    names = {"get_config": lambda: config, "__file__": str(tmp_path / hub_recipe.CONFIG)}
    exec(compile(RECIPE.config, hub_recipe.CONFIG, "exec"), names)
    return config


@pytest.mark.parametrize("block", ["install", "trial", "update"])
def test_the_commands_are_bash(block):
    checked = subprocess.run(["bash", "-n"], input=getattr(RECIPE, block), text=True, check=False)
    assert checked.returncode == 0


def test_a_page_with_other_blocks_is_refused():
    page = hub_recipe.PAGE.read_text(encoding="utf-8")
    other = page.replace("```python\nfrom importlib", "```bash\nfrom importlib")
    with pytest.raises(ValueError, match="five blocks of code, got bash, bash, bash, bash, text"):
        hub_recipe.Recipe.of(other)


def test_only_the_address_of_the_repository_differs_in_what_is_run(tmp_path):
    place = hub_recipe.Place(tmp_path)
    own = place.repository.as_uri()
    blocks = ("install", "config", "trial", "update", "link")
    replaced = 0
    for block in blocks:
        shown, run = getattr(RECIPE, block), getattr(place.recipe, block)
        for address, ours in (
            (hub_recipe.ADDRESS, own),
            (urllib.parse.quote(hub_recipe.ADDRESS, safe=""), urllib.parse.quote(own, safe="")),
        ):
            replaced += shown.count(address)
            shown = shown.replace(address, ours)
        assert shown == run
    assert replaced == 3  # install, update, link
    assert place.address == "http://127.0.0.1:8000"


def test_the_link_opens_the_first_lesson_of_the_repository():
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(RECIPE.link.strip()).query)
    assert query["repo"] == [hub_recipe.ADDRESS] and query["branch"] == ["main"]
    (opened,) = query["urlpath"]
    assert opened.startswith("lab/tree/gdlesson/")
    assert (ROOT / opened.removeprefix("lab/tree/gdlesson/")).is_file()


def test_the_settings_that_a_class_needs_are_there(settings, tmp_path):
    hub = tmp_path / "hub"
    assert settings.JupyterHub.bind_url.startswith("http://127.0.0.1:")
    proxy = settings.ConfigurableHTTPProxy.command
    assert proxy == f"{hub}/node_modules/.bin/configurable-http-proxy"
    spawner = settings.Spawner
    assert spawner.start_timeout == spawner.http_timeout == 300
    assert spawner.environment["JUPYTER_CONFIG_PATH"] == str(CONFIGURATION)
    assert f"exec {hub}/bin/jupyterhub-singleuser" in spawner.cmd[2]
    assert "--KernelManager.transport=ipc" in spawner.args
    assert (ROOT / spawner.default_url.removeprefix("/lab/tree/")).is_file()
    names = {option.removeprefix("--").partition("=")[0] for option in spawner.args}
    assert "LanguageServerManager.autodetect" in names
    assert "MappingKernelManager.cull_idle_timeout" in names
    for kind in (KernelManager, MappingKernelManager):  # which ignore a misspelt option
        given = {name.partition(".")[2] for name in names if name.startswith(f"{kind.__name__}.")}
        assert given and given <= set(kind.class_traits(config=True))


@pytest.mark.parametrize("lay", ['import sys; from gdlesson.cli import main; main(["lay"])', "1/0"])
def test_a_learners_server_starts_after_the_lessons_are_laid(lay, settings, tmp_path):
    programs, home = tmp_path / "hub" / "bin", tmp_path / "home"
    programs.mkdir(parents=True)
    home.mkdir()
    for name, code in (
        ("gdlesson", f"#!{sys.executable}\n{lay}\n"),
        ("jupyterhub-singleuser", '#!/bin/sh\necho "$JUPYTER_RUNTIME_DIR|$*"\n'),
    ):
        (programs / name).write_text(code)
        (programs / name).chmod(0o755)
    done = subprocess.run(
        [*settings.Spawner.cmd, "--port=1", "two words"],
        cwd=home,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    folder, _, arguments = done.stdout.strip().splitlines()[-1].partition("|")
    assert arguments == "--port=1 two words"
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700  # no other learner reads its sockets
    assert (home / "notebooks" / "00-start-here.ipynb").is_file() == (lay != "1/0")


def test_sockets_of_kernels_have_names_that_are_short_enough():
    made = subprocess.run(
        ["mktemp", "-d"], env={"PATH": os.defpath}, capture_output=True, text=True, check=True
    ).stdout.strip()
    os.rmdir(made)
    number = "148c4de2-c053-4ceb-b002-080ecc6c5722"
    assert len(f"{made}/kernel-{number}-ipc-1000") <= 107
