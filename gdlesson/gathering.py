"""The command `gdlesson progress`: one learner's map, or the progress of a class as a table.

May import: course, progress, tables.
"""

import argparse
import pathlib

from . import progress
from .course import CourseMap, lesson_of
from .tables import check_target, learners, write_csv

COLUMNS = (
    *("file", "learner", "lesson", "kind", "name", "status", "tries", "mistake", "first", "last"),
    *("choice", "why", "message"),
)
STEM = pathlib.Path(progress.NAME).stem
NOTHING, NOT_READ = "nothing recorded", "not read"  # the status of a file without entries
HELP = f"""\
Print the lessons and what is done in each, from the file {progress.NAME} that is written next to
a learner's notebooks. With --csv, collect such files of a class into one table: a row for each
learner and each prediction, question and exercise. The learner's name is what differs between
the paths: the name of a folder or of a file. A file that cannot be read is one row with the
reason. The status is the best result, and the last one for a prediction; tries are counted until
the first that passed.
"""


def command(arguments):
    """Run `gdlesson progress` and return its exit code."""
    parser = argparse.ArgumentParser(
        "gdlesson progress",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("places", nargs="*", type=pathlib.Path, metavar="FILE_OR_FOLDER",
        help="files of progress, or folders that contain them; here, if none is named")  # fmt: skip
    add("--csv", metavar="OUT.csv", help="write the table of a class to this file; "
        "it replaces such a table, and nothing else")  # fmt: skip
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:  # after --help, or a sentence about the arguments
        return stop.code
    if options.csv:
        return _write_table(options.csv, options.places or [pathlib.Path()])
    if len(options.places) > 1:
        print("gdlesson progress prints one learner's progress: name one folder, or use --csv.")
        return 2
    return _print_map(options.places[0] if options.places else _usual_place())


def _usual_place():
    """Where progress is expected: here, or in the folder of notebooks that `gdlesson` makes."""
    here, notebooks = pathlib.Path(), pathlib.Path("notebooks")
    made = not (here / progress.NAME).exists() and (notebooks / progress.NAME).exists()
    return notebooks if made else here


def _print_map(place):
    if not place.exists():
        print(f"gdlesson progress needs a folder or a file of progress, and there is no {place}.")
        return 2
    print(CourseMap(place))
    if place.is_dir() and not (place / progress.NAME).exists():
        print(f"No progress is recorded in {place.resolve()}.")
    return 0


def _write_table(name, places):
    try:
        check_target(name, COLUMNS)
        rows = gather(places)
        write_csv(name, COLUMNS, rows)
    except (OSError, ValueError) as error:
        print(f"Nothing was written: {error}.")
        return 2
    unread = sum(row["status"] == NOT_READ for row in rows)
    who = len({row["learner"] for row in rows})
    print(
        f"{name} has {len(rows)} {'row' if len(rows) == 1 else 'rows'} "
        f"of {who} {'learner' if who == 1 else 'learners'}."
        + (f" {unread} of them could not be read: see the column message." if unread else "")
    )
    return int(unread > 0)


def gather(places):
    """The progress in files and folders as rows, dicts with COLUMNS, by learner."""
    paths = [path for place in map(pathlib.Path, places) for path in _files(place)]
    paths = list(dict.fromkeys(paths))
    names = learners([_telling(path) for path in paths], [STEM])
    return [
        {"file": str(path), "learner": name} | row
        for path, name in zip(paths, names, strict=True)
        for row in _rows(path)
    ]


def _files(place):
    """The files of progress in a folder; the place itself if it is a file, or has none."""
    found = [
        path
        for path in sorted(place.rglob(f"*{STEM}*.json") if place.is_dir() else ())
        if f"{STEM}-broken" not in path.name
        and not any(part.startswith(".") for part in path.relative_to(place).parts)
    ]
    return found or [place]


def _telling(path):
    """A file's path without the folder that `gdlesson` itself makes for every learner."""
    file = path / progress.NAME if path.is_dir() else path
    return pathlib.Path(*(part for part in file.absolute().parts if part != "notebooks"))


def _rows(path):
    try:
        if path.is_dir():
            raise ValueError(f"there is no {progress.NAME} in this folder")
        if not path.exists():
            raise ValueError("there is no such file")
        recorded = progress.load(path)
    except (OSError, ValueError) as error:
        return [{"status": NOT_READ, "message": getattr(error, "strerror", None) or str(error)}]
    return [
        {"kind": kind, "name": name, "lesson": lesson.slug if lesson else ""}
        | {column: entry[column] for column in COLUMNS if column in entry}
        | {"status": entry.get("best", entry.get("status", ""))}
        for kind, kinds in progress.KINDS.items()
        for name, entry in recorded[kinds].items()
        for lesson in [lesson_of(kind, name)]
    ] or [{"status": NOTHING}]
