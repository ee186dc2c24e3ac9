"""Progress: what is written next to a learner's notebooks, when, and that nothing is ever lost."""

import errno
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import nbformat
import pytest

from gdlesson import progress
from gdlesson.exercises import check

NOW = "2025-03-01T10:00:00+00:00"
SWITCHES = ("CI", "PYTEST_CURRENT_TEST", "NO_PROGRESS", "JPY_SESSION_NAME")


def passed(name, status="passed", kind="exercise", **details):
    return kind, name, status, details, NOW


def written(folder):
    return json.loads((folder / progress.NAME).read_text(encoding="utf-8"))


@pytest.fixture
def kernel(monkeypatch, tmp_path):
    """A folder in which `record` writes, as in a learner's kernel."""
    for name in SWITCHES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(progress, "_shell", lambda: type("Shell", (), {"kernel": object()}))
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "03-step-size.ipynb"))
    monkeypatch.setattr(progress, "_waiting", [])
    monkeypatch.setattr(progress, "_is_set", lambda name: name in os.environ and name in SWITCHES)
    # pytest sets its own variable anew before each phase of a test
    monkeypatch.setattr(progress, "unattended", lambda: progress._is_set("CI"))
    return tmp_path


def test_an_exercise_is_described_by_its_tries_and_remains_passed(tmp_path):
    times = [f"2025-03-01T10:00:0{i}+00:00" for i in range(4)]
    story = [("mistake", "uphill"), ("passed", None), ("error", "NameError"), ("passed", None)]
    for (status, mistake), now in zip(story, times, strict=True):
        progress.save(tmp_path, [("exercise", "gd_step", status, {"mistake": mistake}, now)])
    entry = progress.load(tmp_path)["exercises"]["gd_step"]
    assert entry == {
        "tries": 2,  # until it was passed
        "best": "passed",
        "status": "passed",
        "mistake": "NameError",
        "first": times[0],
        "last": times[3],
    }
    progress.save(tmp_path, [passed("gd_step", "error")])
    entry = progress.load(tmp_path)["exercises"]["gd_step"]
    assert (entry["status"], entry["best"]) == ("error", "passed")
    assert progress.is_done("exercise", entry)


@pytest.mark.parametrize(
    "statuses, best",
    [
        (["mistake", "error"], "mistake"),
        (["error", "mistake"], "mistake"),
        (["convention", "mistake"], "convention"),
        (["wrong", "right", "wrong"], "right"),
    ],
)
def test_the_best_result_counts(statuses, best, tmp_path):
    progress.save(tmp_path, [passed("x", status, "question") for status in statuses])
    entry = progress.load(tmp_path)["questions"]["x"]
    assert entry["best"] == best and entry["status"] == statuses[-1]
    assert progress.is_done("question", entry) == (best == "right")


def test_a_prediction_has_its_choice_and_reason(tmp_path):
    for choice, why in (("up", ""), ("down", "because “g” < 0\ud800")):
        progress.save(tmp_path, [passed("way", "right", "prediction", choice=choice, why=why)])
    entry = progress.load(tmp_path)["predictions"]["way"]
    assert entry == {
        "status": "right",
        "choice": "down",
        "why": "because “g” < 0\ud800",
        "first": NOW,
        "last": NOW,
    }
    assert "“g”" in (tmp_path / progress.NAME).read_text(encoding="utf-8")  # a person can read it
    assert progress.is_done("prediction", entry) and not progress.is_done("prediction", None)


def test_what_other_versions_and_people_wrote_survives(tmp_path):
    before = {
        "about": "my own words",
        "v2": {"exercises": [1, 2, {"x": None}]},
        "v1": {
            "badges": ["first"],
            "exercises": {"old": {"status": "unheard of", "colour": 3}, "f": {"tries": 4, "é": 1}},
        },
    }
    (tmp_path / progress.NAME).write_text("\ufeff" + json.dumps(before), encoding="utf-8")
    progress.save(tmp_path, [passed("f"), passed("old")])
    after = written(tmp_path)
    assert after["about"] == "my own words" and after["v2"] == before["v2"]
    assert after["v1"]["badges"] == ["first"] and after["v1"]["exercises"]["old"]["colour"] == 3
    assert after["v1"]["exercises"]["f"]["é"] == 1 and after["v1"]["exercises"]["f"]["tries"] == 5


