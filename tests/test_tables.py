"""Tables about a class: the learners' names, and CSV files."""

import csv
import os

import pytest

from gdlesson.tables import as_text, learners, printable, read_csv, write_csv

LESSONS = ("03-step-size", "05-batch")


@pytest.mark.parametrize(
    "paths, names",
    [
        (["class/ana/03-step-size.ipynb", "class/ben/03-step-size.ipynb"], ["ana", "ben"]),
        (["class/ana.ipynb", "class/ben.ipynb"], ["ana", "ben"]),
        (["ana-03-step-size.ipynb", "03-step-size_ben.ipynb"], ["ana", "ben"]),
        (  # several lessons of one learner
            ["c/ana/03-step-size.ipynb", "c/ana/05-batch.ipynb", "c/ben/05-batch.ipynb"],
            ["ana", "ana", "ben"],
        ),
        (  # copies of a lesson, and a folder that is the same for all
            ["c/ana/hw/03-step-size-new.ipynb", "c/ben/hw/03-step-size (1).ipynb"],
            ["ana", "ben"],
        ),
        (["c/ana/test.ipynb", "c/ben/test.ipynb"], ["ana", "ben"]),
        (["c/ana/1.ipynb", "c/ana/2.ipynb", "c/ben/1.ipynb", "c/ben/2.ipynb"], [*"aabb"]),
        (  # the same name in two groups
            ["c/1/ana.ipynb", "c/2/ana.ipynb", "c/2/ben.ipynb"],
            ["1/ana", "2/ana", "2/ben"],
        ),
        (["ana/03-step-size.ipynb"], ["ana"]),
        (["ana.ipynb"], ["ana"]),
        (["ana/03-step-size.ipynb", "ana/05-batch.ipynb"], ["ana", "ana"]),
        (["03-step-size.ipynb", "ana/03-step-size.ipynb"], ["here", "ana"]),
        ([], []),
    ],
)
def test_a_learner_is_what_differs_between_the_paths(paths, names, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    expected = [{"a": "ana", "b": "ben"}.get(name, name) for name in names]
    assert learners(paths, LESSONS) == expected


COLUMNS = ("name", "text")


def test_cells_come_back_as_they_were_but_for_formulas(tmp_path):
    path = tmp_path / "out.csv"
    texts = ["a, b", 'say "w"', "two\nlines", "√2 − 1", "", 3, "nul\0", "half \ud800"]
    formulas = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx"]
    write_csv(path, COLUMNS, [{"name": "n", "text": text} for text in (*texts, *formulas)])
    rows = [row["text"] for row in read_csv(path, COLUMNS)]
    assert rows[: len(texts)] == [*texts[:5], "3", "nul", "half ?"]
    assert rows[len(texts) :] == [f"'{formula}" for formula in formulas]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")  # for spreadsheets


def test_a_table_is_replaced_and_no_other_file(tmp_path):
    path = tmp_path / "out.csv"
    for text in ("first", "second"):
        write_csv(path, COLUMNS, [{"text": text}])
    assert [row["text"] for row in read_csv(path, COLUMNS)] == ["second"]
    path.write_text("an essay")
    with pytest.raises(ValueError, match="exists and is another kind of file"):
        write_csv(path, COLUMNS, [])
    assert path.read_text() == "an essay"
    with pytest.raises(ValueError, match="there is no folder"):
        write_csv(tmp_path / "missing" / "out.csv", COLUMNS, [])
    with pytest.raises(ValueError, match="is a folder"):
        write_csv(tmp_path, COLUMNS, [])
    assert os.listdir(tmp_path) == ["out.csv"]


def test_a_table_that_cannot_be_finished_leaves_the_old_one(tmp_path):
    path = tmp_path / "out.csv"
    write_csv(path, COLUMNS, [{"text": "first"}])

    def rows():
        yield {"text": "second"}
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_csv(path, COLUMNS, rows())
    assert [row["text"] for row in read_csv(path, COLUMNS)] == ["first"]
    assert os.listdir(tmp_path) == ["out.csv"]


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_others_may_read_the_table_as_any_new_file(tmp_path):
    write_csv(tmp_path / "out.csv", COLUMNS, [])
    (tmp_path / "new").touch()
    assert (tmp_path / "out.csv").stat().st_mode == (tmp_path / "new").stat().st_mode


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "has no column 'name'"),
        (b"a,b\n1,2\n", "has no column 'name'"),
        (b"name\n1\n", "has no column 'text'"),
        (b"PK\x03\x04\xff\xfe", "is not a CSV file in UTF-8"),
        ("näme,text\n".encode("latin-1"), "is not a CSV file in UTF-8"),
        (b"name,text\n1," + b"x" * (csv.field_size_limit() + 1), "is not a CSV file"),
        (b"name,text\n1,\0\n", None),
        (b"name,text\n1\n1,2,3\n", None),
    ],
)
def test_a_foreign_table_is_described_in_a_sentence(content, reason, tmp_path):
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    if reason is None:
        assert all(set(COLUMNS) <= set(row) for row in read_csv(path, COLUMNS))
        return
    with pytest.raises(ValueError, match=reason) as caught:
        read_csv(path, COLUMNS)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_a_table_that_is_missing_is_described_in_a_sentence(tmp_path):
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        read_csv(tmp_path / "in.csv", COLUMNS)
    with pytest.raises(ValueError, match="cannot be read: Is a directory"):
        read_csv(tmp_path, COLUMNS)


def test_a_table_as_text_has_columns_of_one_width():
    rows = [{"name": "ana", "text": "x"}, {"name": "benedict", "text": "\x1b[2J\n" + "y" * 80}]
    assert as_text(COLUMNS, rows).splitlines() == [
        "name      text",
        "ana       x",
        "benedict  [2J " + "y" * 55 + "…",
    ]
    assert printable("a\tb\u202ec") == "a b c"
