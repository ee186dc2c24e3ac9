"""The pages of the web edition in a browser, opened as files: readable by everyone, everywhere."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from trial_site import STEMS, build, notebook, predictions, saved, shown

from .lab import browser_page, chromium

NAMES = ["index", *STEMS, "glossary", "for-teachers"]
FEW = ["index", "00-start-here", "03-step-size"]
# Boxes that reach beyond the page and are in no box that scrolls.
BEYOND = """
() => [...document.querySelectorAll("body *")].filter((each) => {
  if (each.getBoundingClientRect().right <= document.documentElement.clientWidth + 1) return false;
  for (let box = each.parentElement; box; box = box.parentElement)
    if (getComputedStyle(box).overflowX !== "visible") return false;
  return true;
}).map((each) => each.outerHTML.slice(0, 100))
"""
# Texts that are smaller than 16 px; the indices of formulas are smaller in every book.
SMALL = """
() => {
  const small = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode, box = text.parentElement;
    if (!text.data.trim() || box.closest("math") || !box.checkVisibility()) continue;
    const size = parseFloat(getComputedStyle(box).fontSize);
    if (size < 15.99) small.push(`${size}: ${text.data.slice(0, 60)}`);
  }
  return small;
}
"""
NO_STORAGE = """
for (const name of ["getItem", "setItem", "removeItem"])
  Storage.prototype[name] = () => { throw new DOMException("not allowed", "SecurityError"); };
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of the folder of a site."""
    if chromium() is None:
        pytest.skip("no Chromium or Chrome is installed, so nothing can be seen in a browser")
    return build(tmp_path_factory.mktemp("site") / "site").as_uri()


@pytest.fixture(scope="module")
def browser(site):
    with browser_page() as page:
        complaints = []
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("console", lambda m: m.type == "error" and complaints.append(f"console: {m.text}"))
        page.on(
            "request",
            lambda request: (
                request.url.startswith((site, "data:")) or complaints.append(request.url)
            ),
        )
        yield page, complaints


@pytest.fixture
def page(browser, site):
    """The browser's page, wide and with nothing stored; its test fails where it complains."""
    page, complaints = browser
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site}/index.html")
    page.evaluate("localStorage.clear()")
    complaints.clear()
    yield page
    assert complaints == []


# Without "preload", because axe would ask for the style sheet, which a file may not.
OPTIONS = {"preload": False, "resultTypes": ["violations"]}
FORMULAS = {"exclude": [["math"]]}  # most of the elements of a page, and all of one kind


