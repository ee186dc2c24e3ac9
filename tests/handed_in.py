"""Handed-in notebooks of known quality, for the tests of `gdlesson grade`."""

import json

RIGHT = "def gd_step(w, g, lr):\n    return w - lr * g\n"


def notebook(*sources, outputs=()):
    """A notebook with these code cells, as its text; outputs: of the first cell."""
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"cell-{number}",
            "metadata": {},
            "outputs": list(outputs) if number == 0 else [],
            "source": source.splitlines(keepends=True),
        }
        for number, source in enumerate(sources)
    ]
    metadata = {"language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def step(body, *, before="", check="check(gd_step)"):
    """A notebook that defines gd_step with this body and checks it."""
    cell = f"{before}def gd_step(w, g, lr):\n    {body}\n\n{check}"
    return notebook("from gdlesson import check", cell)


# What is handed in, and its rows: (name, status, mistake).
GRADED = {
    "right": (step("return w - lr * g"), [("gd_step", "passed", "")]),
    "uphill": (step("return w + lr * g"), [("gd_step", "mistake", "uphill")]),
    "unwritten": (step("..."), [("gd_step", "not yet", "")]),
    "raises": (step("return w - lr * grad"), [("gd_step", "error", "NameError")]),
    "convention": (
        notebook(
            "import numpy as np",
            "def momentum_step(w, v, g, lr, beta):\n    v = beta * v - lr * g\n    return w + v, v",
        ),
        [("momentum_step", "convention", "velocity points downhill")],
    ),
    "syntax": (
        notebook(
            "def steps_needed(lr, L, tol):\n    return round(1 / (lr * L)",
            RIGHT,
            "check(steps_needed)",
        ),
        [("gd_step", "passed", ""), ("steps_needed", "error", "SyntaxError")],
    ),
    "magics": (
        notebook(
            "%matplotlib inline\nimport asyncio\nawait asyncio.sleep(0)",
            "%%time\n" + RIGHT,
            "!echo hello\n%no_such_magic",
            "exit()",
            "import sys; sys.exit()",
            "raise KeyboardInterrupt",
            "steps_needed = lambda lr, L, tol: 20",
        ),
        [("gd_step", "passed", ""), ("steps_needed", "mistake", "a constant result")],
    ),
    "borrowed": (
        notebook(
            "from gdlesson import check, numerical_gradient, step_decay",
            "check(step_decay)",
            "# check(cosine_decay)\nhelper = numerical_gradient\ncheck(undefined)",
        ),
        [("step_decay", "not yet", "")],
    ),
    "empty lesson": (notebook("1 + 1", "", "'check'"), []),
}
# What is hostile and yet graded, with its rows.
HARMLESS = {
    "endless exercise": (
        step("while True: pass", check=""),
        [("gd_step", "error", "")],
    ),
    "allocates 8 GB": (
        notebook("import numpy as np\nlarge = np.ones(10**9)", RIGHT),
        [("gd_step", "passed", "")],
    ),
    "deletes its folder": (
        notebook(
            "import pathlib, shutil\nfor file in pathlib.Path.cwd().iterdir(): file.unlink()",
            "shutil.rmtree(pathlib.Path.cwd())",
            RIGHT,
        ),
        [("gd_step", "passed", "")],
    ),
    "leaves processes": (
        notebook(
            "import os, subprocess, sys, time",
            "line = [sys.executable, '-c', 'import time; time.sleep(600)']\n"
            "for _ in range(3): subprocess.Popen(line, start_new_session=True)",
            "for _ in range(4):\n    os.fork()",  # 16 processes, 15 of which must not grade
            RIGHT,
        ),
        [("gd_step", "passed", "")],
    ),
    "changes the check": (
        notebook(
            "import gdlesson, sys\nfrom gdlesson.checking import exercise",
            "gdlesson.check = gdlesson.exercises.check = lambda fn: 'Passed'\n"
            "exercise.Exercise.check = lambda *args: exercise.Feedback('passed', None, 'Passed')",
            "def gd_step(w, g, lr):\n    return w + lr * g",
            "sys.exit(0)",
        ),
        [("gd_step", "mistake", "uphill")],
    ),
}
# What cannot be graded, and how its reason begins.
NOT_GRADED = {
    "exits": (
        notebook("import os", "os._exit(3)"),
        "its process ended with exit code 3 in code cell 2, which begins with 'os._exit(3)'",
    ),
    "kills itself": (
        notebook("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
        "its process was ended by SIGKILL, perhaps because memory ran out in code cell 1",
    ),
    "is no notebook": ("I could not open the notebook.", "expected a notebook, and it is another"),
    "never ends": (
        notebook(RIGHT, "while True:\n    pass"),
        "it did not end within {seconds} seconds in code cell 2, which begins with 'while True:'",
    ),
    "prints for ever": (
        notebook("while True:\n    print('x' * 100_000)"),
        "it did not end within {seconds} seconds in code cell 1",
    ),
}
# The same, but for the thorough end.
ODD = {
    "crashes": (
        notebook("import ctypes\nctypes.string_at(0)"),
        "its process was ended by SIGSEGV (a crash) in code cell 1",
    ),
    "real-time signal": (
        notebook("import os\nos.kill(os.getpid(), 40)"),
        "its process was ended by signal 40 in code cell 1",
    ),
    "ends well before its end": (
        notebook("import os\nos._exit(0)"),
        "its process ended with exit code 0 in code cell 1",
    ),
    "forks without end": (
        notebook("import os, time\nfor _ in range(7): os.fork()\ntime.sleep(60)"),
        "it started more than 50 processes in code cell 1",
    ),
    "empty": ("", "expected a notebook, and the file is empty"),
    "bytes": ("\0\1\2", "expected a notebook, and it is another kind of file"),
    "a list": ("[1, 2]", "expected a notebook, and it has no readable cells"),
    "no cells": ('{"nbformat": 4}', "expected a notebook, and it has no readable cells"),
    "deep": ("[" * 100_000, "expected a notebook, and it is another kind of file"),
    "in R": (
        notebook("1").replace('"python"', '"R"'),
        "expected a notebook in Python, and it is in R",
    ),
    "writes into the results": (
        notebook(
            "import gc, io",
            "for file in gc.get_objects():\n"
            "    if isinstance(file, io.TextIOWrapper) and str(file.name).endswith('results'):\n"
            "        print('[' * 100_000, file=file)",
        ),
        "its results cannot be read",
    ),
}
