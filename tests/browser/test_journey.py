"""A learner's way through the lessons: every exercise and question once wrong, once right."""

import inspect
import re
from importlib import import_module

import nbformat
import pytest
from playwright.sync_api import expect
from sample_questions import typed

from gdlesson.checking.feedback import WORDS
from gdlesson.course import LESSONS, Lesson
from gdlesson.exercises import catalogue as exercises
from gdlesson.questions import catalogue as questions

from .lab import drag, open_and_run, settle, write

START = Lesson("00-start-here", "", "", 0)  # no exercise, question or prediction
JOURNEY = [START, *LESSONS]
IN_THE_PLAIN_RUN = "03-step-size"

PREDICTION = re.compile(r"(\w+)\.(\w+_question)")
EXPLORER = re.compile(r"^(?:\w+ = )?((\w+)\.explore\(.*\))$", re.MULTILINE | re.DOTALL)
# What an explorer says of a right function, where it is not about a path.
RIGHT = {
    "mini_batch": "contain every example once in each epoch.",
    "stochastic": "drawn as crosses, are the same as the package's.",
}
EXERCISE = re.compile(r"def \w+.*\n(check\((\w+)\))", re.DOTALL)
QUESTION = re.compile(r'ask\("(\w+)"(?:, seed=(\d+))?\)')
ERRORS = '[data-mime-type="application/vnd.jupyter.error"], [data-mime-type$=".stderr"]'

expect.set_options(timeout=15_000)


@pytest.mark.parametrize(
    "lesson",
    [
        pytest.param(each, marks=() if each.slug == IN_THE_PLAIN_RUN else pytest.mark.journey)
        for each in JOURNEY
    ],
    ids=lambda lesson: lesson.slug,
)
def test_a_learner_does_all_of_a_lesson(page, lab, root, lesson):
    cells = nbformat.read(root / "notebooks" / lesson.file, 4).cells
    open_and_run(page, lab, f"notebooks/{lesson.file}", ".gdl[data-frames]")
    wait_until_all_have_run(page)
    shown = page.locator(".jp-Notebook .jp-Cell")
    expect(shown).to_have_count(len(cells))
    met = {"prediction": [], "exercise": [], "question": [], "explorer": []}
    for number, cell in enumerate(cells):
        place, source = shown.nth(number), cell.source
        if cell.cell_type != "code":
            continue
        place.scroll_into_view_if_needed()
        if found := PREDICTION.fullmatch(source):
            prediction = getattr(import_module(f"gdlesson.explorers.{found[1]}"), found[2])
            predict(page, place, prediction, right=int(lesson.slug[:2]) % 2 == 1)
            met["prediction"].append(prediction.name)
        elif found := EXPLORER.search(source):
            at_first = move(page, place)
            if "mine=" in source:
                run_again_with_ones_own(page, place, *found.groups(), at_first)
            met["explorer"].append(found[2])
        elif found := EXERCISE.fullmatch(source):
            solve(page, place, exercises()[found[2]], check=found[1])
            met["exercise"].append(found[2])
        elif found := QUESTION.fullmatch(source):
            answer(page, place, questions()[found[1]], seed=int(found[2] or 0))
            met["question"].append(found[1])
    assert page.locator(".gdl").count() == len(met.pop("explorer")) > 0
    assert {kind: sorted(names) for kind, names in met.items()} == {
        kind: sorted(lesson.items(kind)) for kind in met
    }
    assert page.locator(ERRORS).all_inner_texts() == []
    if lesson is START:
        watch_a_step_and_drag_the_start(page)
        expect(page.locator("table tr")).to_have_count(1 + len(LESSONS))  # the map, with its head


def wait_until_all_have_run(page):
    """Wait until no cell has the prompt [*], which is that of one that still waits or runs."""
    waiting = page.locator(".jp-InputPrompt", has_text="*")
    expect(waiting).to_have_count(0, timeout=60_000)


def predict(page, place, prediction, right):
    """Choose one answer and say why: the explorer unlocks. Then look at the answer."""
    wrong = next(choice for choice in prediction.choices if choice != prediction.answer)
    choice = prediction.answer if right else wrong
    expect(page.locator(".gdl-locked")).to_have_count(1)
    place.get_by_label("Why?").fill("Because of the slope")
    page.keyboard.press("Enter")
    place.get_by_label(choice, exact=True).check()
    expect(page.locator(".gdl-locked")).to_have_count(0)
    place.get_by_role("button", name="Show the answer").click()
    begin = "As you predicted" if right else "The answer"
    expect(place.get_by_role("alert")).to_have_text(
        f"{begin}: {prediction.answer} {prediction.because} You wrote: Because of the slope.",
        use_inner_text=True,
    )


