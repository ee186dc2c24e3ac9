"""`gdlesson compare`: which items improved between two gradings of a class."""

import pytest

from gdlesson import cli
from gdlesson.grading import gains
from gdlesson.grading.gains import compare
from gdlesson.grading.handins import COLUMNS
from gdlesson.tables import read_csv, write_csv


def rows(*answers):
    """Rows of a grading from texts such as "ana q1 passed" or "ben q1 mistake sign"."""
    table = []
    for answer in answers:
        learner, name, status, *mistake = answer.split(" ", 3)
        kind = "exercise" if name.startswith("e") else "question"
        table.append(
            dict.fromkeys(COLUMNS, "")
            | {"learner": learner, "kind": kind, "name": name, "status": status.replace("_", " ")}
            | {"mistake": "".join(mistake)}
        )
    return table


BEFORE = rows(
    "ana q1 mistake sign",
    "ben q1 mistake sign",
    "cem q1 mistake factor of the position",
    "dan q1 passed",
    "ana e1 convention averaging form",
    "ben e1 not_yet",
    "cem e1 error NameError",
    "dan e1 mistake",
    "eva q1 passed",  # not there afterwards
    "fay q1 passed",  # not graded afterwards
    "ana q2 passed",  # not asked afterwards
)
AFTER = rows(
    "ana q1 passed",
    "ben q1 mistake factor of the position",
    "cem q1 passed",
    "dan q1 passed",
    "ana e1 passed",
    "ben e1 mistake",
    "ben e1 passed",  # in another notebook
    "ben e1 mistake",
    "cem e1 passed",
    "fay - not_graded",
    "fay q1 passed",
    "gus q1 passed",
)


def test_items_learners_and_the_normalised_gain_are_counted_by_hand():
    found = compare(BEFORE, AFTER)
    assert [tuple(row.values()) for row in found.rows] == [
        ("question", "q1", 4, 1, 3, 2, "sign (2)", "factor of the position (1)"),
        ("exercise", "e1", 4, 1, 3, 2, "", ""),  # an error is none; dan's is missing: not right
    ]
    assert (found.learners, found.left_out, found.unmatched) == (4, 3, 1)
    assert (found.before, found.after) == (2 / 8, 6 / 8)
    assert found.gain == pytest.approx((0.75 - 0.25) / (1 - 0.25))
    assert str(found).splitlines()[-1] == (
        "Mean share of right answers: 25 % before, 75 % after; the normalised gain ⟨g⟩ = 0.67 "
        "(Hake 1998, American Journal of Physics 66:64)."
    )
    assert "3 learners left out: in one table only, or not graded in one of them." in str(found)
    assert "1 item left out: in one table only." in str(found)


def test_a_loss_is_negative_and_a_perfect_beginning_has_no_gain():
    right, wrong = rows("ana q passed", "ben q passed"), rows("ana q passed", "ben q error")
    assert compare(right, wrong).gain is None
    assert "is not defined, because all was right before" in str(compare(right, wrong))
    half = rows("ana q passed", "ben q mistake sign")
    assert compare(half, rows("ana q error", "ben q error")).gain == -1
    assert "⟨g⟩ = −1.00" in str(compare(half, rows("ana q error", "ben q error")))
    assert compare(half, half).gain == 0


def test_of_two_misconceptions_as_common_the_first_by_name_is_shown():
    before = rows("ana q mistake sign", "ben q mistake percent")
    assert compare(before, before).rows[0]["misconception before"] == "percent (1)"


def test_tables_without_a_common_learner_or_item_are_refused():
    with pytest.raises(ValueError, match="no learner was graded in both tables"):
        compare(rows("ana q passed"), rows("ben q passed"))
    with pytest.raises(ValueError, match="no exercise and no question is in both tables"):
        compare(rows("ana q passed"), rows("ana p passed"))
    with pytest.raises(ValueError, match="no learner"):
        compare([], [])


def test_the_command_prints_and_writes_the_comparison(tmp_path, capsys):
    before, after, out = (str(tmp_path / f"{name}.csv") for name in ("before", "after", "out"))
    write_csv(before, COLUMNS, BEFORE)
    write_csv(after, COLUMNS, AFTER)
    assert cli.main(["compare", before, after, "--csv", out]) == 0
    printed = capsys.readouterr().out
    assert printed.splitlines()[1].split("  ")[0] == "question"
    written = read_csv(out, gains.COLUMNS)
    assert [(row["name"], row["right before"], row["change"]) for row in written] == [
        ("q1", "1", "2"),
        ("e1", "1", "2"),
    ]
    assert cli.main(["compare", before, after, "--csv", before]) == 1  # it is another table
    assert "exists and is another kind of file" in capsys.readouterr().out
    assert len(read_csv(before, COLUMNS)) == len(BEFORE)


def test_the_command_refuses_other_files_in_a_sentence(tmp_path, capsys):
    good, other = str(tmp_path / "good.csv"), tmp_path / "other.csv"
    write_csv(good, COLUMNS, AFTER)
    other.write_text("name,grade\nana,1\n")
    for pair in ([good, str(other)], [str(other), good], [good, str(tmp_path / "missing.csv")]):
        assert cli.main(["compare", *pair]) == 2
        printed = capsys.readouterr().out
        assert printed.startswith("Nothing was compared: ") and printed.count("\n") == 1
    assert cli.main(["compare", good]) == 2
    assert "AFTER.csv" in capsys.readouterr().err
    assert cli.main(["compare", "--help"]) == 0
    assert "normalised gain" in capsys.readouterr().out
