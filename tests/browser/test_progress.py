"""Progress as a learner meets it: a prediction with its reason, an exercise, a restart, the map."""

import contextlib
import shutil

import pytest

from gdlesson import progress

from .conftest import NOTEBOOKS, watched
from .lab import chromium, jupyter_lab, open_and_run, settle, stop_kernels, write

IDLE = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
CHOICE = "It crosses the minimum at every step, and every jump is longer than the last."
REASON = "dd aa x 00: 1.1 > 1"  # most of these keys would change a notebook
WRONG = """def gradient_descent(grad, w0, lr, steps):
    path = [np.array(w0, float)]
    for _ in range(steps):
        path.append(path[-1] + lr * grad(path[-1]))
    return np.array(path)

check(gradient_descent)"""


# With the slow end, where two run at once: it waits for a browser most of the time.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def learner(tmp_path_factory):
    """A page, its complaints, and the address and folder of a server that is a learner's own."""
    if chromium() is None:
        pytest.skip("no Chromium or Chrome is installed, so nothing can be seen in a browser")
    root = tmp_path_factory.mktemp("learner")
    shutil.copytree(NOTEBOOKS, root / "notebooks")
    with contextlib.ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:  # while the server starts
            for variable in ("CI", "PYTEST_CURRENT_TEST", "NO_PROGRESS"):
                patch.delenv(variable, raising=False)
            address = stack.enter_context(jupyter_lab(root))
        page, complaints = stack.enter_context(watched(address))
        yield page, complaints, address, root / "notebooks"


def row(page, lesson):
    text = page.locator("table tr", has_text=lesson).first.inner_text()
    return text.replace("\N{NO-BREAK SPACE}", " ").split("\t")


def test_a_lesson_done_is_still_on_the_map_after_a_restart(learner):
    page, complaints, address, folder = learner
    open_and_run(page, address, "notebooks/03-step-size.ipynb", ".gdl.gdl-locked[data-frames]")
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    why = page.get_by_label("Why? (one sentence, may be empty)").first
    why.click()
    page.keyboard.type(REASON)
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells and why.input_value() == REASON
    assert page.locator(".gdl-locked").first.is_visible()  # a reason is no prediction yet
    page.get_by_label(CHOICE).first.check()
    page.wait_for_selector(".gdl:not(.gdl-locked) .gdl-handle")
    page.wait_for_selector(IDLE, timeout=60_000)  # all cells have run
    settle(page)
    page.wait_for_selector(".gdl-main .noUi-target:not([disabled])")
    page.focus(".gdl-main .noUi-handle")
    for _ in range(160):  # from 0.050 to 0.210
        page.keyboard.press("ArrowRight")
    quoted = f"You predicted: {CHOICE} You wrote: {REASON}."
    page.locator(".gdl-readout", has_text=quoted).first.wait_for()
    why.click()
    page.keyboard.press("End")
    page.keyboard.type(" always")
    page.click("text=Show the answer")
    reply = page.get_by_role("alert").first
    reply.locator(f"text=You wrote: {REASON} always.").wait_for()
    assert reply.inner_text().startswith(f"As you predicted: {CHOICE}")
    quoted = quoted.replace(REASON, f"{REASON} always")
    page.locator(".gdl-readout", has_text=quoted).first.wait_for()

    exercise = page.locator(".jp-CodeCell", has_text="def gradient_descent").first
    write(page, exercise, WRONG)
    exercise.locator("text=goes uphill").wait_for()
    write(page, exercise, WRONG.replace("path[-1] + lr", "path[-1] - lr"))
    exercise.locator("text=Passed").first.wait_for()
    recorded = progress.load(folder)
    entry = recorded["exercises"]["gradient_descent"]
    assert (entry["best"], entry["tries"], entry["mistake"]) == ("passed", 2, "uphill")
    entry = recorded["predictions"]["overshoot"]
    assert (entry["status"], entry["choice"]) == ("right", CHOICE)
    assert entry["why"] == f"{REASON} always"

    stop_kernels(address)
    open_and_run(page, address, "notebooks/00-start-here.ipynb", ".gdl[data-frames]")
    page.locator("text=Go on with").wait_for()
    done = row(page, "03 · Step size")[3]
    assert done.startswith("predictions 1 of 1, ") and done.endswith(", exercises 1 of 2")
    done = row(page, "01 · Slope")[3]
    assert done.startswith("predictions 0 of 1, ") and ", exercises 0 of " in done
    page.locator("p", has_text="Go on with").locator("a").click()  # to lesson 03, in this page
    page.wait_for_selector('.lm-TabBar-tab.lm-mod-current:has-text("03-step-size.ipynb")')

    stop_kernels(address)
    open_and_run(page, address, "notebooks/03-step-size.ipynb", ".gdl.gdl-locked[data-frames]")
    page.locator(f"text=Earlier you predicted: {CHOICE} You wrote: {REASON} always.").wait_for()
    assert complaints == []
