"""What a viewer without a kernel shows: every picture, no empty output, and no broken link."""

import pathlib
import re

import nbformat
import pytest

ROOT = pathlib.Path(__file__).parent.parent
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = [*ROOT.glob("*.md"), *(ROOT / "notebooks").glob("*.md"), ROOT / "gdlesson/data/SOURCES.md"]


@pytest.mark.filterwarnings("ignore")  # nbconvert's own
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_as_a_page(path):
    from nbconvert import HTMLExporter

    notebook = nbformat.read(path, as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    pictures = sum("image/png" in output.get("data", {}) for output in outputs)
    page, _ = HTMLExporter().from_notebook_node(notebook)
    shown = re.findall(r'<img[^>]*src="data:image/png;base64,[^>]*>', page, flags=re.S)
    assert len(shown) == pictures > 0
    assert all(re.search(r'alt="[^"]{20,}"', tag) for tag in shown)
    assert "widget-view" not in page
    areas = re.findall(r'<div class="jp-RenderedText[^>]*>(.*?)</div>', page, flags=re.S)
    assert all(re.sub(r"<[^>]*>|\s", "", area) for area in areas)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_pages_links_lead_somewhere(path):
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    for target in targets:
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (path.parent / target).exists(), target


def test_a_heading_and_a_picture_begin_a_slide_and_solutions_are_left_out():
    for path in LESSONS:
        for cell in nbformat.read(path, as_version=4).cells:
            slide = cell.metadata.get("slideshow", {}).get("slide_type")
            if "solution" in cell.metadata.get("tags", []):
                assert slide == "skip"
            elif cell.source.startswith("## "):
                assert slide == "slide"
            elif any("image/png" in output.get("data", {}) for output in cell.get("outputs", [])):
                assert slide == "subslide"
