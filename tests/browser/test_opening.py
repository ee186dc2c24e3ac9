"""Lessons 00 and 03 as they are opened: saved pictures, the first live one, the prediction."""

import pytest

from .lab import drag, open_and_run, open_notebook, settle

FRAMES = "data-frames"  # counts the pictures drawn


@pytest.mark.parametrize("name", ["00-start-here", "03-step-size"])
def test_opened_without_running_the_pictures_are_there(page, lab, name):
    open_notebook(page, lab, f"notebooks/{name}.ipynb")
    page.wait_for_selector(".jp-RenderedImage img")
    assert "model not found" not in page.inner_text("body").lower()
    widths = page.eval_on_selector_all(".jp-RenderedImage img", "all => all.map(i => i.width)")
    assert widths and all(600 <= width <= 900 for width in widths)
    assert page.locator(".Toastify__toast").count() == 0  # no question about news


def test_the_first_notebook_wakes_its_pictures(page, lab):
    open_and_run(page, lab, "notebooks/00-start-here.ipynb", ".gdl[data-frames] .gdl-handle")
    settle(page)
    digits, valley = (page.locator(".gdl").nth(i) for i in range(2))
    canvas = digits.locator("canvas").first
    before = canvas.evaluate("canvas => canvas.toDataURL()")
    digits.get_by_role("button", name="One step more").click()
    digits.locator(".gdl-readout", has_text="Step 1 of 100: the network reads 92 of").wait_for()
    assert canvas.evaluate("canvas => canvas.toDataURL()") != before
    handle, canvas = valley.locator(".gdl-handle").first, valley.locator("canvas").first
    before, frames = canvas.evaluate("canvas => canvas.toDataURL()"), valley.get_attribute(FRAMES)
    drag(page, handle, -60, 40)
    page.wait_for_function(
        "was => document.querySelectorAll('.gdl')[1].dataset.frames !== was", arg=frames
    )
    assert canvas.evaluate("canvas => canvas.toDataURL()") != before


def test_a_prediction_wakes_the_picture_and_is_said_beside_it(page, lab):
    readout = page.locator(".gdl-readout").first.inner_text
    open_and_run(page, lab, "notebooks/03-step-size.ipynb", ".gdl.gdl-locked[data-frames]")
    assert not page.locator(".gdl-locked .gdl-handle").first.is_visible()
    page.click("text=It reaches the minimum in one step.")
    page.wait_for_selector(".gdl:not(.gdl-locked) .gdl-handle")
    idle = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
    page.wait_for_selector(idle, timeout=60_000)  # all cells have run
    settle(page)
    assert "predicted" not in readout()  # the question was about another step size
    page.wait_for_selector(".gdl-main .noUi-target:not([disabled])")
    page.focus(".gdl-main .noUi-handle")
    for _ in range(160):  # from 0.050 to 0.210
        page.keyboard.press("ArrowRight")
    there = "Step size 0.210 is above the stability limit 2/L = 0.200, so descent diverges."
    page.locator(".gdl-readout", has_text=there).first.wait_for()
    assert readout().endswith("You predicted: It reaches the minimum in one step.")
    page.click("text=Show the answer")
    page.wait_for_selector("text=The answer: It crosses the minimum at every step, and every jump")
