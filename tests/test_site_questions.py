"""The questions of the web edition: the browser judges as Python does, and says the same."""

import gzip
import itertools
import json
import math
import pathlib
import random
import re
import warnings

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.lab import browser_page, chromium
from sample_questions import SAMPLES, question, typed
from test_questions import READ, TEXTS

from gdlesson.checking.kinds import Match, Number, Order, Several
from gdlesson.checking.numerals import read_number
from gdlesson.live.question import QuestionWidget
from gdlesson.questions import catalogue
from gdlesson.site import questions
from gdlesson.site.questions import HERE, as_json, bundle, script, style

NOTEBOOKS = pathlib.Path(__file__).parent.parent / "notebooks"
LARGEST = 60_000  # bytes of a lesson's questions, compressed
ONE_OF_EACH = ("guaranteed_fall", "other_start", "momentum_converges", "order_of_noise",
               "which_step_size", "eight_curves")  # fmt: skip
LONG = question(  # whose answers are farther from their two digits than the tolerance
    "long", Number(), lambda: 1.0603, [("half", lambda: 0.5351), ("third", lambda: 0.3434)]
)
AXE_IGNORES = {"minor", "moderate"}
# Stands for the scripts of a page that are not of the questions.
GDLESSON = """
const gdlesson = {
  entries: {},
  progress: {
    get: (kind, name) => gdlesson.entries[`${kind} ${name}`],
    set: (kind, name, entry) => { gdlesson.entries[`${kind} ${name}`] = entry; },
  },
  load: (name) => name in gdlesson.data ? Promise.resolve(gdlesson.data[name]) : Promise.reject(),
  data: {},
};
"""
PIECES = [
    *"0123456789" * 3, *"..,,+-*/^()%eE x=≈~'_#&|@[]\"!:;", "**", "//", "√", "π", "pi", "sqrt(",
    "exp(", "ln(", "log10(", "−", "·", "×", "²", "⁻³", "½", "¾", "1e3", "10^", " 000", ",000",
    "steps", "step", "ms", "0x", "\t", "\xa0", "٣", "५", "٫", "w = ", "sqrt", "1/0", "(-1)**0.5",
    "\u200b", "\ufeff", "Ⅳ", "٪", "é", "𝟛", "\x1f", "\x85", "\ud800", "😀",
]  # fmt: skip


def asked():
    """The questions of each lesson: {the notebook's name: names}."""
    lessons = {}
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        sources = [c.source for c in nbformat.read(path, 4).cells if c.cell_type == "code"]
        names = re.findall(r'^ask\("(\w+)"', "\n".join(sources), re.MULTILINE)
        if names:
            lessons[path.stem] = names
    return lessons


def compressed(data):
    return len(gzip.compress(json.dumps(data, ensure_ascii=False).encode()))


@pytest.fixture(scope="module")
def page():
    if chromium() is None:
        pytest.skip("no Chromium or Chrome is installed, so nothing can be seen in a browser")
    complaints = []
    with browser_page(width=360, height=700) as page:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: m.type == "error" and complaints.append(m.text))
        yield page
    assert complaints == []


def in_page(page, call, argument):
    """What a call of our functions in JavaScript returns; as JSON, which has half characters."""
    sources = [(HERE / name).read_text("utf-8") for name in ("numerals.js", "question_model.js")]
    code = "\n".join([*sources, f"return JSON.stringify(({call})(JSON.parse(given)));"])
    sent = json.dumps([code, json.dumps(argument)])
    page.goto("about:blank")
    return json.loads(page.evaluate(f"(() => {{ const [code, given] = {sent}; "
                                    "return new Function('given', code)(given); })()"))  # fmt: skip


