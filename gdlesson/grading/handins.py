"""Grade many handed-in notebooks, and sum up the results. Standard library only."""

import os
import pathlib
import time
from collections import Counter

from .. import course
from ..tables import as_text, learners, printable
from .process import NOT_GRADED, Run

COLUMNS = ("notebook", "learner", "lesson", "kind", "name", "status", "mistake", "message")
LESSONS = ("00-start-here", *(lesson.slug for lesson in course.LESSONS))
SECONDS, MEMORY = 120, 2000  # the limits of one notebook, unless others are named


def notebooks(places):
    """The notebooks among files and folders, each once and in order.

    Checkpoints and hidden files in folders are left out. Raises ValueError for an empty folder.
    """
    found = {}
    for place in map(pathlib.Path, places):
        if not place.is_dir():
            found[place] = True
            continue
        inside = [
            path
            for path in sorted(place.rglob("*.ipynb"))
            if not any(part.startswith(".") for part in path.relative_to(place).parts)
        ]
        if not inside:
            raise ValueError(f"there is no notebook (*.ipynb) in the folder {place}")
        found |= dict.fromkeys(inside, True)
    return list(found)


def grade(paths, seconds=SECONDS, memory=MEMORY, jobs=None, report=lambda done, all: None):
    """Grade notebooks and return a row, a dict with COLUMNS, for each exercise and question.

    seconds and memory (megabytes): the limits of each notebook. jobs: how many run at a time, by
    default as many as there are processors. A notebook that cannot be graded is one row, and so
    is one without exercises and questions. Ctrl-C ends the notebooks that are running, and those
    that are left are not graded.
    """
    paths = [pathlib.Path(path) for path in paths]
    rows, running, waiting = {}, [], list(dict.fromkeys(paths))
    stopped = "the grading was stopped before it was finished"
    try:
        while waiting or running:
            while waiting and len(running) < (jobs or os.cpu_count() or 1):
                running.append(Run(waiting.pop(0), seconds, memory))
            for run in [run for run in running if run.has_ended()]:
                rows[run.path] = run.rows()
                running.remove(run)
                report(len(rows), len(paths))
            time.sleep(0.02)
    except KeyboardInterrupt:
        pass
    finally:
        for run in running:
            run.end()
    names = learners(paths, LESSONS)
    return [
        dict(zip(COLUMNS, (str(path), learner, _lesson(path, *row[:2]), *row), strict=True))
        for path, learner in zip(paths, names, strict=True)
        for row in rows.get(path) or [("", "", NOT_GRADED, "", stopped)]
    ]


def _lesson(path, kind, name):
    """The lesson of an item or, without one, the lesson that the notebook's name contains."""
    if kind and (found := course.lesson_of(kind, name)):
        return found.slug
    return next((slug for slug in LESSONS if slug in path.stem), "")


def summary(rows):
    """The rows as a table, the reasons why notebooks could not be graded, and a line of counts."""
    lines = [row for row in rows if row["name"]]
    text = [as_text(("learner", "name", "status", "mistake"), lines)] if lines else []
    text += [
        f"{printable(row['notebook'], 200)}: {printable(row['message'], 200)}."
        for row in rows
        if not row["name"]
    ]
    count = len({row["notebook"] for row in rows})
    missed = sum(row["status"] == NOT_GRADED for row in rows)
    counts = Counter(row["status"] for row in lines)
    end = f"{count - missed} of {count} notebooks graded"
    text.append("; ".join([end, *(f"{n} {status}" for status, n in counts.most_common())]) + ".")
    return "\n".join(text)
