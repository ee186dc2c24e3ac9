"""What a learner has predicted, answered and passed, in a small file next to their notebooks.

The file is written in a learner's notebook kernel only, and nothing is sent anywhere. Whatever
goes wrong with it, a lesson goes on: `why_not` says in words what it was. Standard library only.
"""

import errno
import json
import os
import pathlib
import random
import shutil
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count

NAME = "gdlesson-progress.json"
LOCK = ".gdlesson-progress.lock"
VERSION = "v1"  # the key of this format; what other versions write under theirs is left alone
KINDS = {"prediction": "predictions", "question": "questions", "exercise": "exercises"}
ABOUT = (
    "Your progress in the gdlesson course. It is sent nowhere. Delete this file to start again; "
    "with the environment variable NO_PROGRESS nothing is recorded."
)
FIELDS = {"tries": int} | dict.fromkeys(
    ("status", "best", "first", "last", "mistake", "choice", "why"), str
)
RANKS = {"error": 0, "mistake": 1, "wrong": 1, "convention": 2, "passed": 3, "right": 3}
PATIENCE = 1.0  # seconds to wait for another kernel that is writing
PACKAGE = pathlib.Path(__file__).resolve().parent

listeners = []  # functions of (kind, name, status, details), called for every record

_waiting = []  # what could not be written yet
_one_thread = threading.Lock()
try:
    _started_in = pathlib.Path.cwd()  # a notebook may go elsewhere later
except OSError:
    _started_in = None

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:
    flock = None
try:
    from msvcrt import LK_NBLCK, locking
except ImportError:
    locking = None


def record(kind, name, status, **details):
    """Record how a prediction, question or exercise went; raises ValueError for another kind.

    details: texts such as mistake=…; None is no text. An exercise that is not yet written is
    no try, and is not written down.
    """
    if kind not in KINDS:
        raise ValueError(f"expected a kind of {', '.join(KINDS)}, got {kind!r}")
    for listener in listeners:
        listener(kind, name, status, details)
    folder = where()
    if folder is None or status == "not yet":
        return
    with _one_thread:
        patience = 0 if _waiting else PATIENCE  # a second is lost once, not at every check
        _waiting.append((kind, name, status, details, _now()))
        with suppress(Exception):  # whatever it is, it must not end a check
            save(folder, _waiting, patience)
            _waiting.clear()


def where():
    """The folder in which this kernel records progress, or None where nothing is recorded."""
    return None if _why_off() else _folder()


def why_not():
    """Why nothing can be recorded in this kernel, as the end of a sentence; None if it can."""
    if reason := _why_off():
        return reason
    folder = _folder()
    try:
        with _locked(folder, PATIENCE):
            _write(folder / f"{LOCK}.test", " " * 4096)
            (folder / f"{LOCK}.test").unlink()
    except TimeoutError as error:
        return str(error)
    except OSError as error:
        return f"the folder {folder} cannot be written to ({error.strerror or error})"


def unattended():
    """Whether tests run, and not a learner."""
    return _is_set("CI") or _is_set("PYTEST_CURRENT_TEST")


def load(place):
    """What is recorded in a folder, or in a file: {"exercises": {name: entry}, "questions": …}.

    An entry has status (of the last try) and best, tries (until it was passed; none for a
    prediction), first and last (UTC), and where they exist mistake, choice and why. Without a
    file there are no entries. Raises ValueError for a broken file, OSError for one that cannot
    be read.
    """
    place = pathlib.Path(place)
    version = _read(place / NAME if place.is_dir() else place).get(VERSION, {})
    return {kind: version.get(kind, {}) for kind in KINDS.values()}


def is_done(kind, entry):
    """Whether an entry, or None, is a prediction, a right answer or an exercise once passed."""
    return entry is not None and (kind == "prediction" or RANKS.get(entry.get("best")) == 3)


def set_aside(folder):
    """Names of the broken files that were set aside in a folder."""
    stem, ending = NAME.split(".")
    return sorted(path.name for path in pathlib.Path(folder).glob(f"{stem}-broken*.{ending}"))


