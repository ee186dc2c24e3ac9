"""The `gdlesson` command: opens, distributes and re-runs the lessons. May import: distribute."""

import pathlib
import subprocess
import sys

from .distribute import FIRST, binder_link, lay, lite_site, origin, without_solutions

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent  # of a clone

HELP = """\
gdlesson                     open the lessons in JupyterLab
gdlesson --port 9999 …       the same; all options are handed on to JupyterLab
gdlesson rerun [NOTEBOOK …]  run notebooks and save them clean (all of them when none is named)
gdlesson handout FOLDER      write copies of the lessons for a class, without the solutions
gdlesson lite FOLDER         build a site that needs no server: Python runs in the page
gdlesson binder [ADDRESS]    print the badge that opens this repository's lessons on Binder
"""


def main(arguments=None):
    """Run the command line and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if arguments[:1] in (["-h"], ["--help"], ["help"]):
        print(HELP, end="")
        return 0
    if arguments[:1] == ["rerun"]:
        return rerun([pathlib.Path(name) for name in arguments[1:]])
    if arguments[:1] == ["handout"]:
        return handout(arguments[1:])
    if arguments[:1] == ["lite"]:
        return lite(arguments[1:])
    if arguments[:1] == ["binder"]:
        return binder(arguments[1:])
    if arguments and not arguments[0].startswith("-"):
        known = "rerun, handout, lite and binder"
        print(f"gdlesson knows no command {arguments[0]!r}; it knows {known}.\n\n{HELP}", end="")
        return 2
    return open_lessons(arguments)


def in_a_clone():
    return (ROOT / FIRST).is_file() and (ROOT / "pyproject.toml").is_file()


def lessons():
    """The folder of the notebooks: a clone's, or the one that came with the package."""
    return ROOT / "notebooks" if in_a_clone() else HERE / "notebooks"


def open_lessons(options):
    """Start JupyterLab on the first lesson: in a clone where it is, elsewhere on copies here."""
    root = ROOT
    if not in_a_clone():
        root = pathlib.Path.cwd()
        if not (lessons() / pathlib.Path(FIRST).name).is_file():
            print(f"The lessons are not beside the package: expected them in {lessons()}.")
            return 1
        for sentence in lay(lessons(), root / "notebooks"):
            print(sentence)
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        *options,
    ]
    try:
        return subprocess.call(command)
    except KeyboardInterrupt:  # JupyterLab has asked its question and said goodbye itself
        return 0


def handout(arguments):
    """Write the lessons without their solutions."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("gdlesson handout expects one folder to write to, such as: gdlesson handout class")
        return 2
    folder = pathlib.Path(arguments[0])
    try:
        names = without_solutions(lessons(), folder)
    except FileExistsError as error:
        print(f"Nothing was written: {error}.")
        return 1
    print(f"{len(names)} lessons without solutions are in {folder}.")
    return 0


def lite(arguments):
    """Build the JupyterLite site."""
    if len(arguments) != 1 or arguments[0].startswith("-") or not in_a_clone():
        print("gdlesson lite expects a clone, and one folder to write to: gdlesson lite site")
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


def rerun(paths):
    """Run notebooks in a fresh kernel and save them clean; a second run changes nothing."""
    from nbclient import NotebookClient  # JupyterLab brings both
    from nbformat import read, write

    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        print(f"gdlesson rerun expects paths of notebooks, and finds no {missing[0]}.")
        return 2
    for path in paths or sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = read(path, as_version=4)
        where = {"metadata": {"path": str(path.resolve().parent)}}
        NotebookClient(notebook, kernel_name="python3", timeout=300, resources=where).execute()
        write(clean(notebook), path)
        print(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB")
    return 0


def clean(notebook):
    """Keep of a run notebook what every viewer can show: text and pictures, no widgets."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "file_extension": ".py"},
    }
    runs = 0
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        kept = ("tags", "jupyter")  # what we set; run times and scroll positions go
        cell.metadata = {key: cell.metadata[key] for key in kept if key in cell.metadata}
        if slide := slide_of(cell):
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


def slide_of(cell):
    """How a cell is shown in slides: headings and pictures begin one, solutions are left out."""
    if "solution" in cell.metadata.get("tags", []):
        return "skip"
    if cell.cell_type == "markdown":
        return "slide" if cell.source.lstrip().startswith(("#", "[")) else None
    pictured = any("image/png" in output.get("data", {}) for output in cell.outputs)
    return "subslide" if pictured else None
