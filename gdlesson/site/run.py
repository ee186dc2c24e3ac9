"""Run a lesson, to find the explorers, predictions and questions that its cells show.

May import: explorers, live, IPython, nbformat.
"""

import ast
import contextlib
import io
import os

from IPython.core.interactiveshell import InteractiveShell

from ..explorers.base import Explorer
from ..live.prediction import Prediction


class Lesson:
    """What the cells of a lesson show.

    explorers: {index of a cell: (name in the site, Explorer)}; predictions: {index: Prediction};
    questions: {index: name of the question}.
    """

    def __init__(self, name):
        self.name = name
        self.explorers, self.predictions, self.questions = {}, {}, {}

    def shown(self):
        """{index of a cell: what the page shows there}, as `pages.page` takes it."""
        found = {index: {"explorer": name} for index, (name, _) in self.explorers.items()}
        found |= {index: {"question": name} for index, name in self.questions.items()}
        for index, asked in self.predictions.items():
            locked = [name for name, it in self.explorers.values() if it.after is asked]
            record = {key: getattr(asked, key) for key in ("question", "answer", "because", "name")}
            record |= {"choices": list(asked.choices), "explorer": locked[0] if locked else None}
            found[index] = {"prediction": record}
        return found


def run(notebook, name):
    """Run the code of a notebook in this process; returns its `Lesson`.

    Raises RuntimeError, with the number of the cell, if a cell fails.
    """
    os.environ["CI"] = "1"  # nobody learns here: no progress is recorded
    shell, lesson, modules = InteractiveShell.instance(), Lesson(name), {}
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        with contextlib.redirect_stdout(io.StringIO()):
            done = shell.run_cell(cell.source)
        if not done.success:
            why = done.error_in_exec or done.error_before_exec
            raise RuntimeError(f"cell {index} of {name} failed: {why}")
        if isinstance(done.result, Explorer):
            module = type(done.result).__module__.rpartition(".")[2]
            count = modules[module] = modules.get(module, 0) + 1
            part = module.replace("_", "-") + (f"-{count}" if count > 1 else "")
            lesson.explorers[index] = f"{name[:2]}-{part}", done.result
        elif isinstance(done.result, Prediction):
            lesson.predictions[index] = done.result
        elif (asked := question_of(cell.source)) is not None:
            lesson.questions[index] = asked
    return lesson


def question_of(source):
    """The name of the question that a cell asks by `ask("name")`, or None."""
    body = ast.parse(source).body
    call = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
    if not isinstance(call, ast.Call) or getattr(call.func, "id", None) != "ask":
        return None
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) else None