def move(page, place):
    """Move the main slider of an explorer by keys: its readout and its picture change.

    Returns the readout before.
    """
    picture, readout = place.locator(".gdl"), place.locator(".gdl-readout")
    picture.scroll_into_view_if_needed()
    settle(page, picture)
    before, text = drawn(picture), readout.inner_text()
    expect(place.locator(".gdl-main .noUi-target:not([disabled])")).to_have_count(1)
    slider = place.locator(".gdl-main .noUi-handle")
    slider.focus()
    at_end = slider.evaluate("it => it.ariaValueNow === it.ariaValueMax")
    for _ in range(5):
        page.keyboard.press("ArrowLeft" if at_end else "ArrowRight")
    expect(readout).not_to_have_text(text)
    settle(page, picture)
    assert drawn(picture) != before
    return text


def drawn(picture):
    """What moves in a picture, as data of an image."""
    return picture.locator("canvas").evaluate("canvas => canvas.toDataURL()")


def run_again_with_ones_own(page, place, call, module, at_first):
    """Run the cell of an explorer again, now that the learner's function in it is right.

    call: its source. at_first: its readout when that function was not yet written. The readout is
    then the one that the exercise's solution gives.
    """
    names = {name: exercise.reference for name, exercise in exercises().items()}
    explorer = eval(call, names | {module: import_module(f"gdlesson.explorers.{module}")})
    same = RIGHT.get(module, explorer.learner_text.same())
    assert same in explorer.readout and same not in at_first
    place.locator(".cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    expect(place.locator(".gdl-readout")).to_have_text(explorer.readout)


def solve(page, place, exercise, check):
    """Write a function with the exercise's first mistake, and then the right one.

    check: the source that follows the function in its cell.
    """
    right = inspect.getsource(exercise.reference)
    mistake = next(mistake for mistake in exercise.mistakes if mistake.edits)
    form = mistake.edits[0]
    feedback = exercise.check(dict(exercise.forms(mistake))[form])
    assert feedback.mistake == mistake.name
    seen = place.locator(".jp-OutputArea-output").last
    begun = exercise.name.startswith("errata_")  # it is in its cell, with a slip to repair
    expect(seen).to_have_text(re.compile("^Look again" if begun else "^Not yet"))
    write(page, place, f"{form.apply(right)}\n{check}")
    word = WORDS[feedback.status][0]
    expect(seen).to_have_text(f"{word}. {feedback.message}")
    write(page, place, f"{right}\n{check}")
    expect(seen).to_have_text(re.compile(f"^Passed. {exercise.name} agrees"))


def answer(page, place, question, seed):
    """Answer wrong twice, which shows the solution; take new numbers, and answer right.

    seed: of the first numbers, which is 0 in a test where the cell gives none.
    """
    first, second = question.pose(seed), question.pose(seed + 1)
    asked, feedback = place.locator("legend"), place.locator(".gdq-feedback")
    expect(asked).to_have_text(first.text)
    (_, one, message), (_, other, another) = first.wrong[:2]
    reply(place, first, one)
    expect(feedback).to_have_text(f"Look again. {message}")
    reply(place, first, other)
    expect(feedback).to_have_text(
        f"Look again. {another} Worked solution. {first.solution}", use_inner_text=True
    )
    place.get_by_role("button", name="New numbers").click()
    expect(asked).to_have_text(second.text)
    expect(feedback).to_have_count(0)
    reply(place, second, second.answer)
    expect(feedback).to_have_text(f"Passed. {second.judge(second.answer).message}")
    expect(place.locator("pre").last).to_have_text(re.compile("^You answered .*: right.$"))


def reply(place, posed, value):
    """Enter an answer by mouse, a number by keys, and have it checked."""
    given = typed(posed, value)
    match type(posed.kind).__name__:
        case "Number":
            place.locator(".gdq-number").fill(f"{value:.10g}")  # 0.3, not 0.30000000000000004
        case "Choice":
            place.locator(f'input[value="{given}"]').check()
        case "Several":
            for box in place.locator("input[type=checkbox]").all():
                letter = box.get_attribute("value")
                box.set_checked(letter in (given.split() or ["none"]))
        case "Order":
            items = place.locator(".gdq-order li")
            for wanted, letter in enumerate(given.split()):
                now = items.evaluate_all("all => all.map(item => item.dataset.letter)")
                for _ in range(now.index(letter) - wanted):
                    place.locator(f'li[data-letter="{letter}"] button').first.click()
        case "Match":
            for run, letter in zip(place.locator("select").all(), given.split(), strict=True):
                run.select_option(letter)
    place.locator(".gdq-check").click()


def watch_a_step_and_drag_the_start(page):
    """Lesson 00: one step of the network that reads digits, and another start in the valley."""
    digits, valley = page.locator(".gdl").first, page.locator(".gdl").last
    before = drawn(digits)
    digits.get_by_role("button", name="One step more").click()
    expect(digits.locator(".gdl-readout")).to_have_text(re.compile("^Step 1 of"))
    assert drawn(digits) != before
    handle = valley.locator(".gdl-handle").first
    was = handle.get_attribute("aria-label")
    drag(page, handle, -80, 40)
    expect(handle).not_to_have_attribute("aria-label", was)