def compare_numbers(page, cases):
    """Cases (text, unit) that Chromium reads, writes or refuses in another way than Python."""
    call = """(cases) => cases.map(([text, unit]) => {
      try {
        const value = readNumber(text, unit);
        return [value, writeNumber(value, unit)];
      } catch (error) {
        if (error instanceof Unreadable) return [null, error.message];
        throw error;
      }
    })"""
    different = []
    for (text, unit), (value, words) in zip(cases, in_page(page, call, cases), strict=True):
        try:
            expected = read_number(text, unit)
            written = Number(unit=unit).write(expected)
        except ValueError as error:
            expected, written = None, str(error)
        alike = value is expected or (
            None not in (value, expected) and math.isclose(value, expected, rel_tol=1e-13)
        )
        huge = expected and abs(expected) > 1e15  # written with all digits, also the uncertain
        if not alike or (words != written and not huge):
            different.append((text, unit, (expected, written), (value, words)))
    return different


def random_texts(count, seed):
    rng = random.Random(seed)
    return ["".join(rng.choices(PIECES, k=rng.randint(1, 8))) for _ in range(count)]


def number_cases(count, seed):
    one_line = [text for text in TEXTS if not re.search(r"[\r\n]", text)]  # as a field's text is
    texts = [*one_line, *READ, *random_texts(count, seed)]
    units = itertools.cycle(("", "steps", "ms", "%", "weights", ""))
    return list(zip(texts, units, strict=False))


def possible(posed):
    """Replies that the form of a question can send, and for a Number what people may type."""
    kind, rng = posed.kind, random.Random(0)
    if isinstance(kind, Number):
        known = [posed.answer, *(wrong for _, wrong, _ in posed.wrong)]
        near = [known_one * factor for known_one in known
                for factor in (0.97, 0.985, 1.015, 1.03, -1, 2)]  # fmt: skip
        rounded = [f"{value:.{digits}g}" for value in known for digits in (1, 2, 3)]
        return [*map(repr, map(float, known + near)), *rounded, "", " ", "7", "0", "12 steps",
                "1/3", "two", "1,234", "1" * 201, *random_texts(5, posed.seed)]  # fmt: skip
    letters = list(kind.letters)
    if isinstance(kind, Several):
        sizes = range(len(letters) + 1)
        chosen = [c for size in sizes for c in itertools.combinations(letters, size)]
        return ["none", " ".join(reversed(letters)), *map(" ".join, chosen)]
    if isinstance(kind, Order | Match):
        orders = [" ".join(order) for order in itertools.permutations(letters)]
        orders = orders if len(orders) <= 24 else rng.sample(orders, 24)
        known = [typed(posed, value) for value in (posed.answer, *(w[1] for w in posed.wrong))]
        incomplete = ["", letters[0], " ".join(letters[:1] * len(letters)), " ".join(letters[1:])]
        return [*orders, *known, *(incomplete if isinstance(kind, Match) else [])]
    return ["", *letters]


def compare_judgements(page, all_posed):
    """(question, seed, reply, …) where Chromium judges in another way than Python."""
    cases = [(posed, possible(posed)) for posed in all_posed]
    given = [[as_json(posed), replies] for posed, replies in cases]
    call = "(all) => all.map(([draw, replies]) => replies.map((reply) => judge(draw, reply)))"
    return [
        (posed.question.name, posed.seed, reply, expected, judged)
        for (posed, replies), results in zip(cases, in_page(page, call, given), strict=True)
        for reply, judged in zip(replies, results, strict=True)
        if (expected := in_python(posed, reply)) != judged
    ]


def in_python(posed, reply):
    """[status, mistake, text] as a QuestionWidget shows them."""
    outcome = posed.judge(reply)
    text = outcome.message
    if outcome.status == "not yet":
        text = text.removeprefix("Not yet: ").capitalize()
    return [outcome.status, outcome.mistake, text]


