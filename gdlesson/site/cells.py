"""The cells of a saved notebook as HTML. May import: texts, exercises.

What moves in a page is written as it is without JavaScript: an explorer as its saved picture with
the readout, a prediction and a question with their answers folded. Scripts replace it.
"""

import ast
import base64
import json
from html import escape

from ..exercises import catalogue
from .texts import code, to_html, with_code

MAP = "course_map()"  # the cell whose output is the map of the course


class Cells:
    """The cells of one lesson.

    Cells(notebook, shown, lesson, where, course_map): `shown` is {index of a cell: what it
    shows}, as `page` takes it; `lesson` is the name of its file without the ending; `where` is
    HTML of the places where its code runs; `course_map` is HTML in place of the saved map.
    """

    def __init__(self, notebook, shown, lesson, where, course_map=""):
        self.cells, self.shown, self.lesson = notebook.cells, shown, lesson
        self.where, self.course_map = where, course_map
        self.locks = {
            record["prediction"]["explorer"]: record["prediction"]["name"]
            for record in shown.values()
            if "prediction" in record and record["prediction"].get("explorer")
        }

    def html(self):
        """All cells, one after the other."""
        return "\n".join(filter(None, map(self.cell, range(len(self.cells)))))

    def cell(self, index):
        """One cell as HTML; "" if it has nothing for a reader of the web edition."""
        cell = self.cells[index]
        tags = cell.metadata.get("tags", [])
        if "notebook-only" in tags or not cell.source.strip():
            return ""
        if cell.cell_type != "code":
            return to_html(cell.source)
        if index in self.shown:
            return self._source_above(cell) + self._shown(index)
        if "solution" in tags:
            return solution(cell)
        if exercise := checked(cell.source):
            return self._exercise(cell, exercise)
        if cell.source.strip().endswith(MAP) and self.course_map:
            return self.course_map
        if only_imports(cell.source):
            return details("The imports of this lesson", code(cell.source), "imports")
        return code(cell.source) + self._outputs(index)

    def _shown(self, index):
        """What a cell shows that moves in a page."""
        kind, what = next(iter(self.shown[index].items()))
        outputs = self.cells[index].outputs
        if kind == "prediction":
            return prediction(what)
        rest = self._outputs(index, streams_only=True)
        if kind == "question":
            saved = next(o.data["text/html"] for o in outputs if "text/html" in o.get("data", {}))
            return f'{rest}<div class="site-question" data-name="{escape(what)}">{saved}</div>'
        output = next(o for o in outputs if "image/png" in o.get("data", {}))
        readout = escape(output.data["text/plain"])
        lock = self.locks.get(what)
        locked = f' data-locked-by="{escape(lock)}"' if lock else ""
        return (
            f'{rest}<figure class="site-explorer" data-name="{escape(what)}"{locked}>'
            f"{self._image(index, output)}<figcaption>{readout}</figcaption></figure>"
        )

    def _source_above(self, cell):
        """The source of a cell, unless all it does is to show one thing."""
        lines = ast.parse(cell.source).body
        showing = isinstance(lines[-1], ast.Expr)
        imports = all(isinstance(line, ast.Import | ast.ImportFrom) for line in lines[:-1])
        return "" if showing and imports else code(cell.source)

    def _exercise(self, cell, exercise):
        hints = ""
        for number, text in reversed(list(enumerate(exercise.hints, 1))):
            hints = details(
                f"Hint {number}", f'<p class="hint">{with_code(text)}</p>{hints}', "hint"
            )
        name = escape(exercise.name)
        return (
            f'<section class="exercise" aria-label="Exercise {name}">{code(cell.source)}'
            f"<p>Write it {self.where}: the check names the mistake.</p>{hints}</section>"
        )

    def _outputs(self, index, streams_only=False):
        """The saved outputs of a cell."""
        made = []
        for output in self.cells[index].outputs:
            data = output.get("data", {})
            if output.output_type == "stream":
                made.append(text_box(output.text))
            elif streams_only:
                continue
            elif "image/png" in data:
                made.append(f"<figure>{self._image(index, output)}</figure>")
            elif "text/html" in data:
                made.append(f'<div class="scroll" tabindex="0">{data["text/html"]}</div>')
            elif "text/plain" in data:
                made.append(text_box(data["text/plain"]))
        return "\n".join(made)

    def _image(self, index, output):
        size = output.metadata.get("image/png", {})
        alt = escape(size.get("alt", output.data.get("text/plain", "")))
        sides = "".join(f' {side}="{size[side]}"' for side in ("width", "height") if side in size)
        address = picture_name(self.lesson, index)
        return f'<img class="site-still" src="{address}" alt="{alt}"{sides}>'


def picture_name(lesson, index):
    """The address of the picture that a cell shows, from the page."""
    return f"pictures/{lesson}-{index:02d}.png"


def pictures(notebook, lesson):
    """The saved pictures of a notebook: {address from the page: bytes of a PNG}."""
    return {
        picture_name(lesson, index): base64.b64decode(output.data["image/png"])
        for index, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", {})
    }


def prediction(asked):
    """A prediction: question and choices, and the answer folded."""
    choices = "".join(f"<li>{escape(choice)}</li>" for choice in asked["choices"])
    answer = escape(f"{asked['answer']} {asked['because']}")
    return (
        f"<div class=\"site-prediction\" data-prediction='{in_attribute(asked)}'>"
        f"<p><b>{escape(asked['question'])}</b></p><ul>{choices}</ul>"
        f"{details('Show the answer', f'<p>{answer}</p>')}</div>"
    )


def solution(cell):
    """The folded solution of an exercise, as its cell shows it."""
    text = next(o.data["text/plain"] for o in cell.outputs if "text/plain" in o.get("data", {}))
    return details("A solution: open it when yours is written", code(text), "solution")


def details(title, inside, kind=""):
    """HTML that stays folded until its title is clicked."""
    kind = f' class="{kind}"' if kind else ""
    return f"<details{kind}><summary>{escape(title)}</summary>{inside}</details>"


def text_box(text):
    """Text that a cell printed."""
    return f'<pre class="output" tabindex="0">{escape(text.rstrip())}</pre>'


def in_attribute(value):
    """JSON for an attribute in single quotes."""
    return escape(json.dumps(value, ensure_ascii=False), quote=True)


def checked(source):
    """The exercise that a cell checks, or None."""
    for node in ast.parse(source).body:
        call = node.value if isinstance(node, ast.Expr) else None
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "check" and call.args:
            name = getattr(call.args[0], "id", None)
            if name in catalogue():
                return catalogue()[name]
    return None


def only_imports(source):
    """Whether a cell has no lines but imports."""
    return all(isinstance(line, ast.Import | ast.ImportFrom) for line in ast.parse(source).body)
