"""A JupyterLab that the `gdlesson` command started, in a process of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

CODE = "import sys; from gdlesson.cli import main; sys.exit(main(sys.argv[1:]))"
LESSON = "/api/contents/notebooks/00-start-here.ipynb?content=0"


@contextlib.contextmanager
def occupied_port():
    """A port of this computer that is in use."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def free_port():
    with occupied_port() as port:
        return port


@contextlib.contextmanager
def running(folder, *options, **environment):
    """A function that reads what the command has printed, while it and its JupyterLab run."""
    path = folder / "output.txt"
    with (
        path.open("w") as output,
        subprocess.Popen(
            [sys.executable, "-P", "-c", CODE, "--no-browser", *options],
            cwd=folder,
            env=os.environ | environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield path.read_text
        finally:
            if sys.platform == "win32":
                subprocess.call(["taskkill", "/F", "/T", "/PID", str(process.pid)])
            else:
                os.killpg(process.pid, signal.SIGKILL)


@contextlib.contextmanager
def server(folder, *options, **environment):
    """The address of a server that the command started on a free port."""
    port = free_port()
    with running(folder, f"--port={port}", *options, **environment):
        yield f"http://127.0.0.1:{port}"


def first_result(attempt, what):
    """The first result of `attempt` that is not None, tried for 30 seconds."""
    for _ in range(150):
        with contextlib.suppress(OSError):
            if (result := attempt()) is not None:
                return result
        time.sleep(0.2)
    return pytest.fail(f"no {what} within 30 seconds")


def status(address):
    """The status with which a server answers."""
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
