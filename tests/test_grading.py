"""`gdlesson grade`: every handed-in notebook is graded, or is one row that says why not."""

import contextlib
import pathlib
import tempfile
import time

import nbformat
import pytest
from handed_in import GRADED, HARMLESS, NOT_GRADED, ODD, RIGHT, notebook

from gdlesson import cli, questions
from gdlesson.grading.handins import COLUMNS, grade, notebooks
from gdlesson.tables import read_csv

SECONDS = 20  # on a computer that does other things as well
LINUX = pathlib.Path("/proc/self/environ").exists()


def hand_in(folder, handed_in):
    """Write notebooks, one learner's folder each; returns their paths by learner."""
    paths = {}
    for learner, text in handed_in.items():
        path = folder / learner / "02-one-step.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        paths[learner] = path
    return paths


def results(rows, learner):
    """A learner's rows: (name, status, mistake)."""
    own = [row for row in rows if row["learner"] == learner]
    return [(row["name"], row["status"], row["mistake"]) for row in own]


def assert_graded(rows, learner, expected):
    if not expected:
        assert results(rows, learner) == [("", "nothing to grade", "")]
    else:
        assert results(rows, learner) == expected, learner


def assert_not_graded(rows, learner, reason, seconds=SECONDS):
    (row,) = (row for row in rows if row["learner"] == learner)
    assert (row["name"], row["status"]) == ("", "not graded"), learner
    assert row["message"].startswith(reason.format(seconds=seconds)), learner


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder for temporary files, which must be empty in the end, with no process left."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    mark, left = f"GDLESSON_GRADING={folder}".encode(), []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # ended, or another user's
            left += [process.name] * (mark in (process / "environ").read_bytes())
    assert left == list(folder.iterdir()) == []


def test_ten_notebooks_are_graded_whatever_is_among_them(tmp_path, temporary):
    good = {name: GRADED[name] for name in ("right", "uphill", "unwritten", "syntax", "magics")}
    good["changes the check"] = HARMLESS["changes the check"]
    broken = {name: NOT_GRADED[name] for name in ("exits", "kills itself", "is no notebook")}
    broken["never ends"] = NOT_GRADED["never ends"]
    texts = {name: text for name, (text, _) in (good | broken).items()}
    paths = hand_in(tmp_path, texts)
    rows = grade(paths.values(), seconds=6)
    for learner, (_, expected) in good.items():
        assert_graded(rows, learner, expected)
    for learner, (_, reason) in broken.items():
        assert_not_graded(rows, learner, reason, seconds=6)
    assert list(dict.fromkeys(row["learner"] for row in rows)) == list(texts)  # in their order
    for learner, path in paths.items():  # what was handed in is as it was, and nothing is added
        assert path.read_text(encoding="utf-8") == texts[learner]
        assert list(path.parent.iterdir()) == [path]


@pytest.mark.slow
@pytest.mark.skipif(not LINUX, reason="processes are counted on Linux only")
def test_a_hundred_notebooks_of_which_ten_are_hostile(tmp_path, temporary, capsys):
    good = {f"{name} {number}": GRADED[name] for number in range(10) for name in GRADED}
    hostile = HARMLESS | NOT_GRADED
    assert (len(good), len(hostile)) == (90, 10)
    texts = {name: text for name, (text, _) in (good | hostile).items()}
    texts = {name: texts[name] for name in sorted(texts)}
    resource = pytest.importorskip("resource")
    paths = hand_in(tmp_path / "class", texts)
    table = tmp_path / "class.csv"
    before, since = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    options = ["--csv", str(table), "--seconds", str(SECONDS)]
    code = cli.main(["grade", str(tmp_path / "class"), *options])
    seconds = time.monotonic() - since
    last = capsys.readouterr().out.splitlines()[-1]
    assert code == 1
    rows = read_csv(table, COLUMNS)
    for learner, (_, expected) in (good | HARMLESS).items():
        assert_graded(rows, learner, expected)
    for learner, (_, reason) in NOT_GRADED.items():
        assert_not_graded(rows, learner, reason)
    assert {row["learner"] for row in rows} == set(texts)
    assert last == (
        "95 of 100 notebooks graded; 33 passed; 21 mistake; 21 error; 20 not yet; 10 convention."
    )
    assert all(path.read_text(encoding="utf-8") == texts[name] for name, path in paths.items())
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 50_000  # kilobytes: none of what they printed
    with capsys.disabled():
        print(f"\n{seconds:.0f} s for 100 notebooks, {grown / 1000:.0f} MB more")


@pytest.mark.slow
@pytest.mark.skipif(not LINUX, reason="processes are counted on Linux only")
def test_the_oddest_files_are_one_row_each(tmp_path, temporary):
    paths = hand_in(tmp_path, {name: text for name, (text, _) in ODD.items()})
    (tmp_path / "folder").mkdir()
    others = [tmp_path / "missing" / "x.ipynb", tmp_path / "folder"]
    rows = grade([*paths.values(), *others], seconds=SECONDS)
    for learner, (_, reason) in ODD.items():
        assert_not_graded(rows, learner, reason)
    assert_not_graded(rows, "missing/x", "there is no such file")
    assert_not_graded(rows, "folder", "it is not a file")


@pytest.mark.skipif(not LINUX, reason="memory is limited on Linux only")
def test_a_notebook_that_fills_its_memory_is_one_row(tmp_path):
    path = tmp_path / "full.ipynb"
    path.write_text(notebook("x = []\nwhile True:\n    x.append([1])", RIGHT), encoding="utf-8")
    reason = "it needs more memory than it may have in code cell 1, which begins with 'x = []'"
    assert_not_graded(grade([path], memory=600), "full", reason)
    path.write_text(
        notebook("x = bytearray(10**12)", RIGHT), encoding="utf-8"
    )  # more than there is
    assert_graded(grade([path], memory=600), "full", [("gd_step", "passed", "")])


