"""Handing out the lessons: to a folder, a class, Binder, a browser. May import: nbformat."""

import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile

RECORD = ".gdlesson.json"  # in the learner's folder: which version of each lesson was laid there
FIRST = "notebooks/00-start-here.ipynb"


def lay(lessons, folder):
    """Copy the lessons into a folder, never over what a learner has changed.

    A lesson that is not there is copied; one left as it was laid becomes the new version; beside
    one that was changed the new version is laid as name-new.ipynb, once. Returns sentences that say
    what was done, none where nothing was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    record = folder / RECORD
    laid = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    copied, said = 0, []
    for source in sorted(lessons.glob("*.*")):
        if source.suffix not in (".ipynb", ".md"):
            continue
        new, target = source.read_bytes(), folder / source.name
        version = hashlib.sha256(new).hexdigest()
        if target.is_file() and target.read_bytes() != new:
            if laid.get(source.name) == version:
                continue  # changed since, and nothing newer to offer
            if hashlib.sha256(target.read_bytes()).hexdigest() != laid.get(source.name):
                target = _free(folder / f"{source.stem}-new{source.suffix}")
                said.append(f"You have changed {source.name}: its new version is {target.name}.")
        if not target.is_file() or target.read_bytes() != new:
            target.write_bytes(new)
            copied += 1
        laid[source.name] = version
        record.write_text(json.dumps(laid, indent=1), encoding="utf-8")
    return ([f"Laid {copied} files in {folder}."] if copied else []) + said


def _free(path):
    """This path, or the first with a number that nothing stands at."""
    number, first = 2, path
    while path.exists():
        path, number = first.with_stem(f"{first.stem}-{number}"), number + 1
    return path


def without_solutions(lessons, folder):
    """Write copies of the lessons with the cells tagged `solution` taken out; return their names.

    Raises FileExistsError, before anything is written, where a file of the name is there already.
    """
    import nbformat  # comes with JupyterLab

    sources = sorted(lessons.glob("*.ipynb"))
    for source in sources:
        if (folder / source.name).exists():
            raise FileExistsError(f"{folder / source.name} is there already: name an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    for source in sources:
        notebook = nbformat.read(source, as_version=4)
        notebook.cells = [
            cell for cell in notebook.cells if "solution" not in cell.metadata.get("tags", [])
        ]
        nbformat.write(notebook, folder / source.name)
    return [source.name for source in sources]


LITE = "# In the browser the package is fetched before the first cell.\n%pip install -q gdlesson"


def lite_site(clone, folder, run=subprocess.run):
    """Build a JupyterLite site of a clone's lessons in an empty folder: Python in the page itself.

    Its kernel and every package but ours come from the network when a page is opened. Raises
    FileExistsError where the folder holds something, RuntimeError where a tool is missing or fails.
    """
    import nbformat

    folder = folder.resolve()
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty: name another folder")
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(place)]
        _run(run, [*pip, str(clone)], "pip", place)
        (wheel,) = place.glob("*.whl")
        contents = place / "contents" / "notebooks"
        contents.mkdir(parents=True)
        for source in sorted((clone / "notebooks").glob("*.ipynb")):
            notebook = nbformat.read(source, as_version=4)
            fetch = nbformat.v4.new_code_cell(LITE, id="fetch")
            notebook.cells.insert(1, fetch)  # after the title
            # Texts whole, not cut in lines as nbformat writes them: the site joins lines by commas.
            whole = json.dumps(notebook, ensure_ascii=False)
            (contents / source.name).write_text(whole, encoding="utf-8")
        build = [
            *(sys.executable, "-m", "jupyter", "lite", "build", "--lite-dir", str(place)),
            *("--contents", str(contents.parent), "--output-dir", str(folder)),
            *("--piplite-wheels", str(wheel)),
        ]
        _run(run, build, "jupyterlite-core and jupyterlite-pyodide-kernel", place)


def _run(run, command, tools, place):
    """Run a tool in a place where it may leave what it likes."""
    done = run(command, cwd=place, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        why = last[0] if last else f"exit code {done.returncode}"
        raise RuntimeError(f"expected {tools} in this environment, and a build that works: {why}")


def binder_link(address):
    """The address that opens a GitHub repository's lessons on Binder.

    address: of the repository, as git writes it. Raises ValueError for another host than GitHub.
    """
    found = re.search(r"github\.com[:/]+([^/]+)/([^/]+?)(?:\.git)?/?$", address.strip())
    if not found:
        raise ValueError(f"Binder needs a repository on GitHub, got {address.strip()!r}")
    owner, name = found.groups()
    return f"https://mybinder.org/v2/gh/{owner}/{name}/HEAD?urlpath=lab/tree/{FIRST}"


def origin(clone):
    """The address a clone came from. Raises ValueError where git knows of none."""
    command = ["git", "-C", str(pathlib.Path(clone)), "remote", "get-url", "origin"]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        raise ValueError(f"expected a clone with a remote called origin in {clone}") from None
