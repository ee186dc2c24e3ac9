"""Questions on a page: answered with the keyboard alone, saved, found again, or alone."""

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from sample_questions import typed

from gdlesson import progress
from gdlesson.cli import clean, rerun
from gdlesson.questions import catalogue

from .lab import open_and_run, open_notebook, stop_kernels

KINDS = {
    "Number": "loss_factor",
    "Choice": "other_start",
    "Several": "momentum_converges",
    "Order": "order_of_noise",
    "Match": "which_step_size",
}
NAME = "questions.ipynb"
MENU = '.lm-MenuBar-itemLabel:text-is("{}")'
ITEM = '.lm-Menu-itemLabel:text-is("{}")'
AS_LEARNER = "import os\nfor name in ('CI', 'PYTEST_CURRENT_TEST'): os.environ.pop(name, None)"


def write(root, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(clean(nbformat.v4.new_notebook(cells=cells)), root / NAME)


# With the slow end, where two run at once: it waits for a browser most of the time.
pytestmark = pytest.mark.slow


@pytest.fixture
def show(page, lab, root):
    """Show cells of a notebook: show("source", …) → page."""

    def show(*sources):
        write(root, "from gdlesson import ask", *sources)
        open_and_run(page, lab, NAME, ".gdq")
        asked = sum(source.startswith("ask") for source in sources)
        page.wait_for_function(f"document.querySelectorAll('.gdq').length === {asked}")
        page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
        return page

    return show


def save(page):
    page.keyboard.press("Control+s")
    page.wait_for_selector(".jp-mod-current .jp-DirtyIndicator, .jp-mod-dirty", state="detached")
    page.wait_for_timeout(800)


def records(root):
    """(text, metadata) of the records in the saved notebook."""
    return [
        (output.data["text/plain"], output.metadata["gdlesson"])
        for cell in nbformat.read(root / NAME, 4).cells
        for output in cell.outputs
        if "gdlesson" in output.get("metadata", {})
    ]


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def give(page, kind, reply):
    """Enter a reply by keys, from the first control of a question, which has the focus."""
    focused = page.evaluate_handle("document.activeElement.closest('.gdq')").as_element()
    chosen = reply.split(" ")
    if kind == "Number":
        press(page, "Control+a")
        page.keyboard.type(reply)
    elif kind == "Choice":
        press(page, "Space", *["ArrowDown"] * ("abcdefgh".index(reply)))
    elif kind == "Several":
        for letter in [box.get_attribute("value") for box in focused.query_selector_all("input")]:
            is_on = page.evaluate("document.activeElement.checked")
            press(page, *["Space"] * (is_on != (letter in chosen)), "Tab")
    elif kind == "Order":
        for place, letter in enumerate(chosen):
            item = focused.query_selector(f'li[data-letter="{letter}"] button:enabled')
            item.focus()
            items = page.locator(".gdq-order li").evaluate_all(
                "all => all.map(i => i.dataset.letter)"
            )
            now = items.index(letter)
            press(page, *["ArrowUp"] * (now - place))
    elif kind == "Match":
        for letter in chosen:
            page.keyboard.type(f"curve {letter}", delay=20)
            press(page, "Tab")


def tab_to(page, name):
    for _ in range(20):
        if page.evaluate("document.activeElement.textContent") == name:
            return
        press(page, "Tab")
    raise AssertionError(f"Tab does not reach {name}")


def focus_first(page, question):
    question.locator("input, select, li button:enabled").first.focus()


def serious(page, number=0):
    """What axe-core finds in a question that matters to somebody."""
    page.locator(".gdq").nth(number).evaluate("it => { it.id = 'ours'; }")
    found = Axe().run(page, context="#ours").response["violations"]
    page.locator("#ours").evaluate("it => { it.removeAttribute('id'); }")
    return [(v["id"], [n["html"] for n in v["nodes"]]) for v in found if v["impact"] != "minor"]


@pytest.mark.parametrize("kind", KINDS)
def test_wrong_wrong_again_and_new_numbers_right_by_the_keyboard(show, root, kind):
    question = catalogue()[KINDS[kind]]
    posed, other = question.pose(1), question.pose(2)
    page = show(f'ask("{question.name}", seed=1)')
    shown = page.locator(".gdq")
    assert shown.locator("legend").inner_text() == posed.text
    name, wrong, message = posed.wrong[0]
    focus_first(page, shown)
    for mistakes, count in ((1, "1 mistake"), (2, "2 mistakes")):
        give(page, kind, typed(posed, wrong))
        tab_to(page, "Check")
        press(page, "Enter")
        page.wait_for_selector(f'pre:has-text("({count})")')
        assert page.evaluate("document.activeElement.textContent") == "Check"
        feedback = shown.locator(".gdq-feedback")
        assert feedback.inner_text().startswith(f"Look again. {message}")
        assert ("Worked solution." in feedback.inner_text()) == (mistakes == 2)
        if mistakes == 1:
            focus_first(page, shown)
    assert feedback.inner_text().endswith(posed.solution)
    assert serious(page) == []
    save(page)
    text, about = records(root)[0]
    assert text.endswith(f": {name} (2 mistakes).")
    assert about == {"question": question.name, "seed": 1, "reply": typed(posed, wrong)}

    tab_to(page, "New numbers")
    press(page, "Enter")
    page.wait_for_selector(".gdq-feedback", state="detached")
    assert shown.locator("legend").inner_text() == other.text
    assert page.evaluate("document.activeElement.matches('.gdq-inputs *')")
    assert shown.locator(".gdq-feedback").count() == 0
    give(page, kind, typed(other, other.answer))
    if kind in ("Number", "Choice"):
        press(page, "Enter")  # from the field itself
    else:
        tab_to(page, "Check")
        press(page, "Space")
    page.wait_for_selector("pre:has-text(': right.')")
    assert shown.locator(".gdq-feedback").inner_text().startswith("Passed.")
    assert page.locator(".jp-Cell").count() == 2
    save(page)
    assert records(root)[0][1]["seed"] == 2
    assert question.pose(2).judge(records(root)[0][1]["reply"]).status == "passed"


def test_keys_stay_in_the_field_and_the_record_leaves_the_widget_alone(show):
    page = show('ask("loss_factor", seed=1)')
    field = page.locator(".gdq-number")
    page.locator(".gdq legend").click()
    field.click()
    page.keyboard.type("bxxddaz 0.9")  # insert a cell, cut, delete, add one, undo
    page.evaluate("document.querySelector('.gdq').marked = true")
    press(page, "Enter")
    page.wait_for_selector(".gdq-feedback >> text=Unclear")
    field.fill("0.9")
    press(page, "Shift+Enter")
    page.wait_for_selector("pre:has-text('You answered 0.9')")
    assert page.evaluate("document.querySelector('.gdq').marked")
    assert page.evaluate("document.activeElement.matches('.gdq-number')")
    assert field.input_value() == "0.9" and page.locator(".jp-Cell").count() == 2


def test_without_a_kernel_the_page_says_so(show, lab):
    page = show('ask("loss_factor", seed=1)')
    stop_kernels(lab)
    page.wait_for_timeout(1500)
    page.locator(".gdq-number").fill("0.9")
    press(page, "Enter")
    page.wait_for_selector(".gdq-feedback >> text=Python has not answered", timeout=8000)


def test_loaded_again_restarted_and_run_again_the_answer_is_there(show, root):
    page = show(AS_LEARNER, 'ask("loss_factor", seed=1)')
    page.locator(".gdq-number").fill("77")
    press(page, "Enter")
    page.wait_for_selector("pre:has-text('You answered 77: not right (1 mistake).')")
    save(page)
    page.reload()
    page.wait_for_selector(".gdq-feedback >> text=77 is not right")  # with what was typed
    assert page.locator(".gdq-number").input_value() == "77"
    page.wait_for_timeout(1500)
    page.locator(".gdq-number").fill("78")
    page.locator(".gdq-check").click()
    page.wait_for_selector("text=This answer is not yet saved with the notebook")
    page.click(MENU.format("Kernel"))
    page.click(ITEM.format("Restart Kernel and Run All Cells…"))
    page.click('.jp-Dialog button:has-text("Restart")')
    page.wait_for_selector("pre:has-text('Earlier you answered 78: not right.')")
    assert page.locator(".gdq").count() == 1
    save(page)
    assert records(root)[0][1] == {"question": "loss_factor", "seed": 1, "reply": "78"}
    entry = progress.load(root)["questions"]["loss_factor"]
    (root / progress.NAME).unlink()
    assert (entry["status"], entry["tries"], entry["reply"]) == ("mistake", 2, "78")


def test_a_cell_that_runs_again_frees_its_earlier_widget(show):
    count = "from ipywidgets.widgets.widget import _instances\nprint(len(_instances), 'open')"
    page = show('ask("loss_factor", seed=1)', count)
    counts = set()
    for _ in range(3):
        page.click(MENU.format("Run"))
        page.click(ITEM.format("Run All Cells"))
        page.wait_for_timeout(1500)
        counts.add(page.locator("pre:has-text('open')").inner_text())
    assert len(counts) == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_kind_in_a_narrow_window_and_in_both_themes(show, theme):
    page = show(*(f'ask("{name}", seed=1)' for name in KINDS.values()))
    if theme == "dark":
        page.click(MENU.format("Settings"))
        page.hover(ITEM.format("Theme"))
        page.click(ITEM.format("JupyterLab Dark"))
        page.wait_for_selector("body[data-jp-theme-light=false]", state="attached")
        page.wait_for_timeout(1000)
    page.set_viewport_size({"width": 360, "height": 900})
    press(page, "Control+b")  # away with the list of files
    page.wait_for_timeout(800)
    for i, kind in enumerate(KINDS):
        shown = page.locator(".gdq").nth(i)
        shown.scroll_into_view_if_needed()
        assert serious(page, i) == [], kind
        wide = shown.evaluate(
            "it => [...it.querySelectorAll('*')].filter(x => x.getBoundingClientRect().right >"
            " it.getBoundingClientRect().right + 1 && !x.closest('svg')).map(x => x.outerHTML)"
        )
        assert wide == []
        small = shown.evaluate(
            "it => [...it.querySelectorAll('button, select, .gdq-number, .gdq-option')].filter("
            "x => x.checkVisibility() && (x.getBoundingClientRect().height < 44 ||"
            " x.getBoundingClientRect().width < 44)).map(x => x.outerHTML)"
        )
        assert small == []
        sizes = shown.evaluate(
            "it => [...it.querySelectorAll('legend, label, button, select, .gdq-number, svg text')]"
            ".filter(x => x.checkVisibility()).map(x => parseFloat(getComputedStyle(x).fontSize) *"
            " (x.ownerSVGElement ? x.getScreenCTM().a : 1))"
        )
        assert min(sizes) >= (12 if kind == "Match" else 14), kind


def test_opened_without_a_kernel_the_question_is_there_and_its_answer_folded(page, lab, root):
    write(root, "from gdlesson import ask", 'ask("which_step_size")', 'ask("loss_factor")')
    rerun([str(root / NAME)])
    open_notebook(page, lab, NAME)
    page.wait_for_selector("details")
    assert page.locator(".gdq").count() == 0
    assert "model not found" not in page.inner_text("body")
    width, height = page.locator(".jp-RenderedHTML img").evaluate("i => [i.width, i.naturalHeight]")
    assert (width, height) == (420, 280)
    posed = catalogue()["which_step_size"].pose(0)
    assert not page.get_by_text(posed.solution).is_visible()
    page.locator("summary").first.focus()
    press(page, "Enter")
    page.locator("summary").first.click()
    assert page.get_by_text(posed.solution).count() == 1
