"""A JupyterLab server and a Chromium page for the browser tests and benchmarks."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid

from gdlesson.starting import CONFIGURATION

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
)


def chromium():
    """Path of an installed Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextlib.contextmanager
def jupyter_lab(root, module="jupyterlab"):
    """The address of a JupyterLab (or "notebook") that serves `root`, without a user's settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tempfile.mkdtemp()
    private = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTERLAB_SETTINGS_DIR", "IPYTHONDIR")
    environment = os.environ | dict.fromkeys(private, home)
    environment |= {"JUPYTER_CONFIG_PATH": str(CONFIGURATION)}  # as `gdlesson` starts it
    command = [
        sys.executable,
        "-m",
        module,
        "--no-browser",
        "--allow-root",
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={root}",
        "--IdentityProvider.token=",
        "--ServerApp.disable_check_xsrf=True",  # for `stop_kernels`
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, env=environment, **quiet)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(home, ignore_errors=True)


def _wait_for(address, server, seconds=90):
    for _ in range(5 * seconds):
        if server.poll() is not None:
            raise RuntimeError(f"the server stopped with exit code {server.returncode}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/api", timeout=2):
            return
        time.sleep(0.2)
    raise RuntimeError(f"the server did not answer within {seconds} seconds")


def _sessions(address):
    with urllib.request.urlopen(f"{address}/api/sessions") as answer:
        return json.load(answer)


def stop_kernels(address):
    """Stop every kernel of a server, so that the next notebook to open gets a new one."""
    for session in _sessions(address):
        url = f"{address}/api/sessions/{session['id']}"
        urllib.request.urlopen(urllib.request.Request(url, method="DELETE")).close()


@contextlib.contextmanager
def browser_page(width=1280, height=900, **options):
    """A page in a fresh Chromium with a fresh profile."""
    from playwright.sync_api import sync_playwright

    root = getattr(os, "geteuid", lambda: 1)() == 0  # a sandbox needs an ordinary user
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        sync_playwright() as pw,
    ):
        context = pw.chromium.launch_persistent_context(
            profile,
            executable_path=chromium(),
            args=[*OPTIONS, *(["--no-sandbox"] if root else [])],
            viewport={"width": width, "height": height},
            **options,
        )
        context.set_default_timeout(15_000)
        try:
            yield context.pages[0]
        finally:
            context.close()


def open_notebook(page, address, name):
    """Open a notebook, alone in a workspace of its own, and wait until its kernel is there."""
    page.goto(f"{address}/lab/workspaces/{uuid.uuid4().hex}/tree/{name}")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    # The page calls a kernel idle before it is connected, and drops what it is asked to run then.
    for _ in range(300):
        kernels = [each["kernel"] for each in _sessions(address) if each["path"] == name]
        if any(k["connections"] and k["execution_state"] == "idle" for k in kernels):
            break
        page.wait_for_timeout(200)
    page.wait_for_timeout(500)
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=60_000)


def open_and_run(page, address, name, ready):
    """Open a notebook, run all its cells, and wait for what `ready` selects."""
    open_notebook(page, address, name)
    page.click('.lm-MenuBar-itemLabel:text-is("Run")')
    page.click('.lm-Menu-itemLabel:text-is("Run All Cells")')
    page.wait_for_selector(ready, timeout=60_000)


def write(page, cell, text):
    """Replace the text of a cell, and run it."""
    editor = cell.locator(".cm-content").first
    editor.scroll_into_view_if_needed()
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)
    page.keyboard.press("Shift+Enter")


def settle(page, picture=None):
    """Wait until a picture, by default the first one, has been the same for half a second."""
    page.evaluate("window.since = performance.now()")
    page.wait_for_function(
        """(picture) => {
            const { frames } = (picture ?? document.querySelector(".gdl")).dataset;
            if (window.lastFrames !== frames) {
                [window.lastFrames, window.since] = [frames, performance.now()];
            }
            return performance.now() - window.since > 500;
        }""",
        arg=picture and picture.element_handle(),
    )


def answered(page, action):
    """Do what changes the first picture; wait until it has changed and come to rest."""
    frames = page.locator(".gdl").first.get_attribute("data-frames")
    action()
    page.wait_for_function(
        "was => document.querySelector('.gdl').dataset.frames !== was", arg=frames
    )
    settle(page)


def drag(page, place, dx, dy):
    """Press the mouse on what a locator finds, move it by so many pixels, let go."""
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=12)
    page.mouse.up()
