"""Explorers of the web edition, without a kernel: what they show, and what moves them."""

import base64
import json
import random

import numpy as np
import pytest

from gdlesson.explorers import catalogue
from gdlesson.explorers.live_training import LiveTraining
from gdlesson.site.build import write_assets, write_data
from gdlesson.site.packing import packed
from gdlesson.site.plans import Plan
from gdlesson.site.states import Recording

from .lab import browser_page, chromium
from .plain import mount

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Explorers</title>
<link rel="stylesheet" href="assets/page.css">
{scripts}
</head><body><main id="main">{figures}</main></body></html>
"""
FIGURE = """<figure class="site-explorer" data-name="{name}"{locked}>
<img class="site-still" src="data:," alt=""><figcaption>still</figcaption></figure>"""
SCRIPTS = ("site", "progress", "page", "prediction", "explorer", "questions")
PLAN = Plan(6, 13, 4, 3, (4, 3))
TRIALS = {
    "step-size": ("step_size", {"landscape": "valley"}, 'data-locked-by="overshoot"'),
    "when": ("when_to_stop", {}, ""),
    "axes": ("gradient_axes", {}, ""),
}

# All that a page has of the states of an explorer, buffers in base64.
SHOWN = """
async ([name, numbers]) => {
  const { shown } = await unpacked(await gdlesson.load(name));
  const inText = (view) => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength), parts = [];
    for (let at = 0; at < bytes.length; at += 8192)
      parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
    return btoa(parts.join(""));
  };
  return numbers.map((number) => {
    const { shown: values, disabled, texts } = shown(number);
    const plain = Object.fromEntries(Object.entries(values).map(([key, value]) =>
      [key, ArrayBuffer.isView(value) ? inText(value) : value]));
    return { ...plain, disabled, texts };
  });
}
"""
# The picture of a canvas, as the browser has it.
PIXELS = """
(canvas) => [canvas.width, canvas.height,
  [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data].join()]
"""


def write_page(folder, figures):
    scripts = "\n".join(f'<script defer src="assets/{name}.js"></script>' for name in SCRIPTS)
    (folder / "index.html").write_text(PAGE.format(scripts=scripts, figures=figures), "utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with a page of three explorers, and their recordings."""
    if chromium() is None:
        pytest.skip("no Chromium or Chrome is installed, so nothing can be seen in a browser")
    folder = tmp_path_factory.mktemp("site")
    for name in ("assets", "data"):
        (folder / name).mkdir()
    write_assets(folder / "assets")
    recordings = {}
    for name, (explorer, values, _) in TRIALS.items():
        made = catalogue()[explorer](**values)
        for width, pixels in {"wide": 900, "narrow": 360}.items():
            recording = Recording(made, pixels, PLAN)
            recordings[name, width] = recording
            write_data(folder, f"{name}-{width}", json.dumps(packed(recording)))
    figures = (FIGURE.format(name=name, locked=" " + t[2]) for name, t in TRIALS.items())
    write_page(folder, "\n".join(figures))
    return folder, recordings


@pytest.fixture(scope="module")
def browser(site):
    with browser_page(width=1000, height=800) as page:
        complaints = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: m.type == "error" and complaints.append(m.text))
        yield page, complaints


@pytest.fixture
def page(browser, site):
    page, complaints = browser
    page.set_viewport_size({"width": 1000, "height": 800})
    page.goto((site[0] / "index.html").as_uri())
    page.evaluate("localStorage.clear()")
    page.reload()
    page.wait_for_function("document.querySelectorAll('.gdl[data-frames]').length === 3")
    complaints.clear()
    yield page
    assert complaints == []


def figure(page, name):
    return page.locator(f'.site-explorer[data-name="{name}"]')


def readout(page, name):
    return figure(page, name).locator(".gdl-readout").text_content()


