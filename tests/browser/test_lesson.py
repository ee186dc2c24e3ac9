"""Lesson 03 as a learner meets it: in JupyterLab, in a browser, with mouse and keyboard."""

import pytest

from .lab import open_and_run, open_notebook

LESSON = "notebooks/03-step-size.ipynb"
CANVAS = ".gdl canvas"
SLIDER = ".gdl-main .noUi-handle"


@pytest.fixture
def lesson(page, lab):
    """Lesson 03 run, its first explorer awake and in view."""
    open_and_run(page, lab, LESSON, ".gdl[data-frames]")
    page.click("text=Explore without predicting")
    page.wait_for_selector(".gdl:not(.gdl-locked) .gdl-handle")
    page.wait_for_selector(".gdl-main .noUi-target:not([disabled])")
    page.locator(".gdl").first.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # the picture tells its width a moment after it is shown
    settle(page)
    return page


def settle(page):
    """Wait until no new picture has come for half a second."""
    page.evaluate("window.since = performance.now()")
    page.wait_for_function(
        """() => {
            const frames = document.querySelector(".gdl").dataset.frames;
            if (window.lastFrames !== frames) {
                [window.lastFrames, window.since] = [frames, performance.now()];
            }
            return performance.now() - window.since > 500;
        }"""
    )


def readout(page):
    return page.locator(".gdl-readout").first.inner_text()


def picture(page):
    return page.locator(CANVAS).first.evaluate("canvas => canvas.toDataURL()")


def moved(page, action):
    """Do something; return readout and picture before and after."""
    before = readout(page), picture(page)
    action()
    settle(page)
    return before, (readout(page), picture(page))


def centre(page, selector):
    box = page.locator(selector).first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, selector, dx, dy):
    x, y = centre(page, selector)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=12)
    page.mouse.up()


def changed(before, after):
    return before[0] != after[0] and before[1] != after[1]


def test_keys_and_mouse_on_the_slider_move_picture_and_readout(lesson):
    page = lesson
    assert readout(page).startswith("Step size 0.050: crawls")
    page.focus(SLIDER)
    before, after = moved(page, lambda: [page.keyboard.press("ArrowRight") for _ in range(5)])
    assert changed(before, after) and after[0].startswith("Step size 0.055")
    before, after = moved(page, lambda: drag(page, SLIDER, 300, 0))
    assert changed(before, after)
    assert "overshoots" in after[0] or "diverges" in after[0]


def test_the_ball_is_dragged_with_the_mouse_and_moved_with_keys(lesson):
    page = lesson
    spot = centre(page, ".gdl-handle")
    before, after = moved(page, lambda: drag(page, ".gdl-handle", -90, 0))
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
        "() => document.querySelector('.gdl-said').textContent.startsWith('Step size 0.051')"
    )
    canvas = page.locator(CANVAS).first
    assert canvas.get_attribute("aria-label") == readout(page)
    assert page.locator(".gdl-said").first.get_attribute("aria-live") == "polite"


def test_another_landscape_and_its_best_step(lesson):
    page = lesson
    background = page.locator(".gdl img").first.get_attribute("src")
    page.locator(".widget-toggle-button", has_text="valley").first.click()
    settle(page)
    assert page.locator(".gdl img").first.get_attribute("src") != background
    page.locator("button", has_text="Best step size").first.click()
    settle(page)
    assert "173 steps reach 1e-6" in readout(page)
    page.locator("button", has_text="Reset").first.click()
    settle(page)
    assert readout(page).startswith("Step size 0.050: crawls")


def test_a_prediction_wakes_the_picture_and_is_said_beside_it(page, lab):
    open_and_run(page, lab, LESSON, ".gdl.gdl-locked[data-frames]")
    assert not page.locator(".gdl-locked .gdl-handle").first.is_visible()
    page.click("text=It lands at the bottom in one step.")
    page.wait_for_selector(".gdl:not(.gdl-locked) .gdl-handle")
    settle(page)
    assert "predicted" not in readout(page)  # the question was about another step size
    page.focus(SLIDER)
    for _ in range(160):  # from 0.050 to 0.210
        page.keyboard.press("ArrowRight")
    settle(page)
    assert readout(page).startswith("Step size 0.210 is above 2/L = 0.200: diverges.")
    assert readout(page).endswith("You predicted: It lands at the bottom in one step.")
    page.click("text=Show the answer")
    page.wait_for_selector("text=The answer: It crosses the valley at each step, and each jump")


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


@pytest.mark.parametrize("name", ["00-start-here", "03-step-size"])
def test_opened_without_running_the_pictures_are_there(page, lab, name):
    open_notebook(page, lab, f"notebooks/{name}.ipynb")
    page.wait_for_selector(".jp-RenderedImage img")
    assert "model not found" not in page.inner_text("body").lower()
    widths = page.eval_on_selector_all(".jp-RenderedImage img", "all => all.map(i => i.width)")
    assert widths and all(600 <= width <= 900 for width in widths)


def test_the_first_notebook_wakes_its_picture(page, lab):
    open_and_run(page, lab, "notebooks/00-start-here.ipynb", ".gdl[data-frames] .gdl-handle")
    settle(page)
    before, after = moved(page, lambda: drag(page, ".gdl-handle", -60, 40))
    assert before[1] != after[1]


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
    solution = lesson.locator("details", has_text="def largest_step").first
    assert solution.get_attribute("open") is None
    assert not solution.locator("pre").is_visible()
