"""Start JupyterLab on the first lesson, or say in one sentence why it cannot start."""

import errno
import importlib.metadata
import itertools
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import webbrowser

from .distribute import FIRST

OLDEST = "4.4"  # JupyterLab's version that the package requires
TEXT_BROWSERS = {"elinks", "links", "links2", "lynx", "w3m"}  # they cannot show JupyterLab
# Read by JupyterLab besides the user's own configuration, in which nothing is written: it turns off
# the announcements, which ask whether to fetch news from another server.
CONFIGURATION = pathlib.Path(__file__).resolve().parent / "jupyter"


def obstacle(options):
    """A sentence that describes why JupyterLab cannot start with these options, or None."""
    return _old_jupyterlab() or _unwritable_home() or _occupied_port(options)


def start(root, options):
    """Run JupyterLab on the lessons in the folder `root` until it ends; return its exit code."""
    command = [
        sys.executable,
        "-P",  # otherwise a learner's random.py in the current folder takes the place of Python's
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        *_as_root(options),
        *_without_browser(options),
        *options,
    ]
    paths = [str(CONFIGURATION), os.environ.get("JUPYTER_CONFIG_PATH")]
    environment = os.environ | {"JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, paths))}
    sys.stdout.flush()
    return run(command, environment)


def run(command, environment):
    """Let JupyterLab take the place of this process, so that signals and Ctrl-C reach it alone."""
    if sys.platform != "win32":  # where the new process would run on without its terminal
        os.execve(command[0], command, environment)
    with subprocess.Popen(command, env=environment) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # JupyterLab has received it too, and asks whether to stop
                continue


def _value(options, *names):
    """The value of an option, given as --name=value or --name value; None where it is missing."""
    for option, following in itertools.pairwise([*options, None]):
        name, equals, value = option.partition("=")
        if name in names:
            return value if equals else following
    return None


def _old_jupyterlab():
    """A sentence with the command that updates JupyterLab, where it is missing or too old."""
    try:
        version = importlib.metadata.version("jupyterlab")
    except importlib.metadata.PackageNotFoundError:
        what, do = "This Python has no JupyterLab", "install it with"
    else:
        numbers = [int(number) for number in re.findall(r"\d+", version)[:2]]
        if numbers >= [int(number) for number in OLDEST.split(".")]:
            return None
        what = f"This Python has JupyterLab {version}, and the lessons need {OLDEST} or newer"
        do = "update it with"
    return f'{what}: {do} {sys.executable} -m pip install --upgrade "jupyterlab>={OLDEST},<5"'


def _unwritable_home():
    """A sentence that names the folder of JupyterLab's own files, where it cannot be written."""
    from jupyter_core.paths import jupyter_runtime_dir  # which JupyterLab needs

    folder = jupyter_runtime_dir()
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if os.access(folder, os.W_OK):
            return None
        reason = "Permission denied"
    except OSError as error:
        reason = error.strerror
    return (
        f"JupyterLab cannot write its own files to {folder} ({reason}): let the environment "
        "variable HOME name a folder in which you may write."
    )


def _occupied_port(options):
    """A sentence about the port that the user has named, where it cannot be used.

    Where none was named, JupyterLab takes the first free one from 8888 on.
    """
    port = _value(options, "--port", "--ServerApp.port")
    if port is None or not port.isdecimal() or not 0 < int(port) < 65536:
        return None  # JupyterLab explains what a port is
    address = _value(options, "--ip", "--ServerApp.ip") or "localhost"
    try:
        socket.create_server(("" if address == "*" else address, int(port))).close()
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):  # JupyterLab explains the others
            return (
                f"Port {port} cannot be used ({os.strerror(error.errno)}): name another one, or "
                "leave out --port, so that JupyterLab takes a free one."
            )
    return None


def _without_browser(options):
    """The options for a computer on which no browser can show JupyterLab."""
    named = ("--no-browser", "--browser", "--ServerApp.browser", "--ServerApp.open_browser")
    if any(option.partition("=")[0] in named for option in options) or _has_browser():
        return []
    print(
        "No browser was found on this computer: open the address that JupyterLab prints below, "
        "which contains a token, in a browser."
    )
    return ["--no-browser"]


def _has_browser():
    """Whether Python finds a browser with a window, in which JupyterLab will open."""
    try:
        name = getattr(webbrowser.get(), "name", "")
    except webbrowser.Error:
        return False
    # Debian's www-browser is a link to one of several browsers.
    return pathlib.Path(shutil.which(name) or name).resolve().name not in TEXT_BROWSERS


def _as_root(options):
    """The options JupyterLab needs to start as root, which it refuses by itself.

    It accepts connections from this computer only, unless the user names another address.
    """
    if getattr(os, "geteuid", lambda: None)() != 0:  # Windows has no such user
        return []
    if _value(options, "--ip", "--ServerApp.ip"):  # JupyterLab takes one address only
        print(
            "You are running JupyterLab as root: anyone who can reach that address and has its "
            "token can use it."
        )
        return ["--allow-root"]
    print(
        "You are running JupyterLab as root: it accepts connections from this computer only "
        "(--ip=ADDRESS changes this)."
    )
    return ["--allow-root", "--ServerApp.ip=127.0.0.1"]