def serious(page, context=None):
    found = Axe().run(page, context=context, options=OPTIONS).response["violations"]
    return [
        (each["id"], [node["html"] for node in each["nodes"]][:5])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def widths(page):
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        yield width


UNFOLD = "document.querySelectorAll('details').forEach(each => { each.open = true; })"


@pytest.mark.parametrize("name", FEW)
def test_axe_finds_nothing_serious(page, site, name):
    page.goto(f"{site}/{name}.html")
    for _ in widths(page):
        page.evaluate(UNFOLD)
        page.wait_for_timeout(50)
        assert serious(page) == []


@pytest.mark.slow
def test_axe_finds_nothing_serious_on_the_other_pages(page, site):
    page.set_viewport_size({"width": 360, "height": 900})  # where most boxes scroll
    for name in NAMES:
        if name not in FEW:
            page.goto(f"{site}/{name}.html")
            page.evaluate(UNFOLD)
            page.wait_for_timeout(50)
            assert serious(page, FORMULAS) == [], name


def test_no_page_scrolls_sideways_and_no_text_is_small(page, site):
    for name in NAMES:
        page.goto(f"{site}/{name}.html")
        for width in widths(page):
            assert page.evaluate("document.documentElement.scrollWidth") == width, name
            assert page.evaluate(BEYOND) == [], (name, width)
            assert page.evaluate(SMALL) == [], (name, width)


def test_what_scrolls_can_be_reached_by_keys_and_what_does_not_is_no_stop(page, site):
    page.goto(f"{site}/03-step-size.html")
    for width in widths(page):
        page.wait_for_timeout(100)  # the next frame
        boxes = page.eval_on_selector_all(
            ".scroll, pre, .formula",
            "all => all.map(b => [b.scrollWidth > b.clientWidth + 1, b.tabIndex === 0])",
        )
        assert all(scrolls == reached for scrolls, reached in boxes)
        assert sum(scrolls for scrolls, _ in boxes) > 5 or width == 1280


HEAR = """
() => document.addEventListener("gdlesson:predicted", (event) =>
  (window.heard ??= []).push(event.detail))
"""
LOCKED = ".lock:has(+ .site-explorer[data-name='03-step-size-1'])"


def asked():
    """The prediction of lesson 03."""
    return next(r["prediction"] for r in shown("03-step-size").values() if "prediction" in r)


def stored(page):
    return json.loads(page.evaluate("localStorage.getItem('gdlesson')") or "{}")


def test_a_prediction_unlocks_its_explorer_and_is_kept(page, site):
    page.goto(f"{site}/03-step-size.html")
    page.evaluate(HEAR)
    show = page.get_by_role("button", name="Show the answer")
    assert page.locator(LOCKED).is_visible() and show.is_disabled()
    group = page.get_by_role("group", name=asked()["question"])
    second = asked()["choices"][1]
    group.get_by_label(second).check()
    assert page.evaluate("heard") == [{"explorer": "03-step-size-1", "chosen": second, "why": ""}]
    assert page.locator(".lock").count() == 0
    reply = page.locator(".reply")
    assert reply.inner_text() == "Noted. Find out in the picture below, then show the answer."
    page.get_by_label("Why?").fill("It  is <large>")
    page.keyboard.press("Tab")
    assert page.evaluate("heard.at(-1).why") == "It  is <large>"
    show.click()
    assert reply.inner_text().split("\n\n") == [
        f"The answer: {asked()['answer']} {asked()['because']}",
        "You wrote: It is <large>.",
    ]
    (name,) = predictions("03-step-size")
    entry = stored(page)["predictions"][name]
    assert entry.pop("first") <= entry.pop("last")
    assert entry == {"status": "wrong", "choice": second, "why": "It  is <large>"}

    page.reload()
    assert page.locator(".lock").count() == 0 and group.get_by_label(second).is_checked()
    assert page.locator(".reply").inner_text() == (
        f"Earlier you predicted: {second} You wrote: It is <large>."
    )
    page.goto(f"{site}/index.html")
    rows = page.locator(".map li", has_text="03 · Step size").locator(".done")
    assert rows.inner_text() == "predictions 1 of 1, questions 0 of 3"
    assert page.locator(".map li", has_text="04 · Gradient").locator(".done").inner_text() == ""
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Forget my progress").click()
    assert rows.inner_text() == "" and stored(page) == {}


def test_the_right_choice_is_called_so(page, site):
    page.goto(f"{site}/03-step-size.html")
    page.get_by_label(asked()["answer"]).check()
    page.get_by_role("button", name="Show the answer").click()
    assert page.locator(".reply").inner_text() == (
        f"As you predicted: {asked()['answer']} {asked()['because']}"
    )


def test_an_explorer_can_be_unlocked_without_a_prediction(page, site):
    page.goto(f"{site}/03-step-size.html")
    page.evaluate(HEAR)
    page.get_by_role("button", name="Explore without predicting").click()
    assert page.evaluate("heard") == [{"explorer": "03-step-size-1", "chosen": "", "why": ""}]
    page.reload()
    assert page.locator(".lock").count() == 0 and page.locator(".reply").inner_text() == ""
    page.goto(f"{site}/index.html")  # a skipped question is no prediction
    assert page.locator(".map li", has_text="03 · Step size").locator(".done").inner_text() == ""


@pytest.mark.parametrize("broken", ["[1, 2", '"text"', "null", '{"predictions": 3}'])
def test_what_is_stored_and_broken_is_no_error(page, site, broken):
    page.evaluate("text => localStorage.setItem('gdlesson', text)", broken)
    page.goto(f"{site}/03-step-size.html")
    page.get_by_label(asked()["answer"]).check()
    assert list(stored(page)["predictions"]) == list(predictions("03-step-size"))


def test_without_storage_a_page_works_and_forgets(browser, site):
    with browser[0].context.new_page() as page:
        errors = []
        page.on("pageerror", lambda error: errors.append(error))
        page.add_init_script(NO_STORAGE)
        page.goto(f"{site}/03-step-size.html")
        page.get_by_label(asked()["answer"]).check()
        assert page.locator(".lock").count() == 0
        page.get_by_role("button", name="Show the answer").click()
        assert page.locator(".reply").inner_text().startswith("As you predicted: ")
        page.reload()
        assert page.locator(".lock").count() == 1 and errors == []


def test_without_scripts_everything_is_readable(browser, site):
    context = browser[0].context
    with context.new_page() as page:
        page.set_viewport_size({"width": 360, "height": 800})
        no_scripts = {"value": True}
        context.new_cdp_session(page).send("Emulation.setScriptExecutionDisabled", no_scripts)
        page.goto(f"{site}/03-step-size.html")
        alts = [
            saved(notebook("03-step-size").cells[index], "text/plain")
            for index, record in sorted(shown("03-step-size").items())
            if "explorer" in record
        ]
        stills = page.locator(".site-still")
        assert [still.get_attribute("alt") for still in stills.all()] == alts
        assert all(still.bounding_box()["width"] >= 600 for still in stills.all())  # words legible
        assert all(still.is_visible() for still in stills.all())
        page.locator(".site-prediction summary").click()
        assert page.get_by_text(f"{asked()['answer']} {asked()['because']}").is_visible()
        page.locator(".solution summary").first.click()
        assert page.locator(".solution pre").first.is_visible()
        assert page.get_by_role("button").count() == 0


def test_on_paper_solutions_are_open_and_stills_in_place_of_canvases(page, site):
    page.goto(f"{site}/03-step-size.html")
    live = page.locator(".site-explorer").first
    live.evaluate(
        "it => { it.classList.add('is-live'); it.append(document.createElement('canvas')); }"
    )
    still, canvas = live.locator(".site-still"), live.locator("canvas")
    assert canvas.is_visible() and not still.is_visible()
    solution = page.locator(".solution pre").first
    assert not solution.is_visible()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    try:
        assert still.is_visible() and not canvas.is_visible()
        assert solution.is_visible() and page.locator(".hint .hint p").first.is_visible()
        assert page.get_by_text(f"{asked()['answer']} {asked()['because']}").is_visible()
    finally:
        page.emulate_media(media="screen")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not solution.is_visible()
