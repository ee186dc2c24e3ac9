"""Grade one notebook in a process of its own, with limits. Standard library only."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress

NOT_GRADED, NOTHING = "not graded", "nothing to grade"  # statuses of a whole notebook
PROCESSES = 50  # that one notebook may have at a time, where they can be counted
MARK = "GDLESSON_GRADING"  # the environment variable that all of a notebook's processes inherit
MOST = 10_000_000  # characters of results
START = """
import json, sys
try:
    from gdlesson.grading.worker import main
except Exception as error:
    why = f"the grading could not start ({type(error).__name__}: {error})"
    with open(sys.argv[2], "a") as results:
        print(json.dumps({"reason": why}), file=results)
else:
    main(*sys.argv[1:])
"""
PACKAGE = pathlib.Path(__file__).resolve().parent.parent


class Run:
    """The grading of one notebook: a process, and what it writes to its file of results."""

    def __init__(self, path, seconds, memory):
        self.path, self.seconds = path, seconds
        self.reason = self.process = None
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gdlesson-grade-"))
        self.results = (self.folder / "results").open("w+", encoding="ascii", errors="replace")
        try:
            copy = self.folder / "notebook" / path.name
            copy.parent.mkdir()
            if not path.exists():
                self.reason = "there is no such file"
            elif not path.is_file():
                self.reason = "it is not a file"
            else:
                shutil.copyfile(path, copy)
                self.start(copy, memory)
        except OSError as error:
            self.reason = f"it cannot be read ({error.strerror or error})"

    def start(self, copy, memory):
        """Start the process in the folder of the copy, where it finds nothing else."""
        arguments = [copy.name, self.results.name, str(self.seconds), str(memory)]
        scratch = self.folder / "scratch"
        scratch.mkdir()
        environment = os.environ | {
            MARK: str(self.folder),
            "NO_PROGRESS": "1",
            "MPLBACKEND": "Agg",
            "IPYTHONDIR": str(scratch),
            "TMPDIR": str(scratch),
            "PYTHONPATH": os.pathsep.join(
                filter(None, (str(PACKAGE.parent), os.environ.get("PYTHONPATH")))
            ),
            # Threads of BLAS would each reserve memory.
            **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
            # `%pip install` in a notebook must not change what is installed here.
            **dict.fromkeys(("PIP_DRY_RUN", "PIP_NO_INDEX"), "1"),
        }
        self.since = self.looked = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, *arguments],
            cwd=copy.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # endless output takes no memory
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def has_ended(self):
        """Whether the grading is over, be it because a limit is passed."""
        if self.process is None or self.process.poll() is not None:
            return True
        now = time.monotonic()
        if now - self.since > self.seconds:
            self.reason = f"it did not end within {self.seconds:g} seconds"
        elif now - self.looked > 0.25:
            self.looked = now
            if len(self.processes()) > PROCESSES:
                self.reason = f"it started more than {PROCESSES} processes"
        return self.reason is not None

    def processes(self):
        """The ids of all processes that the notebook has started, on Linux."""
        mark, found = f"{MARK}={self.folder}\0".encode(), []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # ended, or another user's
                if mark in (process / "environ").read_bytes():
                    found.append(int(process.name))
        return found

    def end(self):
        """End all processes of the notebook, and remove its temporary files."""
        if self.process is not None:
            self.kill()
            self.process.wait()
        self.results.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self):
        if not hasattr(os, "killpg"):  # Windows
            end = ["taskkill", "/F", "/T", "/PID", str(self.process.pid)]
            subprocess.run(end, capture_output=True, check=False)
            return
        for _ in range(20):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            left = self.processes()
            for process in left:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(process, signal.SIGKILL)
            if not left:
                return
            time.sleep(0.01)

    def rows(self):
        """End it, and return its rows: kind, name, status, mistake, message."""
        try:
            self.results.seek(0)
            lines = [json.loads(line) for line in self.results.read(MOST).splitlines()]
            graded = [tuple(map(_text, line["row"])) for line in lines if "row" in line]
            places = [_text(line["at"]) for line in lines if "at" in line]
            reasons = [_text(line["reason"]) for line in lines if "reason" in line]
            if not all(len(row) == 5 for row in graded):
                raise ValueError("expected five values in a row")
        except (KeyError, RecursionError, TypeError, ValueError):  # forged, or cut off
            lines, graded, places, reasons = [], [], [], ["its results cannot be read"]
        finally:
            self.end()
        if not (self.reason or reasons) and (
            lines[-1:] != [{"end": True}] or self.process.returncode
        ):
            reasons = [self.death()]
        if self.reason or reasons:
            return [("", "", NOT_GRADED, "", " ".join([self.reason or reasons[0], *places[-1:]]))]
        nothing = "it has no exercise and no question of the course"
        return graded or [("", "", NOTHING, "", nothing)]

    def death(self):
        """How the process ended, where it should not have."""
        code = self.process.returncode
        if code >= 0:
            return f"its process ended with exit code {code}"
        names = {number.value: number.name for number in signal.Signals}
        name = names.get(-code, f"signal {-code}")
        if name == "SIGXCPU":
            return f"it computed for more than {self.seconds:g} seconds"
        why = {"SIGKILL": ", perhaps because memory ran out", "SIGSEGV": " (a crash)"}
        return f"its process was ended by {name}{why.get(name, '')}"


def _text(value):
    if not isinstance(value, str):
        raise TypeError("expected a text")
    return value
