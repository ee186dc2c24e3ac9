"""Tables about a class: whose file is whose, as text, and as CSV. Standard library only."""

import csv
import os
import pathlib
import re
import tempfile
from collections import defaultdict
from itertools import zip_longest


def learners(paths, lessons=()):
    """Name the learner of each file: what differs between the paths, such as a folder's name.

    lessons: names of lessons, which are no part of a learner's name: of "03-step-size-ana", "ana"
    remains. If every file's name occurs in several folders, the folders alone name the learners.
    Returns one name per path, in the same order.
    """
    paths = [pathlib.Path(os.path.abspath(path)) for path in paths]
    stems = [_without(path.stem, sorted(lessons, key=len, reverse=True)) for path in paths]
    folders = defaultdict(set)
    for path, stem in zip(paths, stems, strict=True):
        folders[stem].add(path.parent)
    if all(len(found) > 1 for found in folders.values()):
        stems = ["" for _ in stems]
    parts = [(*path.parent.parts, stem) for path, stem in zip(paths, stems, strict=True)]
    differs = [len(set(column)) > 1 for column in zip_longest(*parts)]
    names = []
    for path, stem, own in zip(paths, stems, parts, strict=True):
        different = [part for part, differ in zip(own, differs, strict=False) if differ and part]
        names.append("/".join(different) or stem or path.parent.name)
    return names


def _without(stem, lessons):
    """A file's name without the name of a lesson, and without the number of a copy."""
    lesson = next((lesson for lesson in lessons if lesson in stem), None)
    if lesson is None:
        return stem
    rest = stem.replace(lesson, "", 1).strip(" -_.")
    return "" if re.fullmatch(r"(new|copy)?-?\d{0,2}|\(\d+\)", rest, re.IGNORECASE) else rest


def write_csv(path, columns, rows):
    """Write rows, a dict each, in one go: the file is either the old or the new one.

    A cell that a spreadsheet would run as a formula begins with an apostrophe. Raises ValueError,
    and writes nothing, if a file of this name exists that is not a table with these columns, and
    OSError where nothing can be written.
    """
    path = pathlib.Path(path)
    check_target(path, columns)
    handle, name = tempfile.mkstemp(prefix=".gdlesson-", dir=path.parent)
    try:
        # The mark at its beginning makes spreadsheets read the file as UTF-8.
        with open(handle, "w", encoding="utf-8-sig", errors="replace", newline="") as file:
            table = csv.writer(file)
            table.writerow(columns)
            table.writerows([_harmless(row.get(column, "")) for column in columns] for row in rows)
        os.chmod(name, 0o666 & ~_umask())  # a temporary file is private
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def check_target(path, columns):
    """Raise ValueError or OSError if `write_csv` would not write to this path."""
    path = pathlib.Path(path)
    if not path.parent.is_dir():
        raise ValueError(f"there is no folder {path.parent} to write {path.name} to")
    if path.is_dir():
        raise ValueError(f"{path} is a folder: name a file")
    if not os.access(path.parent, os.W_OK):
        raise ValueError(f"the folder {path.parent} cannot be written to")
    if path.exists() and path.stat().st_size:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            beginning = file.readline(1000).rstrip("\n")
        if beginning != ",".join(columns):
            raise ValueError(f"{path} exists and is another kind of file: name a new one")


def _umask():
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _harmless(cell):
    """A cell as text that no spreadsheet takes for a formula."""
    text = str(cell).replace("\0", "")
    return f"'{text}" if text[:1] in set("=+-@\t\r\n") else text


def read_csv(path, columns):
    """The rows of a table as dicts.

    Raises ValueError, in one sentence, if the file is not a table that has these columns.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, restval="")
            rows = list(table)
            found = table.fieldnames or ()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error):
        raise ValueError(f"{path} is not a CSV file in UTF-8") from None
    missing = [column for column in columns if column not in found]
    if missing:
        raise ValueError(
            f"{path} is not a table of gdlesson grade: it has no column {missing[0]!r}"
        )
    return rows


def as_text(columns, rows):
    """Rows, a dict each, as a table in lines of text."""
    lines = [columns] + [[printable(row.get(column, "")) for column in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def printable(text, most=60):
    """The beginning of a text, in one line and without what would control a terminal."""
    text = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