def test_questions_are_judged_again_from_what_was_typed_or_saved(tmp_path):
    number = questions.catalogue()["second_limit"].pose(1)
    right, (misconception, wrong, _) = number.answer, number.wrong[0]
    saved = [
        {"question": "test_02_length", "seed": 3, "reply": "1"},
        {"question": "test_01_direction"},
        {"question": "other_start", "seed": "seven", "reply": "a"},
        {"question": "no_such_question", "seed": 1, "reply": "1"},
        "of another program",
    ]
    outputs = [
        {"output_type": "display_data", "data": {}, "metadata": {"gdlesson": about}}
        for about in saved
    ]
    import_ask = "from gdlesson import ask"
    text = notebook(
        import_ask,
        f"ask('second_limit', seed=1, answer={right!r})",
        "ask('order_of_step_sizes')",
        "# ask('halved_slopes')\nask(\n    'test_12_sampling', feedback=False)",
        outputs=outputs,
    )
    other = notebook(
        import_ask,
        f"ask('second_limit', seed=1, answer='{wrong!r}')",
        "ask('test_02_length', seed=2, answer='1', feedback=False)",
    )
    paths = hand_in(tmp_path, {"saved": text, "typed": other})
    rows = grade(paths.values())
    assert {row["kind"] for row in rows} == {"question"}
    assert results(rows, "saved") == [
        ("second_limit", "passed", ""),
        ("order_of_step_sizes", "not answered", ""),
        ("test_12_sampling", "not answered", ""),
        ("test_02_length", "mistake", "the step size alone is the length"),
        ("test_01_direction", "not answered", ""),
        ("other_start", "error", ""),
        ("no_such_question", "error", ""),
    ]
    assert results(rows, "typed") == [
        ("second_limit", "mistake", misconception),
        ("test_02_length", "mistake", "the step size alone is the length"),
    ]


def test_a_notebook_in_the_third_format_is_upgraded(tmp_path):
    cell = nbformat.v3.new_code_cell(input=RIGHT)
    old = nbformat.v3.new_notebook(worksheets=[nbformat.v3.new_worksheet(cells=[cell])])
    path = tmp_path / "old.ipynb"
    path.write_text(nbformat.v3.writes_json(old), encoding="utf-8")
    assert results(grade([path]), "old") == [("gd_step", "passed", "")]


def test_an_interrupted_grading_has_a_row_for_every_notebook(tmp_path, temporary):
    paths = hand_in(tmp_path, dict.fromkeys("abc", GRADED["right"][0]))

    def interrupt(done, total):
        assert (done, total) == (1, 3)
        raise KeyboardInterrupt

    rows = grade(paths.values(), jobs=1, report=interrupt)
    assert results(rows, "a") == [("gd_step", "passed", "")]
    assert_not_graded(rows, "b", "the grading was stopped before it was finished")
    assert_not_graded(rows, "c", "the grading was stopped before it was finished")


def test_the_command_writes_a_table_and_says_by_its_exit_code_whether_all_were_graded(
    tmp_path, capsys
):
    texts = {"=ana": GRADED["uphill"][0], "ben": GRADED["unwritten"][0]}
    hand_in(tmp_path / "class", texts)
    table = tmp_path / "class.csv"
    assert cli.main(["grade", str(tmp_path / "class"), "--csv", str(table)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "learner  name     status   mistake",
        "=ana     gd_step  mistake  uphill",
        "ben      gd_step  not yet",
        "2 of 2 notebooks graded; 1 mistake; 1 not yet.",
    ]
    first, second = read_csv(table, COLUMNS)
    assert first["learner"] == "'=ana"  # no spreadsheet runs it
    assert first["lesson"] == second["lesson"] == "02-one-step"
    assert first["message"].startswith("Your step goes uphill.")
    assert cli.main(["grade", str(tmp_path / "missing.ipynb")]) == 1
    assert "missing.ipynb: there is no such file." in capsys.readouterr().out


def test_the_command_refuses_what_it_cannot_do_before_it_grades(tmp_path, capsys):
    essay = tmp_path / "essay.csv"
    essay.write_text("Dear teacher")
    paths = hand_in(tmp_path / "class", {"a": GRADED["right"][0]})
    assert cli.main(["grade", str(paths["a"]), "--csv", str(essay)]) == 2
    assert "exists and is another kind of file" in capsys.readouterr().out
    assert essay.read_text() == "Dear teacher"
    (tmp_path / "empty").mkdir()
    assert cli.main(["grade", str(tmp_path / "empty")]) == 2
    assert "there is no notebook (*.ipynb) in the folder" in capsys.readouterr().out
    for arguments in ([], ["x.ipynb", "--seconds", "0"], ["x.ipynb", "--memory", "much"]):
        assert cli.main(["grade", *arguments]) == 2
        assert "gdlesson grade: error:" in capsys.readouterr().err
    assert cli.main(["grade", "--help"]) == 0
    assert "What this cannot guarantee" in capsys.readouterr().out


def test_folders_are_searched_without_checkpoints_and_hidden_files(tmp_path):
    names = ("b.ipynb", "a/c.ipynb", "a/.ipynb_checkpoints/c-checkpoint.ipynb", "._b.ipynb", "d.py")
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = notebooks([tmp_path, tmp_path / "b.ipynb", "named.ipynb"])
    names = [path.name for path in found]
    assert names == ["c.ipynb", "b.ipynb", "named.ipynb"]
