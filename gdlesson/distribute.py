"""Distribute the lessons: to a folder, a class, Binder, a browser. May import: nbformat."""

import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

RECORD = ".gdlesson.json"  # in the learner's folder: the version of each lesson copied there
FIRST = "notebooks/00-start-here.ipynb"
GLOSSARY = "glossary.md"  # the lessons link to it


def copy_lessons(lessons, folder):
    """Copy the lessons into a folder without overwriting what a learner has changed.

    A lesson that is missing is copied, and one the learner did not change is replaced by its new
    version. The new version of a changed lesson is written next to it, once, as name-new.ipynb.
    Returns sentences that describe what was done, none where there was nothing to do. Raises
    OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    record = folder / RECORD
    versions = _versions(record)
    copied, changed = 0, []
    for source in sorted(lessons.glob("*.*")):
        if source.suffix not in (".ipynb", ".md"):
            continue
        new, target = source.read_bytes(), folder / source.name
        version = hashlib.sha256(new).hexdigest()
        if target.is_file() and target.read_bytes() != new:
            if versions.get(source.name) == version:
                continue  # changed by the learner, and we have nothing newer
            if hashlib.sha256(target.read_bytes()).hexdigest() != versions.get(source.name):
                target = _unused(folder / f"{source.stem}-new{source.suffix}")
                changed.append(f"You have changed {source.name}: its new version is {target.name}.")
        if not target.is_file() or target.read_bytes() != new:
            _write(target, new)
            copied += 1
        if versions.get(source.name) != version:
            versions[source.name] = version
            _write(record, json.dumps(versions, indent=1).encode())
    files = "1 file" if copied == 1 else f"{copied} files"
    return ([f"Copied {files} to {folder}."] if copied else []) + changed


def _versions(record):
    """File name → version, as recorded. A damaged record is none: then nothing is overwritten."""
    try:
        versions = json.loads(record.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return versions if isinstance(versions, dict) else {}


def _write(path, content):
    """Write a file whole or not at all, because a hub may stop a start that takes too long."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def _unused(path):
    """This path or, if a file has this name already, the first free one with a number."""
    number, first = 2, path
    while path.exists():
        path, number = first.with_stem(f"{first.stem}-{number}"), number + 1
    return path


def without_solutions(lessons, folder):
    """Write copies of the lessons without the cells tagged `solution`; return their names.

    The glossary is copied too. Raises FileExistsError, before anything is written, if a file of
    such a name exists already.
    """
    import nbformat  # comes with JupyterLab

    sources = sorted(lessons.glob("*.ipynb"))
    for source in [*sources, lessons / GLOSSARY]:
        if (folder / source.name).exists():
            raise FileExistsError(f"{folder / source.name} exists already: name an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    for source in sources:
        notebook = nbformat.read(source, as_version=4)
        notebook.cells = [
            cell for cell in notebook.cells if "solution" not in cell.metadata.get("tags", [])
        ]
        nbformat.write(notebook, folder / source.name)
    shutil.copyfile(lessons / GLOSSARY, folder / GLOSSARY)
    return [source.name for source in sources]


LITE = "# In the browser, this cell installs the package.\n%pip install -q gdlesson"


def lite_site(clone, folder, run=subprocess.run):
    """Build a JupyterLite site of a clone's lessons in an empty folder: Python in the page itself.

    Its kernel and every package but ours come from the network when a page is opened. Raises
    FileExistsError if the folder is not empty, RuntimeError if a tool is missing or fails.
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
            # Texts in one piece: the site joins the lines that nbformat writes by commas.
            whole = json.dumps(notebook, ensure_ascii=False)
            (contents / source.name).write_text(whole, encoding="utf-8")
        shutil.copyfile(clone / "notebooks" / GLOSSARY, contents / GLOSSARY)
        build = [
            *(sys.executable, "-m", "jupyter", "lite", "build", "--lite-dir", str(place)),
            *("--contents", str(contents.parent), "--output-dir", str(folder)),
            *("--piplite-wheels", str(wheel)),
        ]
        _run(run, build, "jupyterlite-core and jupyterlite-pyodide-kernel", place)


def _run(run, command, tools, place):
    """Run a tool in a temporary folder, where the files it leaves behind do no harm."""
    done = run(command, cwd=place, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        why = last[0] if last else f"exit code {done.returncode}"
        raise RuntimeError(f"building needs {tools}, and failed: {why}")


def binder_link(address, notebook=FIRST):
    """The address that opens a notebook of a GitHub repository on Binder.

    address: of the repository, as git writes it. notebook: its path in there.
    Raises ValueError for a host other than GitHub.
    """
    owner, name = owner_and_name(address)
    return f"https://mybinder.org/v2/gh/{owner}/{name}/HEAD?urlpath=lab/tree/{notebook}"


def owner_and_name(address):
    """The owner and the name of a repository. Raises ValueError for a host other than GitHub."""
    found = re.search(r"github\.com[:/]+([^/]+)/([^/]+?)(?:\.git)?/?$", address.strip())
    if not found:
        raise ValueError(f"Binder needs a repository on GitHub, got {address.strip()!r}")
    return found.groups()


def origin(clone):
    """The address a clone came from. Raises ValueError if git knows of none."""
    command = ["git", "-C", str(pathlib.Path(clone)), "remote", "get-url", "origin"]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        raise ValueError(f"expected a clone with a remote called origin in {clone}") from None
