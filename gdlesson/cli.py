"""The `gdlesson` command: opens, distributes, grades and re-runs the lessons."""

import os
import pathlib
import sys

from . import starting
from .distribute import (
    FIRST,
    binder_link,
    copy_lessons,
    lite_site,
    origin,
    without_solutions,
)
from .gathering import command as progress
from .grading.commands import compare, grade

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent  # of a clone

HELP = """\
gdlesson                     open the lessons in JupyterLab
gdlesson --port 9999 …       the same; all options are passed on to JupyterLab
gdlesson lay [FOLDER]        copy the lessons into ./notebooks, or into FOLDER, and start nothing
gdlesson rerun [NOTEBOOK …]  run notebooks and save them clean (all of them when none is named)
gdlesson handout FOLDER      write copies of the lessons for a class, without the solutions;
                             with --test, the test of twelve for before and after the course
gdlesson grade NOTEBOOK …    run the exercises and questions of handed-in notebooks
gdlesson compare CSV CSV     compare two gradings of a class, before and after the course
gdlesson progress [FOLDER]   print what is done in each lesson; --csv collects files of a class
gdlesson site FOLDER         write the web edition: pages in which the pictures move without Python
gdlesson lite FOLDER         build a site that needs no server: Python runs in the page
gdlesson binder [ADDRESS]    print the badge that opens this repository's lessons on Binder
"""


def main(arguments=None):
    """Run the command line and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if arguments[:1] in (["-h"], ["--help"], ["help"]):
        print(HELP, end="")
        return 0
    if not arguments or arguments[0].startswith("-"):
        return open_lessons(arguments)
    name, *rest = arguments
    commands = {"rerun": rerun, "handout": handout, "grade": grade, "compare": compare}
    commands |= {"lay": lay, "progress": progress, "site": site, "lite": lite}
    commands |= {"binder": binder}
    if name not in commands:
        *most, last = commands
        known = f"{', '.join(most)} and {last}"
        print(f"There is no command {name!r}. The commands are {known}.\n\n{HELP}", end="")
        return 2
    return commands[name](rest)


def in_a_clone():
    """Whether the package runs from a clone of its repository."""
    return (ROOT / FIRST).is_file() and (ROOT / "pyproject.toml").is_file()


def lessons():
    """The folder of the notebooks: a clone's, or the one that came with the package."""
    return ROOT / "notebooks" if in_a_clone() else HERE / "notebooks"


def open_lessons(options):
    """Start JupyterLab on the first lesson: in a clone itself, elsewhere on copies made here.

    They are made in a clone of somebody else too, in which this user may not write.
    """
    if sentence := starting.obstacle(options):
        print(sentence)
        return 1
    if in_a_clone() and os.access(lessons(), os.W_OK):
        return starting.start(ROOT, options)
    root = pathlib.Path.cwd()
    folder = root / "notebooks"
    written = folder if folder.exists() else root
    if not os.access(written, os.W_OK):
        print(f"You have no permission to write in {written}: call gdlesson in a folder of yours.")
        return 1
    return lay([str(folder)]) or starting.start(root, options)


def lay(arguments):
    """Copy the lessons into a folder, as a start of `gdlesson` does, but start no server.

    What a learner has changed stays as it is: see `copy_lessons`.
    """
    if len(arguments) > 1 or any(argument.startswith("-") for argument in arguments):
        print("gdlesson lay needs at most one folder, for example: gdlesson lay notebooks")
        return 2
    folder, source = pathlib.Path(*arguments or ["notebooks"]), lessons()
    if not (source / pathlib.Path(FIRST).name).is_file():
        print(f"The lessons are missing from this installation: expected them in {source}.")
        return 1
    if folder.resolve() == source.resolve():
        print(f"Nothing was copied: the lessons come from {folder}, so name another folder.")
        return 2
    try:
        for sentence in copy_lessons(source, folder):
            print(sentence)
    except OSError as error:
        where = error.filename or folder
        print(f"The lessons could not be copied to {folder}: {error.strerror} ({where}).")
        return 1
    return 0


