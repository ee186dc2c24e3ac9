"""An explorer on a page: reachable by everyone, and whole whatever becomes of page and kernel."""

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

from gdlesson.cli import clean
from gdlesson.explorers import catalogue as explorers

from .lab import open_and_run, stop_kernels

READY = ".gdl[data-frames]"
MAKE = """
from gdlesson.explorers import catalogue as explorers
explorer = explorers()["step_size"]()
explorer
"""


@pytest.fixture
def show(page, lab, root):
    """Show cells in a notebook of their own: show("source", …) → page."""

    def show(*sources):
        cells = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
        cells.append(nbformat.v4.new_markdown_cell("# The end"))
        nbformat.write(clean(nbformat.v4.new_notebook(cells=cells)), root / "page.ipynb")
        open_and_run(page, lab, "page.ipynb", READY)
        ready = f"document.querySelectorAll('{READY}').length === {len(sources)}"
        page.wait_for_function(ready, timeout=60_000)  # all explorers at once take long
        page.wait_for_timeout(700)
        return page

    return show


def readouts(page):
    return page.locator(".gdl-readout").all_inner_texts()


def still_moves(page):
    """Whether a key on the last explorer's main slider changes its readout."""
    before = readouts(page)
    page.locator(".gdl-main .noUi-handle").last.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "before => document.querySelectorAll('.gdl-readout').item(before.length - 1).textContent"
        " !== before.at(-1)",
        arg=before,
    )
    return readouts(page)


def test_axe_finds_nothing_serious_in_any_explorer(show):
    page = show(*(MAKE.replace("step_size", name) for name in explorers()))
    for i in range(len(explorers())):
        shown = page.locator(".gdl").nth(i)
        shown.scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        shown.evaluate("it => { it.closest('.jp-OutputArea-output').id = 'ours'; }")
        found = Axe().run(page, context="#ours").response["violations"]
        serious = [each for each in found if each["impact"] in ("serious", "critical")]
        assert not serious, [(v["id"], [node["html"] for node in v["nodes"]]) for v in serious]
        shown.evaluate("it => { it.closest('.jp-OutputArea-output').removeAttribute('id'); }")


def test_the_keyboard_alone_reaches_everything(show):
    page = show(MAKE)
    page.locator(".noUi-handle[aria-label=steps]").focus()
    reached = set()
    for _ in range(16):
        reached.add(
            page.evaluate(
                "(() => { const it = document.activeElement;"
                " return it.getAttribute('aria-label') || it.textContent; })()"
            )
        )
        page.keyboard.press("Tab")
    wanted = ["steps", "Best step size", "Reset", "Step shown", "Speed"]
    wanted += ["start at 2: drag it", "Play the path", "One step more"]
    missing = [want for want in wanted if not any(want in label for label in reached)]
    assert not missing, reached


def test_a_slider_says_its_name_and_its_value_as_shown(show):
    page = show(MAKE)
    still_moves(page)
    handle = page.locator(".gdl-main .noUi-handle")
    assert handle.get_attribute("aria-label") == "step size lr"
    assert handle.get_attribute("aria-valuetext") == "0.051"
    steps = page.locator(".noUi-handle[aria-label=steps]")
    assert steps.get_attribute("aria-valuetext") == "30"


def test_keys_go_to_the_control_even_where_the_notebook_has_a_use_for_them(show):
    """A heading is the active cell, where → unfolds, and Enter would edit it."""
    page = show(MAKE)
    page.locator(".jp-MarkdownCell").first.click()
    assert "Step size 0.051" in still_moves(page)[0]
    page.locator("button", has_text="Reset").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "document.querySelector('.gdl-readout').textContent.startsWith('Step size 0.050')"
    )
    assert page.locator(".jp-Cell").count() == 2
    page.locator(".gdl-main .noUi-handle").focus()
    for key in "bxx":  # insert a cell, cut it
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert page.locator(".jp-Cell").count() == 2


def test_a_point_moved_by_keys_says_where_it_is(show):
    page = show(MAKE)
    page.locator(".gdl-handle").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(
        "document.querySelector('.gdl-announcement').textContent.startsWith('start at 1.9')"
    )


def test_two_explorers_do_not_hear_each_other(show):
    page = show(MAKE, MAKE)
    first, second = still_moves(page)
    assert "Step size 0.050" in first and "Step size 0.051" in second


def test_one_explorer_shown_twice_is_one(show):
    page = show(MAKE, "explorer")
    first, second = still_moves(page)
    assert first == second and "Step size 0.051" in second


def test_a_cell_that_runs_again_shows_the_new_picture_and_frees_the_old(show):
    page = show(MAKE)
    still_moves(page)
    page.locator(".jp-CodeCell .cm-content").first.click()
    for _ in range(2):
        page.keyboard.press("Control+Enter")
        page.wait_for_function(
            "document.querySelector('.gdl-readout')?.textContent.startsWith('Step size 0.050')"
        )
        assert page.locator(READY).count() == 1
        page.wait_for_timeout(700)
        page.locator(".gdl-main .noUi-handle").focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "document.querySelector('.gdl-readout').textContent.startsWith('Step size 0.051')"
        )
        page.locator(".jp-CodeCell .cm-content").first.click()


def test_the_page_reloaded_shows_the_explorer_again(show):
    page = show(MAKE)
    still_moves(page)
    page.keyboard.press("Control+s")
    page.wait_for_timeout(1000)
    page.reload()
    page.wait_for_selector(READY)
    page.wait_for_timeout(1000)
    assert "Step size 0.051" in readouts(page)[0]
    assert "Step size 0.052" in still_moves(page)[0]


def test_a_dead_kernel_leaves_the_picture_and_play(show, lab):
    page = show(MAKE)
    before = readouts(page)
    stop_kernels(lab)
    page.wait_for_timeout(1500)
    assert readouts(page) == before and page.locator(".gdl canvas").is_visible()
    page.get_by_role("button", name="One step more", exact=True).click()
    assert "Step 1 of 30" in readouts(page)[0]


def test_a_kernel_restarted_and_run_again_is_live_again(show):
    page = show(MAKE)
    page.click('.lm-MenuBar-itemLabel:text-is("Kernel")')
    page.click('.lm-Menu-itemLabel:text-is("Restart Kernel and Run All Cells…")')
    page.click('.jp-Dialog button:has-text("Restart")')
    page.wait_for_function(f"!document.querySelector('{READY}')")
    page.wait_for_selector(READY)
    page.wait_for_timeout(1500)
    assert "Step size 0.051" in still_moves(page)[0]


def test_twice_as_large_nothing_is_cut_off(show):
    """What 200 % zoom does to a window 1280 wide: half the room, twice the pixels."""
    page = show(MAKE)
    page.set_viewport_size({"width": 640, "height": 450})
    page.wait_for_timeout(1500)
    wide = page.evaluate(
        """() => [...document.querySelectorAll(".gdl, .gdl *, .gdl-main, .widget-hbox")]
            .filter((it) => it.getBoundingClientRect().right > window.innerWidth
                            && !it.closest(".gdl-announcement"))
            .map((it) => [it.tagName, it.className, it.getBoundingClientRect().right])"""
    )
    assert not wide