def assert_same(recording, page, name, numbers):
    """The page has of these states what the recording has, to the last bit."""
    kinds = {"_points": np.float32, "_codes": np.uint8, "_pixels": np.uint8, "_frames": np.float32,
             "_background": np.uint8}  # fmt: skip
    for number, there in zip(numbers, page.evaluate(SHOWN, [name, numbers]), strict=True):
        state = recording.states[number]
        for key, kind in kinds.items():
            here = np.frombuffer(state.shown[key], kind)
            came = np.frombuffer(base64.b64decode(there[key]), kind)
            np.testing.assert_array_equal(came, here, err_msg=key)
        for key in ("_scene", "_handles", "_play", "_size", "alt"):
            assert there[key] == json.loads(json.dumps(state.shown[key])), key
        assert there["disabled"] == state.disabled
        assert there["texts"] == list(state.texts.values())


def test_the_browser_unpacks_what_was_packed(page, site):
    for (name, width), recording in site[1].items():
        numbers = random.Random(0).sample(range(len(recording.states)), 5)
        assert_same(recording, page, f"{name}-{width}", [recording.start, *numbers])


@pytest.mark.slow
@pytest.mark.parametrize("name", catalogue())
def test_fifty_states_of_every_explorer_are_those_of_the_notebook(name, site, browser):
    page, _ = browser
    folder, _ = site
    explorer = catalogue()[name]()
    trains = isinstance(explorer, LiveTraining)  # for a second or more before each state
    plan = Plan(1, 4, 1, 1, (2, 2)) if trains else Plan(3, 9, 3, 2, (3, 2))
    recording = Recording(explorer, 900, plan)
    write_data(folder, f"all-{name}", json.dumps(packed(recording)))
    page.goto((folder / "index.html").as_uri())
    count = len(recording.states)
    numbers = random.Random(0).sample(range(count), min(50, count))
    assert_same(recording, page, f"all-{name}", numbers)


def test_its_canvas_is_that_of_the_notebook(page, site):
    """The same script draws both, pixel by pixel."""
    recording = site[1]["when", "wide"]
    place = figure(page, "when").locator("canvas")
    ours = place.evaluate(PIXELS)
    explorer = catalogue()["when_to_stop"]()
    other = page.context.new_page()
    mount(other, explorer.live, width=int(place.evaluate("c => c.clientWidth")))
    theirs = other.locator("canvas").evaluate(PIXELS)
    other.close()
    assert recording.states[recording.start].shown["alt"] == explorer.readout
    assert ours[2].count(",") > 1e5 and set(ours[2].split(",")) != {"0"}
    assert ours == theirs


def test_a_slider_moves_picture_readout_and_value(page, site):
    slider = figure(page, "when").locator(".is-primary input")
    before, frames = readout(page, "when"), figure(page, "when").locator(".gdl")
    count = int(frames.get_attribute("data-frames"))
    value = figure(page, "when").locator(".is-primary output")
    shown = value.text_content()
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert value.text_content() != shown and readout(page, "when") != before
    assert int(frames.get_attribute("data-frames")) == count + 1  # one picture for one move
    assert slider.get_attribute("aria-valuetext") == value.text_content()
    page.keyboard.press("ArrowLeft")
    assert readout(page, "when") == before


def test_a_pointer_takes_a_slider_to_the_nearest_computed_value(page, site):
    recording = site[1]["when", "wide"]
    slider = figure(page, "when").locator(".is-primary input")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.31, box["y"] + 3, steps=3)
    page.mouse.up()
    value = figure(page, "when").locator(".is-primary output").text_content()
    assert value in next(iter(recording.branches.values())).primary


def test_home_and_end_reach_the_ends(page):
    slider = figure(page, "when").locator(".is-primary input")
    slider.focus()
    page.keyboard.press("Home")
    assert slider.input_value() == "0"
    page.keyboard.press("End")
    assert slider.input_value() == "10000"