@pytest.fixture(autouse=True)
def odd_syntax():
    """Python warns of some texts that are no numbers, such as 1if."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def test_numbers_are_read_and_written_as_in_python(page):
    cases = number_cases(2000, seed=1)
    assert compare_numbers(page, cases) == []
    refused = sum(not isinstance(value, float) for value in map(_read, cases))
    assert len(cases) - refused > 300 and refused > 300  # both kinds are there


def _read(case):
    try:
        return read_number(*case)
    except ValueError:
        return None


def test_digits_of_all_scripts_are_read(page):
    digits = [chr(code) for code in range(0x110000) if chr(code).isdecimal()]
    assert len(digits) > 600
    assert compare_numbers(page, [(digit, "") for digit in digits]) == []


def test_halfway_numbers_are_rounded_as_in_python(page):
    halves = [1.0625, 2.0625, 1.00025, 0.0625625, 12.125, 12.375, 1023.5, 100.25, 0.00012345,
              9999.5, 99995e-9, 2**-20, 1.5e-7, 123456.5, -0.5, -1.0625]  # fmt: skip
    assert compare_numbers(page, [(repr(value), "") for value in halves]) == []


def test_replies_are_judged_as_in_python(page):
    real = [catalogue()[name].pose(seed) for name in ONE_OF_EACH for seed in range(3)]
    samples = [sample.pose(seed) for sample in (*SAMPLES, LONG) for seed in range(3)]
    assert compare_judgements(page, real + samples) == []


@pytest.mark.slow
def test_replies_to_all_questions_are_judged_as_in_python(page):
    posed = [question.pose(seed) for question in catalogue().values() for seed in range(4)]
    assert compare_judgements(page, posed) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 6))
def test_many_numbers_are_read_as_in_python(page, seed):
    different = compare_numbers(page, number_cases(20_000, seed))
    values = [(text, here, there) for text, _, (here, _), (there, _) in different]
    assert [case for case in values if case[1:] != (None, None)] == []
    assert len(different) <= 1  # in words: of 1/0pi.x Python says that it divides by zero


def test_the_bundle_has_draws_that_differ_and_what_the_widget_shows():
    made = json.loads(json.dumps(bundle(["which_step_size", "loss_factor"])))
    assert set(made["words"]) == {"passed", "mistake", "not yet", "error"}
    for name, draws in made["questions"].items():
        assert len({json.dumps(draw["question"]) for draw in draws}) == len(draws) == 8
        for draw in draws:
            widget = QuestionWidget(catalogue()[name], seed=draw["seed"])
            shown = {key: value for key, value in widget._question.items() if key != "try"}
            assert draw["question"] == json.loads(json.dumps(shown))
            assert draw["solution"] == widget._attempt.posed.solution
            widget.close()


def test_an_unknown_question_is_refused():
    with pytest.raises(KeyError, match="nobody_asks_this"):
        bundle(["nobody_asks_this"])


def test_a_question_with_few_numbers_has_fewer_draws():
    assert len(questions._draws(SAMPLES[1], 8)) == 1  # it has always the same numbers


@pytest.mark.slow
def test_the_questions_of_a_lesson_are_small():
    sizes = {lesson: compressed(bundle(names)) for lesson, names in asked().items()}
    assert len(sizes) >= 18 and max(sizes.values()) < LARGEST, sizes


@pytest.fixture
def show(page, tmp_path):
    """Opens a page with one question, as the web edition has it, and returns its draws."""

    def show(sample, earlier=None, arrives=("lesson-questions", None), ready=".gdq"):
        draws = questions._draws(sample, 3)
        data = {arrives[0]: bundle([]) | {"questions": {arrives[1] or sample.name: draws}}}
        entries = {f"questions {sample.name}": earlier} if earlier else {}
        (tmp_path / "lesson.html").write_text(
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>'
            f"<style>{style()}</style><main><h1>A page</h1>"
            f'<div class="site-question" data-name="{sample.name}"><p>Saved.</p></div></main>'
            f"<script>{GDLESSON}\nObject.assign(gdlesson.data, {json.dumps(data)});"
            f"Object.assign(gdlesson.entries, {json.dumps(entries)});</script>"
            f"<script>{script()}</script>",
            encoding="utf-8",
        )
        page.goto((tmp_path / "lesson.html").as_uri())
        page.wait_for_selector(ready)
        return draws

    return show


def give(page, kind, reply):
    """Enter a reply into the form, and send it."""
    form = page.locator(".gdq-form")
    if kind == "Number":
        form.locator("input").fill(reply)
    elif kind in ("Choice", "Several"):
        for box in form.locator("input").all():
            if box.get_attribute("value") in reply.split():
                box.check()
            elif kind == "Several":
                box.uncheck()
    elif kind == "Order":
        for place, letter in enumerate(reply.split()):
            up = form.locator(f'li[data-letter="{letter}"] button[title="Move up"]')
            while form.locator("li").nth(place).get_attribute("data-letter") != letter:
                up.click()
    else:
        for select, letter in zip(form.locator("select").all(), reply.split(), strict=True):
            select.select_option(letter)
    page.locator(".gdq-check").click()


def recorded(page, name):
    return page.evaluate("name => gdlesson.progress.get('questions', name)", name)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_wrong_twice_shows_the_solution_and_new_numbers_follow(show, page, sample):
    draws = show(sample)
    kind = draws[0]["question"]["kind"]
    posed, feedback = sample.pose(draws[0]["seed"]), page.locator(".gdq-feedback")
    name, wrong, message = posed.wrong[0]
    give(page, kind, typed(posed, wrong))
    assert feedback.inner_text() == f"Look again. {message}"
    give(page, kind, typed(posed, wrong))
    assert feedback.inner_text().endswith(f"Worked solution. {posed.solution}")
    entry = recorded(page, sample.name)
    assert (entry["status"], entry["mistake"], entry["tries"]) == ("mistake", name, 2)
    give(page, kind, typed(posed, posed.answer))  # proves nothing any more
    assert recorded(page, sample.name)["status"] == "mistake"
    for draw in [*draws[1:], draws[0]]:  # and from the beginning
        page.locator("button:text-is('New numbers')").click()
        assert page.locator("legend").inner_text() == draw["question"]["text"]
        posed = sample.pose(draw["seed"])
        give(page, kind, typed(posed, posed.answer))
        assert feedback.inner_text().startswith("Passed. This is right")
    entry = recorded(page, sample.name)
    assert (entry["status"], entry["best"], entry["tries"]) == ("right", "right", 3)
    assert entry["seed"] == draws[0]["seed"] and entry["reply"] == typed(posed, posed.answer)
    found = Axe().run(page).response["violations"]
    assert [v["id"] for v in found if v["impact"] not in AXE_IGNORES] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_earlier_answer_is_shown_and_the_numbers_are_others(show, page):
    sample = SAMPLES[0]
    posed = sample.pose(0)
    wrong = typed(posed, posed.wrong[0][1])
    draws = show(sample, earlier={"seed": 0, "reply": wrong, "status": "mistake"})
    place = page.locator(".site-question")
    earlier = f"Earlier you answered {posed.kind.write(float(wrong))}: {posed.wrong[0][0]}."
    assert place.locator("> p").inner_text() == earlier
    assert page.locator("legend").inner_text() == draws[1]["question"]["text"]
    give(page, "Number", "two")
    assert "could not be read as one" in page.locator(".gdq-feedback").inner_text()
    assert place.locator("> p").count() == 1  # no answer was judged
    give(page, "Number", "77")
    assert place.locator("> p").count() == 0


@pytest.mark.parametrize("entry", [{"seed": 0, "reply": 5}, {"seed": 99}, {"status": "right"}])
def test_an_entry_of_another_edition_is_no_error(show, page, entry):
    show(SAMPLES[0], earlier=entry)
    assert page.locator(".site-question > p").count() == 0


def test_a_printer_gets_the_saved_question(show, page):
    show(SAMPLES[0])
    assert not page.locator("text=Saved.").is_visible()
    page.emulate_media(media="print")
    assert page.locator("text=Saved.").is_visible() and not page.locator(".gdq").is_visible()
    page.emulate_media(media="screen")


@pytest.mark.parametrize("arrives", [("other-questions", None), ("lesson-questions", "another")])
def test_without_its_data_a_question_stays_as_it_was_saved(show, page, arrives):
    show(SAMPLES[0], arrives=arrives, ready="text=Saved.")
    page.wait_for_timeout(100)
    assert page.locator("text=Saved.").is_visible() and page.locator(".gdq").count() == 0
