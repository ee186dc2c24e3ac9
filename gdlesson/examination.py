"""The test of twelve as notebooks to hand out. May import: questions, live, nbformat."""

import nbformat

from .live.question_text import Text
from .questions import twelve

TESTS = {  # notebook → when it is given, and the seed of its numbers
    "test-before-the-course.ipynb": ("before", twelve.BEFORE),
    "test-after-the-course.ipynb": ("after", twelve.AFTER),
}
INSTRUCTIONS = """\
# A test {when} the course

Twelve questions. The answers help your teacher to see what the course changes; nobody is marked. \
Use no other help than a calculator; two significant digits are enough for a number. Where you do \
not know an answer, choose the one that seems most likely, or leave the question open. It takes \
about 25 minutes.

1. Choose **Run ▸ Run All Cells** in the menu, so that the questions can be answered.
2. Answer each question and press **Save answer**. You are not shown whether an answer is right, \
and you can change it until you hand it in.
3. Save the notebook (**Ctrl + S**, or **⌘ + S**) and hand it in.
"""


def write_tests(folder):
    """Write the test of twelve as two notebooks, for before and after the course; return names.

    Every learner has the same numbers, and other ones after the course than before it.
    Raises FileExistsError, before anything is written, if a file of such a name exists already.
    """
    for name in TESTS:
        if (folder / name).exists():
            raise FileExistsError(f"{folder / name} exists already: name an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    for name, (when, seed) in TESTS.items():
        cells = [
            nbformat.v4.new_markdown_cell(INSTRUCTIONS.format(when=when)),
            nbformat.v4.new_code_cell("from gdlesson import ask"),
            *(_item(question, seed) for question in twelve.QUESTIONS),
        ]
        for number, cell in enumerate(cells):
            cell.id = f"cell-{number:02d}"
        notebook = nbformat.v4.new_notebook(cells=cells)
        notebook.metadata["kernelspec"] = {"display_name": "Python 3", "name": "python3"}
        nbformat.write(notebook, folder / name)
    return list(TESTS)


def _item(question, seed):
    """The cell of a question; its text can be read before anything is run."""
    source = f'ask("{question.name}", seed={seed}, feedback=False)'
    text = Text(question.pose(seed), solution=False)._repr_mimebundle_()
    output = nbformat.v4.new_output("display_data", data=text)
    return nbformat.v4.new_code_cell(source, outputs=[output], execution_count=1)