BROKEN = [
    b"",
    b"{",
    b"\x00\xff\xfe",
    b"[]",
    b"3",
    b"null",
    b'{"v1": []}',
    b'{"v1": {"exercises": ["gd_step"]}}',
    b'{"v1": {"exercises": {"gd_step": true}}}',
    b'{"v1": {"exercises": {"gd_step": {"tries": "two"}}}}',
    b'{"v1": {"predictions": {"way": {"why": null}}}}',
    b"[" * 100_000,
    b"9" * 10_000,
]


@pytest.mark.parametrize("content", BROKEN, ids=lambda content: content[:30].decode("latin-1"))
def test_a_broken_file_is_set_aside_whole_and_its_name_is_printed_once(content, tmp_path, capsys):
    file = tmp_path / progress.NAME
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"^(is not|does not)"):
        progress.load(tmp_path)
    assert file.read_bytes() == content  # reading changes nothing
    progress.save(tmp_path, [passed("gd_step")])
    (name,) = progress.set_aside(tmp_path)
    assert name == "gdlesson-progress-broken.json"
    assert (tmp_path / name).read_bytes() == content
    assert progress.is_done("exercise", progress.load(tmp_path)["exercises"]["gd_step"])
    text = capsys.readouterr().out
    assert name in text and text.count("\n") == 1 and text.endswith(".\n")
    progress.save(tmp_path, [passed("gd_step")])
    assert capsys.readouterr().out == ""


def test_nothing_that_has_the_name_of_a_broken_file_is_overwritten(tmp_path, capsys):
    for name in ("gdlesson-progress-broken.json", "gdlesson-progress-broken-2.json"):
        (tmp_path / name).write_text("earlier")
    (tmp_path / progress.NAME).mkdir()  # a folder of that name
    (tmp_path / progress.NAME / "inside").write_text("kept")
    progress.save(tmp_path, [passed("gd_step")])
    assert (tmp_path / "gdlesson-progress-broken-3.json" / "inside").read_text() == "kept"
    assert (tmp_path / "gdlesson-progress-broken.json").read_text() == "earlier"
    assert "-broken-3.json" in capsys.readouterr().out
    assert written(tmp_path)["v1"]["exercises"]["gd_step"]["best"] == "passed"


