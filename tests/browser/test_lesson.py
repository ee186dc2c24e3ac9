"""Lesson 03 as a learner meets it: in JupyterLab, in a browser, with mouse and keyboard."""

import pytest

from .conftest import watched
from .lab import answered, drag, open_and_run, settle

LESSON = "notebooks/03-step-size.ipynb"
CANVAS = ".gdl canvas"
SLIDER = ".gdl-main .noUi-handle"


@pytest.fixture(scope="module")
def opened(lab):
    """Lesson 03 run, its first explorer awake, and the page's complaints: opened once for all."""
    with watched(lab) as (page, complaints):
        open_and_run(page, lab, LESSON, ".gdl[data-frames]")
        page.click("text=Explore without predicting")
        page.wait_for_selector(".gdl:not(.gdl-locked) .gdl-handle")
        page.wait_for_selector(".gdl-main .noUi-target:not([disabled])")
        yield page, complaints


@pytest.fixture
def lesson(opened):
    """The page of lesson 03 as at first: wide, light, every control of its explorer put back."""
    page, complaints = opened
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate(
        """() => {
            document.body.dataset.jpThemeLight = "true";
            document.querySelector(".gdl").closest(".jp-OutputArea-output").style.width = "";
        }"""
    )
    page.locator("button", has_text="Reset").first.click()
    page.locator(".gdl").first.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # the picture tells its width a moment after it is shown
    settle(page)
    yield page
    assert complaints == []


def readout(page):
    return page.locator(".gdl-readout").first.inner_text()


def picture(page):
    return page.locator(CANVAS).first.evaluate("canvas => canvas.toDataURL()")


def moved(page, action):
    """Do something; return readout and picture before and after."""
    before = readout(page), picture(page)
    answered(page, action)
    return before, (readout(page), picture(page))


def centre(page, selector):
    box = page.locator(selector).first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def changed(before, after):
    return before[0] != after[0] and before[1] != after[1]


def test_keys_and_mouse_on_the_slider_move_picture_and_readout(lesson):
    page = lesson
    assert readout(page).startswith("Step size 0.050 converges")
    page.focus(SLIDER)
    before, after = moved(page, lambda: [page.keyboard.press("ArrowRight") for _ in range(5)])
    assert changed(before, after) and after[0].startswith("Step size 0.055")
    before, after = moved(page, lambda: drag(page, page.locator(SLIDER).first, 300, 0))
    assert changed(before, after)
    assert "overshoots" in after[0] or "diverges" in after[0]


def test_the_ball_is_dragged_with_the_mouse_and_moved_with_keys(lesson):
    page = lesson
    spot = centre(page, ".gdl-handle")
    before, after = moved(page, lambda: drag(page, page.locator(".gdl-handle").first, -90, 0))
    assert before[1] != after[1]
    assert centre(page, ".gdl-handle")[0] == pytest.approx(spot[0] - 90, abs=3)
    page.focus(".gdl-handle")
    before, after = moved(page, lambda: page.keyboard.press("ArrowLeft"))
    assert before[1] != after[1]
    assert "arrow" in page.locator(".gdl-handle").first.get_attribute("aria-label")


def test_the_readout_is_alt_text_and_is_spoken_when_the_hand_rests(lesson):
    page = lesson
    page.focus(SLIDER)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "document.querySelector('.gdl-announcement').textContent.startsWith('Step size 0.051')"
    )
    canvas = page.locator(CANVAS).first
    assert canvas.get_attribute("aria-label") == readout(page)
    assert page.locator(".gdl-announcement").first.get_attribute("aria-live") == "polite"


def test_the_best_step_and_the_way_back(lesson):
    page = lesson
    answered(page, page.locator("button", has_text="Best step size").first.click)
    assert readout(page) == (
        "Step size 0.100 is 1/L, so the first step ends at the minimum. The loss there is 0, which "
        "is not on a log axis."
    )
    answered(page, page.locator("button", has_text="Reset").first.click)
    assert readout(page).startswith("Step size 0.050 converges")


def test_another_curve_and_a_step_on_it(lesson):
    cell = lesson.locator(".jp-CodeCell", has_text="local_parabola.explore(").first
    cell.scroll_into_view_if_needed()
    background = cell.locator(".gdl img").get_attribute("src")
    for button, text in [
        ("plateau", "At w = 0.50 the slope is 0.64"),
        ("largest in the picture", "at most L = 2, so 2/L is 1."),
        ("lr = 1/L", "guaranteed to fall by at least 0.102, and it falls by 0.169."),
        ("Take the step", "at least 0.0285, and it falls by 0.0313."),
        ("yours", "Everywhere in the picture the curvature is at most L = 11,"),
    ]:
        cell.locator("button", has_text=button).click()
        cell.locator(".gdl-readout", has_text=text).wait_for()
    assert cell.locator(".gdl img").get_attribute("src") != background
    cell.locator("button", has_text="Reset").click()
    cell.locator(".gdl-readout", has_text="At w = 1.80 the slope is 13.5").wait_for()


def test_the_dark_theme_redraws_the_picture(lesson):
    page = lesson
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    page.wait_for_function(
        """() => {
            const still = document.querySelector(".gdl img");
            const context = document.createElement("canvas").getContext("2d");
            context.drawImage(still, 0, 0);
            const [red, green, blue, alpha] = context.getImageData(2, 2, 1, 1).data;
            return alpha === 255 && Math.max(red, green, blue) < 60;
        }"""
    )


def test_a_narrow_window_stacks_the_panels(lesson):
    page = lesson
    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_function(
        """() => {
            const box = document.querySelector(".gdl-picture").getBoundingClientRect();
            return box.height > box.width;
        }""",
        timeout=15_000,
    )


def test_two_views_of_one_explorer_come_to_rest(lesson):
    """One wide, one narrow: each tells its width once, and they do not answer each other."""
    page = lesson
    page.evaluate(
        """() => {
            const output = document.querySelector(".gdl").closest(".jp-OutputArea-output");
            output.style.width = "600px";
        }"""
    )
    page.wait_for_timeout(1500)
    frames = page.locator(".gdl").first.get_attribute("data-frames")
    page.wait_for_timeout(1500)
    assert page.locator(".gdl").first.get_attribute("data-frames") == frames


def test_the_solution_stays_folded_when_all_cells_run(lesson):
    solution = lesson.locator("details", has_text="def steps_needed").first
    assert solution.get_attribute("open") is None
    assert not solution.locator("pre").is_visible()