def test_a_choice_shows_another_picture_with_its_own_values(page, site):
    _, recordings = site
    place = figure(page, "when")
    before = place.locator(".gdl-picture img").get_attribute("src")
    place.get_by_role("radio").nth(1).check()
    page.wait_for_function(
        "([name, before]) => document.querySelector(`[data-name=${name}] .gdl-picture img`).src"
        " !== before", arg=["when", before],
    )  # fmt: skip
    recording = recordings["when", "wide"]
    start = recording.branches[1,].start
    assert readout(page, "when") == recording.states[start].shown["alt"]


def test_one_other_control_at_a_time_is_away_from_its_start(page):
    place = figure(page, "axes")
    sliders = place.locator(".site-slider:not(.is-primary) input:enabled")
    first, second = sliders.nth(0), sliders.nth(1)
    own = first.input_value()
    first.focus()
    page.keyboard.press("ArrowRight")
    assert first.input_value() != own
    second.focus()
    page.keyboard.press("ArrowRight")
    assert first.input_value() == own


def test_reset_and_buttons_lead_to_their_places(page):
    place = figure(page, "axes")
    before = readout(page, "axes")
    place.get_by_role("button", name="Best step size").click()
    assert readout(page, "axes") != before
    place.get_by_role("button", name="Reset").click()
    assert readout(page, "axes") == before


def test_the_ball_goes_to_computed_places_by_pointer_and_by_keys(page):
    place = figure(page, "axes")
    handle = place.locator(".gdl-handle").first
    handle.scroll_into_view_if_needed()
    before, box = readout(page, "axes"), handle.bounding_box()
    page.mouse.move(box["x"] + 22, box["y"] + 22)
    page.mouse.down()
    page.mouse.move(box["x"] - 70, box["y"] + 80, steps=5)
    page.mouse.up()
    moved = handle.bounding_box()
    assert (moved["x"], moved["y"]) != (box["x"], box["y"])
    handle.focus()
    page.keyboard.press("ArrowRight")
    assert handle.bounding_box()["x"] > moved["x"]
    assert readout(page, "axes") != "" and before != ""


def test_a_prediction_unlocks_its_explorer_and_is_quoted(page):
    place = figure(page, "step-size")
    slider = place.locator(".is-primary input")
    assert slider.is_disabled()
    page.evaluate(
        """() => {
          gdlesson.progress.set("predictions", "overshoot", { choice: "It grows.", why: "" });
          document.dispatchEvent(new CustomEvent("gdlesson:predicted",
            { detail: { explorer: "step-size", chosen: "It grows.", why: "" } }));
        }"""
    )
    assert slider.is_enabled()


def test_play_runs_without_a_kernel(page):
    place = figure(page, "axes")
    whole = readout(page, "axes")
    place.get_by_role("button", name="One step more").click()
    assert readout(page, "axes") != whole
    assert place.locator(".gdl-count").text_content().startswith("1 / ")


def test_a_narrow_page_gets_the_picture_for_a_phone_at_the_same_place(page):
    slider = figure(page, "when").locator(".is-primary input")
    slider.focus()
    page.keyboard.press("ArrowRight")
    value = figure(page, "when").locator(".is-primary output").text_content()
    page.set_viewport_size({"width": 360, "height": 800})
    page.wait_for_function(
        "document.querySelector('[data-name=when] .gdl-picture').clientWidth <= 360"
    )
    assert figure(page, "when").locator(".is-primary output").text_content() == value
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_its_data_the_saved_picture_stays(page, site):
    folder, _ = site
    (folder / "missing.html").write_text(
        (folder / "index.html").read_text("utf-8").replace('data-name="when"', 'data-name="none"'),
        "utf-8",
    )
    other = page.context.new_page()
    other.goto((folder / "missing.html").as_uri())
    other.wait_for_function("document.querySelectorAll('.is-live').length === 2")
    still = other.locator('[data-name="none"] img.site-still')
    assert still.evaluate("image => getComputedStyle(image).display") != "none"
    assert other.locator('[data-name="none"].is-live').count() == 0
    other.close()