def test_a_link_remains_a_link_and_a_mode_remains(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    try:
        (tmp_path / progress.NAME).symlink_to(elsewhere / "my.json")
    except OSError:
        pytest.skip("this user may not make links")
    progress.save(tmp_path, [passed("gd_step")])
    (elsewhere / "my.json").chmod(0o640)
    progress.save(tmp_path, [passed("derivative")])
    assert (tmp_path / progress.NAME).is_symlink()
    assert len(progress.load(tmp_path)["exercises"]) == 2
    if sys.platform != "win32":
        assert (elsewhere / "my.json").stat().st_mode & 0o777 == 0o640


WRITER = """\
import sys, pathlib
from gdlesson import progress
folder, me = pathlib.Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
for i in range(int(sys.argv[3])):
    progress.save(folder, [("exercise", f"{me}-{i}", "passed", {}, "now")], patience=20)
    progress.save(folder, [("exercise", "shared", "mistake", {}, "now")], patience=20)
"""


def process_of(code, *arguments):
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_processes_that_write_at_once_lose_nothing(tmp_path):
    processes = [process_of(WRITER, tmp_path, me, 30) for me in range(4)]
    for process in processes:
        process.stdout.readline()
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    exercises = progress.load(tmp_path)["exercises"]
    assert exercises["shared"]["tries"] == 4 * 30 and len(exercises) == 4 * 30 + 1
    assert sorted(p.name for p in tmp_path.iterdir()) == [progress.LOCK, progress.NAME]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 on Windows")
def test_a_process_killed_in_the_middle_leaves_a_whole_file(tmp_path):
    seen = 0
    for round_ in range(6):
        process = process_of(WRITER, tmp_path, f"killed{round_}", 100_000)
        process.stdout.readline()
        process.stdin.write("\n")
        process.stdin.flush()
        time.sleep(0.05 + 0.013 * round_)
        process.kill()
        process.communicate()
        before, seen = seen, len(progress.load(tmp_path)["exercises"])
        assert seen > before
    progress.save(tmp_path, [passed("after")])  # the lock and the temporary file are free again
    assert len(progress.load(tmp_path)["exercises"]) == seen + 1
    assert sorted(p.name for p in tmp_path.iterdir()) == [progress.LOCK, progress.NAME]


def test_a_lock_that_is_not_released_costs_a_second_once_and_no_entry(kernel):
    code = (
        "import sys, time, pathlib\nfrom gdlesson import progress\n"
        "with progress._locked(pathlib.Path(sys.argv[1]), 1):\n"
        "    print('held', flush=True)\n    sys.stdin.readline()"
    )
    holder = process_of(code, kernel)
    assert holder.stdout.readline() == "held\n"
    start = time.perf_counter()
    for name in ("one", "two", "three"):
        progress.record("exercise", name, "passed")
    assert 0.9 < time.perf_counter() - start < 2.5
    assert not (kernel / progress.NAME).exists()
    assert progress.why_not() == "another program does not release the lock on its file"
    holder.communicate("\n")
    assert progress.why_not() is None
    progress.record("exercise", "four", "passed")
    assert list(progress.load(kernel)["exercises"]) == ["one", "two", "three", "four"]


def test_a_file_system_without_locks_is_used_all_the_same(kernel, monkeypatch):
    def none(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(progress, "flock", none)
    monkeypatch.setattr(progress, "locking", none)
    progress.record("exercise", "one", "passed")
    assert "one" in progress.load(kernel)["exercises"]


def unwritable(tmp_path):
    """Folders in which nobody can write, the user root included."""
    if pathlib.Path("/proc/self").is_dir():
        yield pathlib.Path("/proc")
    if hasattr(os, "geteuid") and os.geteuid() != 0:
        folder = tmp_path / "read-only"
        folder.mkdir()
        folder.chmod(0o500)
        yield folder


def test_where_nothing_can_be_written_there_is_no_error_and_a_reason(kernel, monkeypatch, capsys):
    folders = list(unwritable(kernel))
    if not folders:
        pytest.skip("this user may write everywhere")
    for folder in folders:
        monkeypatch.setenv("JPY_SESSION_NAME", str(folder / "03-step-size.ipynb"))
        monkeypatch.setattr(progress, "_waiting", [])
        start = time.perf_counter()
        progress.record("exercise", "one", "passed")
        assert time.perf_counter() - start < 0.5
        assert progress.why_not().startswith(f"the folder {folder} cannot be written to (")
    assert capsys.readouterr().out == ""


def test_a_full_disk_leaves_the_old_file_and_loses_nothing(kernel, monkeypatch):
    progress.record("exercise", "before", "passed")
    old = (kernel / progress.NAME).read_bytes()

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(progress.os, "fsync", full)
        progress.record("exercise", "meanwhile", "passed")
        assert "No space left on device" in progress.why_not()
    assert (kernel / progress.NAME).read_bytes() == old
    progress.record("exercise", "after", "passed")
    assert list(progress.load(kernel)["exercises"]) == ["before", "meanwhile", "after"]
    assert not list(kernel.glob("*.tmp"))


def test_a_file_that_may_not_be_read_is_left_alone(kernel, monkeypatch):
    (kernel / progress.NAME).write_text("{}")

    def denied(_):
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as locked:
        locked.setattr(progress.pathlib.Path, "read_bytes", denied)
        progress.record("exercise", "one", "passed")
    assert (kernel / progress.NAME).read_text() == "{}" and progress.set_aside(kernel) == []


def test_threads_of_one_kernel_do_not_disturb_each_other(kernel):
    def work(me):
        for i in range(10):
            progress.record("exercise", f"{me}-{i}", "passed")

    threads = [threading.Thread(target=work, args=(me,)) for me in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(progress.load(kernel)["exercises"]) == 40


def test_listeners_hear_of_everything_whether_or_not_it_is_written(monkeypatch):
    heard = []
    monkeypatch.setattr(progress, "listeners", [lambda *what: heard.append(what)])

    def gd_step(w, g, lr):
        return w + lr * g

    feedback = check(gd_step)
    progress.record("exercise", "gd_step", "not yet")
    assert heard[0] == ("exercise", "gd_step", "mistake", {"mistake": feedback.mistake})
    assert heard[1] == ("exercise", "gd_step", "not yet", {})
    assert progress.where() is None and progress.why_not() == "tests are running"
    with pytest.raises(ValueError, match="expected a kind of prediction, question, exercise"):
        progress.record("examination", "gd_step", "passed")


def test_what_is_not_written_yet_is_no_try(kernel):
    progress.record("exercise", "gd_step", "not yet")
    assert list(kernel.iterdir()) == []


def test_where_it_records_and_where_not(kernel, monkeypatch, tmp_path_factory):
    assert progress.where() == kernel
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(elsewhere)
    assert progress.where() == kernel
    monkeypatch.setenv("JPY_SESSION_NAME", str(kernel / "gone" / "03-step-size.ipynb"))
    monkeypatch.setattr(progress, "_started_in", elsewhere)
    monkeypatch.chdir(kernel)
    assert progress.where() == elsewhere
    monkeypatch.setenv("JPY_SESSION_NAME", "03-step-size.ipynb")  # no path
    assert progress.where() == elsewhere
    monkeypatch.setattr(progress, "_started_in", None)
    assert progress.why_not() == "the folder of this notebook no longer exists"
    monkeypatch.setenv("JPY_SESSION_NAME", str(progress.PACKAGE / "data" / "x.ipynb"))
    assert progress.why_not() == "this notebook is inside the installed package"
    monkeypatch.setenv("JPY_SESSION_NAME", str(kernel / "x.ipynb"))
    assert progress.where() == kernel
    monkeypatch.setenv("NO_PROGRESS", "1")
    assert progress.where() is None and progress.why_not() == "NO_PROGRESS is set"
    monkeypatch.delenv("NO_PROGRESS")
    monkeypatch.setattr(progress, "_shell", lambda: None)
    assert progress.where() is None and progress.why_not() == "this is not a notebook"


@pytest.mark.parametrize("value, off", [("1", True), ("true", True), ("", False), ("0", False)])
def test_a_variable_set_to_nothing_switches_nothing_off(value, off, monkeypatch):
    monkeypatch.setenv("NO_PROGRESS", value)
    assert progress._is_set("NO_PROGRESS") == off


CELL = """\
import os
os.makedirs("elsewhere", exist_ok=True)
import gdlesson
os.chdir("elsewhere")
def derivative(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)
gdlesson.check(derivative)
"""


def kernel_of(folder, name, code, **environment):
    """A process that runs a cell in a real kernel, without the variables set by tests."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbformat.write(notebook, folder / name)
    others = {name: value for name, value in os.environ.items() if name not in SWITCHES}
    command = [sys.executable, "-m", "jupyter", "execute", "--inplace", str(folder / name)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env=others | environment, **quiet)


def run_in_a_kernel(folder, **environment):
    """Run a check in a real kernel; returns the feedback."""
    with kernel_of(folder, "check.ipynb", CELL, **environment) as process:
        assert process.wait(60) == 0
    return nbformat.read(folder / "check.ipynb", 4).cells[0].outputs[-1].data["text/plain"]


def test_a_real_kernel_records_in_the_folder_it_started_in(tmp_path):
    assert run_in_a_kernel(tmp_path).startswith("Passed")
    assert progress.load(tmp_path)["exercises"]["derivative"]["best"] == "passed"
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("variable", ["NO_PROGRESS", "CI", "PYTEST_CURRENT_TEST"])
def test_a_real_kernel_records_nothing_when_switched_off(variable, tmp_path):
    assert run_in_a_kernel(tmp_path, **{variable: "1"}).startswith("Passed")
    assert {path.name for path in tmp_path.iterdir()} == {"elsewhere", "check.ipynb"}


def test_rerunning_the_notebooks_records_nothing(tmp_path):
    cell = nbformat.v4.new_code_cell("from gdlesson import progress\nprogress.where()")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "rerun.ipynb")
    others = {name: value for name, value in os.environ.items() if name not in SWITCHES}
    command = [
        sys.executable,
        "-c",
        "import sys; from gdlesson.cli import main; main(sys.argv[1:])",
    ]
    command += ["rerun", str(tmp_path / "rerun.ipynb")]
    subprocess.run(command, env=others, check=True, capture_output=True)
    assert nbformat.read(tmp_path / "rerun.ipynb", 4).cells[0].outputs == []  # None


def test_two_real_kernels_at_once_lose_nothing(tmp_path):
    code = (
        "from gdlesson.progress import record\n"
        "for i in range(40): record('question', f'{}-{{i}}', 'passed')"
    )
    processes = [kernel_of(tmp_path, f"{me}.ipynb", code.format(me)) for me in "ab"]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert len(progress.load(tmp_path)["questions"]) == 80
