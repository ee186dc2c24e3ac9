"""How long a lesson takes a newcomer who does everything, by the rule that the course goes by.

100 words of prose a minute, 40 seconds a code cell, 4 minutes an explorer, 7 an exercise, 3 a
function of lesson 19 to repair, 2 a question or a prediction. Careful readers of the first version
needed about as long.
"""

import math
import re
from types import SimpleNamespace

WORDS_PER_MINUTE = 100
MINUTES = {"code": 40 / 60, "explorer": 4, "exercise": 7, "repair": 3, "question": 2, "solution": 0}


def words(markdown):
    """The number of words a reader reads: a formula counts as one, an address as none."""
    text = markdown.partition("**References**")[0]
    text = re.sub(r"^\[◂.*$|^\[.*▸\]\(.*$", "", text, flags=re.MULTILINE)  # links to the neighbours
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", " formula ", text, flags=re.DOTALL)
    text = re.sub(r"\]\([^)]*\)|<[^>]*>", " ", text)
    return len(re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*", text))


def kind(cell):
    """What a code cell is for the learner: a key of MINUTES."""
    source = cell.source
    if "solution" in cell.metadata.get("tags", []):
        return "solution"
    if re.search(r"^\w*\.?explore\(|= \w+\.explore\(", source, re.MULTILINE):
        return "explorer"
    if re.search(r"^check\(errata_", source, re.MULTILINE):
        return "repair"
    if re.search(r"^check\(", source, re.MULTILINE):
        return "exercise"
    if re.search(r"^ask\(|_question$", source, re.MULTILINE):
        return "question"
    return "code"


def estimate(notebook):
    """The minutes that a notebook takes, not rounded."""
    prose = sum(words(cell.source) for cell in notebook.cells if cell.cell_type == "markdown")
    cells = [kind(cell) for cell in notebook.cells if cell.cell_type == "code"]
    return prose / WORDS_PER_MINUTE + sum(MINUTES[each] for each in cells)


def sittings(notebook):
    """The minutes of each sitting: a lesson is done in one, or says where the second begins."""
    cells = notebook.cells
    begin = next((i for i, c in enumerate(cells) if "second sitting" in c.source and i), len(cells))
    parts = (cells[:begin], cells[begin:])
    return [estimate(SimpleNamespace(cells=part)) for part in parts if part]


def printed(notebook):
    """The minutes that a notebook promises at its beginning."""
    return int(re.search(r"^(\d+) minutes", notebook.cells[0].source, re.MULTILINE)[1])


def rounded(minutes):
    """Minutes as they are printed: rounded up to 5."""
    return 5 * math.ceil(minutes / 5)
