"""What every saved notebook must be; that its cells run is checked by nbval beside this."""

import base64
import copy
import io
import pathlib
import re

import nbformat
import pytest
from PIL import Image

from gdlesson.cli import clean

ROOT = pathlib.Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_there_are_notebooks():
    assert {"00-start-here", "05-batch"} <= {path.stem for path in NOTEBOOKS}


def test_cleaning_again_changes_nothing(notebook):
    nbformat.validate(notebook)
    assert clean(copy.deepcopy(notebook)) == notebook


def test_nothing_that_needs_a_kernel_is_saved(path, notebook):
    text = path.read_text(encoding="utf-8")
    assert "widget-view" not in text and "widget-state" not in text
    assert "widgets" not in notebook.metadata
    assert all(cell.execution_count for cell in code_cells(notebook) if cell.outputs)
    assert path.stat().st_size < 200_000


def test_outputs_are_text_and_pictures_and_never_html_beside_a_picture(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            assert output.output_type in ("execute_result", "display_data", "stream")
            assert output.get("name") != "stderr"
            kinds = set(output.get("data", {}))
            assert kinds <= {"text/plain", "image/png"} or kinds == {"text/plain", "text/html"}


def test_pictures_are_sharp_and_opaque(notebook):
    pictures = 0
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if "image/png" not in output.get("data", {}):
                continue
            pictures += 1
            size = output.metadata["image/png"]
            png = base64.b64decode(output.data["image/png"])
            with Image.open(io.BytesIO(png)) as image:
                assert image.size == (2 * size["width"], 2 * size["height"])
                assert image.convert("RGBA").getpixel((2, 2)) == (255, 255, 255, 255)
    assert pictures


def test_cells_are_short_and_plain(notebook):
    for cell in code_cells(notebook):
        assert len([line for line in cell.source.splitlines() if line.strip()]) <= 15
        assert "#hide" not in cell.source and "# hide" not in cell.source
    words = re.findall(r"\b(simply|obviously|just|trivially|of course)\b", prose(notebook), re.I)
    assert not words


def test_solutions_are_folded_and_define_nothing(notebook):
    for cell in code_cells(notebook):
        is_solution = cell.source.startswith("solution(")
        assert is_solution == ("solution" in cell.metadata.get("tags", []))
        if is_solution:
            folded = {"source_hidden": True, "outputs_hidden": True}
            assert cell.metadata["jupyter"] == folded
            assert "def " not in cell.source and "=" not in cell.source


def test_links_lead_somewhere(path, notebook):
    for target in re.findall(r"\]\(([^)#]+)\)", prose(notebook)):
        if not target.startswith(("http:", "https:")):
            assert (path.parent / target).is_file(), target


def test_markdown_tables_and_maths_survived_writing(notebook):
    assert not re.search(r"\\\\(tfrac|cdot|le\b|leftarrow)", prose(notebook))
