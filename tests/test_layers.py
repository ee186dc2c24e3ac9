"""The layers of the package: who may import whom."""

import ast
import pathlib
import subprocess
import sys

import pytest

PACKAGE = pathlib.Path(__file__).parent.parent / "gdlesson"
CORE = {
    "descent", "optimizers", "newton", "schedules", "surfaces", "problems", "datasets", "benchmark",
}  # fmt: skip
TEXT = {"formatting", "lazy"}
# Layer → (layers and modules below it, packages of others), beside the standard library.
LAYERS = {
    "core": (CORE, {"numpy"}),
    "formatting": (set(), set()),
    "lazy": (set(), set()),
    "progress": (set(), set()),
    "course": ({"progress"}, set()),
    "__init__": (CORE | {"course", "exercises", "live"}, set()),
    "checking": (TEXT | {"checking"}, {"numpy"}),
    "questions": (CORE | TEXT | {"checking", "questions"}, {"numpy"}),
    "exercises": (CORE | TEXT | {"checking", "exercises", "progress"}, {"numpy"}),
    "views": (CORE | TEXT | {"views"}, {"matplotlib", "numpy"}),
    "live": (
        TEXT | {"checking", "live", "progress", "questions", "views"},
        {"IPython", "anywidget", "ipywidgets", "matplotlib", "numpy", "traitlets", "PIL"},
    ),
    "explorers": (
        CORE | TEXT | {"checking", "explorers", "live", "views"},
        {"ipywidgets", "matplotlib", "numpy"},
    ),
    "distribute": (set(), {"nbformat"}),
    "examination": ({"live", "questions"}, {"nbformat"}),
    "tables": (set(), set()),
    "grading": (
        TEXT | {"checking", "course", "exercises", "grading", "progress", "questions", "tables"},
        {"IPython", "nbformat", "traitlets"},
    ),
    "gathering": ({"course", "progress", "tables"}, set()),
    "site": (
        {
            "checking",
            "course",
            "distribute",
            "exercises",
            "explorers",
            "formatting",
            "live",
            "questions",
            "site",
        },
        {
            "IPython",
            "PIL",
            "jinja2",
            "markupsafe",
            "math_core",
            "nbconvert",
            "nbformat",
            "numpy",
            "pygments",
        },
    ),
    "starting": ({"distribute"}, {"jupyter_core"}),
    "jupyter": (set(), {"jupyter_server"}),  # read by the server, not imported
    "cli": (
        {"distribute", "examination", "gathering", "grading", "site", "starting"},
        {"nbclient", "nbformat"},
    ),
}
CATALOGUES = {"surfaces.py", "optimizers.py", "problems.py"}  # one entry after the other,
CATALOGUES_IN = "questions"  # and every file of this folder
STANDARD = set(sys.stdlib_module_names)
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))


def layer(path):
    """The layer of a file: its folder's name, or its own directly in the package."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "core" if parts[0] in CORE else parts[0]


def imports(path):
    """Modules of ours (first part of the name) and packages of others that a file imports."""
    package = path.relative_to(PACKAGE).parent.parts
    ours, others = set(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            others |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            others.add(node.module.partition(".")[0])
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1]
            names = [node.module] if node.module else [alias.name for alias in node.names]
            ours |= {(*base, *name.split("."))[0] for name in names}
    return ours, others - STANDARD


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_down_only(path):
    ours, others = imports(path)
    allowed, packages = LAYERS[layer(path)]
    assert ours <= allowed, f"{path.name} may not import {ours - allowed}"
    assert others <= packages, f"{path.name} may not import {others - packages}"


@pytest.mark.parametrize(
    "line", ["import gdlesson", "from gdlesson import check, hint, solution; check(len)"]
)
def test_checking_loads_no_pictures(line):
    code = (
        f"{line}\nimport sys\n"
        "print([m for m in ('matplotlib', 'ipywidgets', 'anywidget', 'PIL') if m in sys.modules])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"


def test_pictures_load_nothing_that_only_other_work_needs():
    # pyplot and its windows, what saves, checks or makes lessons, and what only tests need
    code = (
        "import sys\nfrom gdlesson.explorers import catalogue\n"
        "explorers = [catalogue()[name] for name in catalogue()]\n"
        "explorers[0]()._repr_mimebundle_()\n"
        "needless = ('matplotlib.pyplot', 'matplotlib.backends.backend_svg', 'pylab', 'tkinter', "
        "'matplotlib.animation', 'matplotlib_inline', 'scipy', 'pandas', 'nbformat', 'nbclient', "
        "'jupyter_client', 'hypothesis', 'pytest', 'gdlesson.live.export', "
        "'gdlesson.live.question', 'gdlesson.grading', 'gdlesson.questions', 'gdlesson.site')\n"
        "print([m for m in needless if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("package, name", [("explorers", "slope"), ("exercises", "derivative")])
def test_a_catalogue_loads_a_module_only_when_it_is_asked_for(package, name):
    code = (
        f"import sys\nfrom gdlesson.{package} import catalogue\nnames = list(catalogue())\n"
        f"def loaded(): return [m for m in sys.modules if m.startswith('gdlesson.{package}.')]\n"
        f"print(loaded())\ncatalogue()['{name}']\nprint(len(names), 'slope' in ''.join(loaded()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, last = done.stdout.splitlines()
    assert first == "[]" and int(last.split()[0]) >= 13 and last.endswith("True")


def test_files_stay_short():
    for path in MODULES:
        if path.name not in CATALOGUES and path.parent.name != CATALOGUES_IN:
            lines = len(path.read_text(encoding="utf-8").splitlines())
            assert lines <= 300, f"{path.relative_to(PACKAGE)} has {lines} lines"