def handout(arguments):
    """Write the lessons without their solutions, or the test for before and after the course."""
    folders = [argument for argument in arguments if argument != "--test"]
    if len(folders) != 1 or folders[0].startswith("-") or len(arguments) > 2:
        print(
            "gdlesson handout needs one folder to write to, for example: gdlesson handout class, "
            "or gdlesson handout --test class"
        )
        return 2
    folder = pathlib.Path(folders[0])
    try:
        if "--test" in arguments:
            from .examination import write_tests  # which needs the widgets' texts

            print(f"{' and '.join(write_tests(folder))} are in {folder}.")
        else:
            names = without_solutions(lessons(), folder)
            print(f"{len(names)} lessons without solutions are in {folder}.")
    except FileExistsError as error:
        print(f"Nothing was written: {error}.")
        return 1
    return 0


def site(arguments):
    """Write the web edition of the lessons."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("gdlesson site needs one folder to write to, for example: gdlesson site web")
        return 2
    try:
        from .site.build import build  # which needs a library that only this command needs
    except ModuleNotFoundError as error:
        print(f"The web edition needs {error.name}: install it with pip install 'gdlesson[site]'.")
        return 1
    try:
        repository = origin(ROOT).strip() if in_a_clone() else None
    except ValueError:  # a clone that was not cloned
        repository = None
    try:
        build(lessons(), pathlib.Path(arguments[0]), repository)
    except (FileExistsError, RuntimeError) as error:
        print(f"The web edition was not written: {error}.")
        return 1
    print(f"The web edition is in {arguments[0]}: open {arguments[0]}/index.html in a browser.")
    return 0


def lite(arguments):
    """Build the JupyterLite site."""
    if len(arguments) != 1 or arguments[0].startswith("-") or not in_a_clone():
        print("gdlesson lite needs a clone, and one folder to write to: gdlesson lite site")
        return 2
    try:
        lite_site(ROOT, pathlib.Path(arguments[0]))
    except (FileExistsError, RuntimeError) as error:
        print(f"No site was built: {error}.")
        return 1
    print(f"The site is in {arguments[0]}: serve it with python -m http.server -d {arguments[0]}")
    return 0


def binder(arguments):
    """Print a Binder badge in Markdown, and the link alone."""
    try:
        link = binder_link(arguments[0] if arguments else origin(ROOT))
    except ValueError as error:
        print(f"{error}. Name it: gdlesson binder https://github.com/owner/name")
        return 2
    print(f"[![Open on Binder](https://mybinder.org/badge_logo.svg)]({link})\n\n{link}")
    return 0


def rerun(names):
    """Run notebooks in a fresh kernel and save them clean; a second run changes nothing."""
    from nbclient import NotebookClient  # JupyterLab brings both
    from nbformat import read, write

    paths = [pathlib.Path(name) for name in names]
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        print(f"gdlesson rerun needs paths of notebooks, and there is no {missing[0]}.")
        return 2
    for path in paths or sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = read(path, as_version=4)
        where = {"metadata": {"path": str(path.resolve().parent)}}
        client = NotebookClient(
            notebook, kernel_name="python3", timeout=300, coalesce_streams=True, resources=where
        )  # how often a cell's prints arrive depends on the machine
        client.execute(env=os.environ | {"CI": "1"})  # nobody learns there: no progress is recorded
        write(clean(notebook), path)
        print(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB")
    return 0


def clean(notebook):
    """Remove from a run notebook what not every viewer can show: text and pictures remain."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "file_extension": ".py"},
    }
    runs = 0
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        kept = ("tags", "jupyter")  # what we set; run times and scroll positions go
        cell.metadata = {key: cell.metadata[key] for key in kept if key in cell.metadata}
        if slide := slide_type(cell):
            cell.metadata["slideshow"] = {"slide_type": slide}
        if cell.cell_type != "code":
            continue
        runs += bool(cell.source.strip())
        cell.execution_count = runs if cell.source.strip() else None
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = runs
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    return notebook


def slide_type(cell):
    """How a cell is shown in slides: headings and pictures begin one, solutions are left out."""
    if "solution" in cell.metadata.get("tags", []):
        return "skip"
    if cell.cell_type == "markdown":
        return "slide" if cell.source.lstrip().startswith(("#", "[")) else None
    pictured = any("image/png" in output.get("data", {}) for output in cell.outputs)
    return "subslide" if pictured else None
