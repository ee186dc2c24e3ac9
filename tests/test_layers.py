"""The floors of the house: who may import whom."""

import ast
import pathlib
import subprocess
import sys

import pytest

PACKAGE = pathlib.Path(__file__).parent.parent / "gdlesson"
GROUND = {"descent", "optimizers", "schedules", "surfaces", "problems", "datasets"}
# Module → (modules of ours, packages of others) it may import, beside the standard library.
FLOORS = {
    **{name: (GROUND - {name}, {"numpy"}) for name in GROUND},
    "descent": (set(), {"numpy"}),
    "racing": (GROUND, {"numpy"}),
    "controls": (set(), {"ipywidgets"}),
    "cli": ({"handing"}, {"nbclient", "nbformat"}),
    "handing": (set(), {"nbformat"}),
    "prediction": (set(), {"ipywidgets", "traitlets"}),
    "exercise": ({"calling", "probes", "watchdog", "wording"}, {"numpy"}),
    "calling": ({"probes", "watchdog"}, {"numpy"}),
    "wording": ({"probes"}, {"numpy"}),
    "probes": (set(), {"numpy"}),
    "watchdog": (set(), set()),
    "playing": (set(), {"numpy"}),
    "recorder": (set(), {"matplotlib", "numpy"}),
    "resting": (set(), set()),
    "saying": (set(), set()),
    "live": ({"playing", "recorder"}, {"anywidget", "matplotlib", "numpy", "traitlets", "PIL"}),
    "export": ({"live"}, {"IPython", "ipywidgets", "matplotlib", "numpy", "PIL"}),
    "mine": ({"calling", "probes", "views", "watchdog"}, {"numpy"}),
    "explorer": (
        {"controls", "export", "live", "playing", "prediction", "resting", "views"},
        {"ipywidgets"},
    ),
    "__init__": (GROUND, set()),
}
VIEWS = (
    {
        "charts",
        "curves",
        "data",
        "duel",
        "landscape",
        "noise",
        "paper",
        "race",
        "rates",
        "recorder",
    },
    {"matplotlib", "numpy"},
)
TOP = (
    {
        *(GROUND | {"controls", "explorer", "exercise", "calling", "probes", "watchdog"}),
        *("prediction", "views", "live", "mine", "saying", "racing", "resting"),
    },
    {"ipywidgets", "numpy", "matplotlib"},
)
STANDARD = set(sys.stdlib_module_names)
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))


def imports(path):
    """Modules of ours and packages of others that a file imports, wherever in it."""
    ours, others = set(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            others |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            others.add(node.module.partition(".")[0])
        elif isinstance(node, ast.ImportFrom) and node.module:
            ours.add(node.module.partition(".")[0])
        elif isinstance(node, ast.ImportFrom):
            ours |= {alias.name for alias in node.names}
    return ours, others - STANDARD


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_down_only(path):
    ours, others = imports(path)
    if path.parent.name == "lessons":
        rooms = {room.stem for room in path.parent.glob("*.py")}  # a later one borrows a rule
        allowed, packages = TOP[0] | rooms, TOP[1]
    elif path.parent.name == "views":
        allowed, packages = VIEWS
    else:
        allowed, packages = FLOORS[path.stem]
    assert ours <= allowed, f"{path.name} may not import {ours - allowed}"
    assert others <= packages, f"{path.name} may not import {others - packages}"


def test_the_ground_floor_loads_without_the_upper_ones():
    code = (
        "import sys, gdlesson; "
        "print([m for m in ('matplotlib', 'ipywidgets', 'anywidget') if m in sys.modules])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"


def test_files_stay_short():
    catalogues = {"surfaces.py", "optimizers.py", "problems.py"}  # one entry after the other
    for path in MODULES:
        if path.name in catalogues or path.parent.name == "lessons":  # a room lists its mistakes
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 300, f"{path.name} has {lines} lines"
