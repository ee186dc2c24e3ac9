"""The `gdlesson` command: opens the lessons, and re-runs them. May import nothing of ours."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIRST = "notebooks/00-start-here.ipynb"

HELP = """\
gdlesson                     open the lessons in JupyterLab
gdlesson --port 9999 …       the same; all options are handed on to JupyterLab
gdlesson rerun [NOTEBOOK …]  run notebooks and save them clean (all of them when none is named)
"""


def main(arguments=None):
    """Run the command line and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if arguments[:1] in (["-h"], ["--help"], ["help"]):
        print(HELP, end="")
        return 0
    if arguments[:1] == ["rerun"]:
        return rerun([pathlib.Path(name) for name in arguments[1:]])
    if arguments and not arguments[0].startswith("-"):
        print(f"gdlesson knows no command {arguments[0]!r}; it knows rerun.\n\n{HELP}", end="")
        return 2
    return open_lessons(arguments)


def open_lessons(options):
    """Start JupyterLab on the first lesson, with the repository as its root."""
    if not (ROOT / FIRST).is_file():
        print(
            f"The lessons are not beside the package: expected {FIRST} in a clone of the project."
        )
        return 1
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={ROOT}",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        *options,
    ]
    try:
        return subprocess.call(command)
    except KeyboardInterrupt:  # JupyterLab has asked its question and said goodbye itself
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
        if cell.cell_type != "code":
            continue
        runs += bool(cell.source.strip())
        cell.execution_count = runs if cell.source.strip() else None
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = runs
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    return notebook