def save(folder, events, patience=PATIENCE):
    """Add (kind, name, status, details, time) to the file in a folder, all at once.

    Raises TimeoutError if another kernel keeps it locked, OSError if it cannot be written.
    """
    with _locked(folder, patience):
        path = (folder / NAME).resolve()
        try:
            data = _read(path)
        except ValueError as error:
            name = _set_aside(path)
            print(f"{NAME} {error}. It is now called {name}, and a new file was begun.")
            data = {}
        data.setdefault("about", ABOUT)
        version = data.setdefault(VERSION, {})
        for kind, name, status, details, now in events:
            entry = version.setdefault(KINDS[kind], {}).setdefault(name, {})
            _update(entry, kind, status, details, now)
        _write(path, json.dumps(data, indent=1, ensure_ascii=False, default=str) + "\n")


def _update(entry, kind, status, details, now):
    if kind != "prediction":
        entry.setdefault("tries", 0)
        entry["tries"] += not is_done(kind, entry)
        entry["best"] = max(entry.get("best", status), status, key=lambda s: RANKS.get(s, 0))
    entry["status"] = status
    entry |= {name: detail for name, detail in details.items() if detail is not None}
    entry["first"], entry["last"] = entry.get("first", now), now


def _why_off():
    if unattended():
        return "tests are running"
    if _is_set("NO_PROGRESS"):
        return "NO_PROGRESS is set"
    if getattr(_shell(), "kernel", None) is None:
        return "this is not a notebook"
    folder = _folder()
    if folder is None:
        return "the folder of this notebook no longer exists"
    if PACKAGE in (folder.resolve(), *folder.resolve().parents):
        return "this notebook is inside the installed package"


def _is_set(variable):
    return os.environ.get(variable, "").lower() not in ("", "0", "false", "no")


def _shell():
    """IPython's shell, without loading IPython where it is not."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if hasattr(ipython, "get_ipython") else None


def _folder():
    notebook = pathlib.Path(os.environ.get("JPY_SESSION_NAME", ""))  # Jupyter sets it
    in_place = notebook.is_absolute() and notebook.parent.is_dir()
    return notebook.parent if in_place else _started_in


def _now():
    return datetime.now(UTC).isoformat(timespec="seconds")


def _read(path):
    """All that a file holds, {} without one; ValueError says what is wrong with it."""
    if path.exists() and not path.is_file():
        raise ValueError("is not a file")
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError):
        raise ValueError("is not valid JSON") from None
    version = data.get(VERSION, {}) if isinstance(data, dict) else None
    tables = [version.get(k, {}) for k in KINDS.values()] if isinstance(version, dict) else [None]
    for table in tables:
        entries = table.values() if isinstance(table, dict) else [None]
        if not all(_is_entry(entry) for entry in entries):
            raise ValueError("does not have the form of such a file")
    return data


def _is_entry(entry):
    return isinstance(entry, dict) and all(
        isinstance(entry.get(name, kind()), kind) for name, kind in FIELDS.items()
    )


def _set_aside(path):
    """Give a broken file a free name, and return it."""
    for number in count(1):
        end = f"-{number}" if number > 1 else ""
        free = path.with_stem(f"{path.stem}-broken{end}")
        if not os.path.lexists(free):
            path.rename(free)
            return free.name


def _write(path, text):
    """Write a file so that at every moment it is the old one or the new one, whole."""
    for left_behind in path.parent.glob(f".{path.stem}-*.tmp"):  # by a kernel that was killed
        left_behind.unlink(missing_ok=True)
    temporary = path.with_name(f".{path.stem}-{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))  # half a character, as JSON has it
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        os.replace(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def _locked(folder, patience):
    """Hold the lock of a folder, so that two kernels do not write at once."""
    with open(folder / LOCK, "ab") as file:
        end = time.monotonic() + patience
        while not _lock(file):
            if time.monotonic() >= end:
                raise TimeoutError("another program does not release the lock on its file")
            time.sleep(random.uniform(0.001, 0.01))
        yield  # closing the file releases the lock


def _lock(file):
    """Whether the lock is ours now; a file system that has no locks is used without."""
    try:
        if flock:
            flock(file, LOCK_EX | LOCK_NB)
        elif locking:
            locking(file.fileno(), LK_NBLCK, 1)
    except OSError as error:
        return error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
    return True
