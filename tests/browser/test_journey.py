"""A learner's way through the first lessons, with mouse and keyboard."""

from .lab import drag, open_and_run

WRONG = """def gradient_descent(grad, w0, lr, steps):
    path = [np.array(w0, float)]
    for _ in range(steps):
        path.append(path[-1] + lr * grad(path[-1]))
    return np.array(path)

check(gradient_descent)"""


def write(page, cell, text):
    """Replace the text of a cell, and run it."""
    editor = cell.locator(".cm-content").first
    editor.scroll_into_view_if_needed()
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)
    page.keyboard.press("Shift+Enter")


def test_from_the_first_picture_to_ones_own_function_in_it(page, lab):
    open_and_run(page, lab, "notebooks/00-start-here.ipynb", ".gdl[data-frames] .gdl-handle")
    page.wait_for_timeout(1000)
    place = page.locator(".gdl-handle").first.get_attribute("aria-label")
    drag(page, page.locator(".gdl-handle").first, -80, 40)
    page.wait_for_function(
        "was => document.querySelector('.gdl-handle').getAttribute('aria-label') !== was", arg=place
    )

    open_and_run(page, lab, "notebooks/03-step-size.ipynb", ".gdl.gdl-locked[data-frames]")
    page.click("text=It crosses the minimum at every step, and every jump is longer than the last.")
    page.wait_for_selector(".gdl:not(.gdl-locked) .gdl-handle")
    page.click("text=Show the answer")
    page.wait_for_selector("text=As you predicted: It crosses the minimum")

    exercise = page.locator(".jp-CodeCell", has_text="def gradient_descent").first
    write(page, exercise, WRONG)
    exercise.locator("text=goes uphill").wait_for()
    right = WRONG.replace("path[-1] + lr", "path[-1] - lr")
    write(page, exercise, right)
    exercise.locator("text=goes uphill").wait_for(state="detached")
    assert "Passed" in exercise.locator(".jp-OutputArea-output").last.inner_text()

    own = page.locator(".jp-CodeCell", has_text="mine=gradient_descent")
    own.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    own.locator(".gdl-readout", has_text="Your path, drawn as crosses, is the same.").wait_for()
