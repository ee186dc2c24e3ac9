"""The pages of the web edition: formulas, cells and links of every lesson."""

import collections
import html
import itertools
import json
import re
import xml.etree.ElementTree as ET

import nbformat
import pytest
from trial_site import NOTEBOOKS, STEMS, build, lesson_page, notebook, saved, shown

from gdlesson.course import LESSONS
from gdlesson.exercises import catalogue
from gdlesson.site import pages, texts
from gdlesson.site.cells import Cells, checked, picture_name

each = pytest.mark.parametrize("stem", STEMS)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return build(tmp_path_factory.mktemp("site") / "site")


def markdown(stem):
    return [
        cell.source
        for cell in notebook(stem).cells
        if cell.cell_type == "markdown" and "notebook-only" not in cell.metadata.get("tags", [])
    ]


def formulas(source):
    """(LaTeX, whether it has a line of its own) of what Markdown contains outside code."""
    found = texts.FORMULAS.finditer(source)
    return [(f[1] or f[2], bool(f[1])) for f in found if f[1] or f[2]]


def letters(math):
    """The text of a formula or of several, without spaces."""
    return "".join(html.unescape(re.sub(r"<[^>]+>", "", math)).split())


def cell(source, *outputs, tags=()):
    made = nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Title"), made])


def shown_as(source, *outputs, record=None, tags=()):
    """The HTML of one code cell."""
    records = {1: record} if record else {}
    return Cells(cell(source, *outputs, tags=tags), records, "98-trial", "here").cell(1)


def printed(text):
    return nbformat.v4.new_output("stream", name="stdout", text=text)


# Formulas


def test_a_formula_is_mathml():
    fraction = "<mfrac><mn>2</mn><mi>L</mi></mfrac>"
    assert texts.formula(r"\frac{2}{L}") == f"<math>{fraction}</math>"
    shown = f'<span class="formula" tabindex="0"><math display="block">{fraction}</math></span>'
    assert texts.formula(r"\frac{2}{L}", display=True) == shown


def test_unknown_latex_is_an_error_that_quotes_it():
    with pytest.raises(ValueError, match=r"expected a formula in LaTeX, got '\\\\nothing"):
        texts.formula(r"\nothing x")


def test_a_long_formula_in_a_sentence_may_go_on_in_the_next_line():
    cut = texts.formula(r"f(w^+) = \frac12 L\,(1 - lr \cdot L)^2\, w^2 = (1 - lr \cdot L)^2 f(w)")
    parts = re.findall(r"<math>.*?</math>", cut)
    assert [letters(part) for part in parts] == ["f(w+)=", "12L(1−lr⋅L)2w2=", "(1−lr⋅L)2f(w)"]
    signs = re.findall("<math>.*?</math>", texts.formula(r"g_1 d_1 - g_2 d_2 + g_3 d_3"))
    assert [letters(part) for part in signs] == ["g1d1−", "g2d2+", "g3d3"]
    # Not after a sign that belongs to a number, nor between bars.
    assert letters(texts.formula(r"a_1 b_1 c_1 = -3")) == "a1b1c1=−3"
    assert texts.formula(r"a_1 b_1 c_1 c_2 c_3 = -3").count("<math>") == 2
    assert texts.formula(r"|1 - lr \cdot L - 1 - 2|^n").count("<math>") == 1
    assert texts.formula(r"\lVert w - w_1 - w_2 \rVert - 1000").count("<math>") == 2


@each
def test_every_formula_of_a_lesson_is_on_its_page_whole(stem):
    page = lesson_page(stem)
    found = [formula for source in markdown(stem) for formula in formulas(source)]
    for latex, display in found:
        one = texts.formula(latex, display)
        assert one in page
        assert letters(one) == letters(
            texts._latex.convert_with_local_state(latex, displaystyle=display)
        )
        for part in re.findall(r"<math.*?</math>", one):
            assert letters(part)
            ET.fromstring(texts.NAMED.sub("", part))
    assert page.count('class="formula"') == sum(display for _, display in found)


@each
def test_no_latex_and_no_markdown_is_left_on_a_page(stem):
    text = re.sub(r"<(code|pre|script)\b.*?</\1>", "", lesson_page(stem), flags=re.DOTALL)
    text = re.sub(r"<p class=\"hint\">[^<]*\*\*| data-prediction='[^']*'", "", text)
    text = re.sub(r"<[^>]+>", "", text)
    for sign in ("$", "\\", "**", "](", "\ue000", "\ue001", "`"):
        assert sign not in text, re.findall(rf".{{,40}}{re.escape(sign)}.{{,40}}", text)


def test_a_bar_in_a_formula_does_not_end_the_cell_of_a_table():
    table = texts.to_html("| a | b |\n|---|---|\n| $|x| < 1$ | $`n` $ |")
    assert table.count("<td>") == 2 and table.startswith('<div class="scroll" tabindex="0"><table>')


def test_a_dollar_in_code_is_no_formula():
    assert "<math" not in texts.to_html("`a$b$c` and\n\n```python\nx = '$1$'\n```\n")


# Texts


def test_links_between_notebooks_lead_between_pages():
    assert texts.page_of("03-step-size.ipynb") == "03-step-size.html"
    assert texts.page_of("glossary.md#basin") == "glossary.html#basin"
    assert texts.page_of("https://arxiv.org/abs/1211.5063") == "https://arxiv.org/abs/1211.5063"
    assert texts.page_of("#map") == "#map"


def test_an_address_on_the_readers_computer_is_no_link():
    assert texts.to_html("at http://127.0.0.1:8000") == "<p>at http://127.0.0.1:8000</p>\n"


def test_what_follows_a_picture_in_italics_is_its_caption():
    assert texts.to_html("*Left, $x$ (*monotone*).*").startswith('<p class="caption">')
    assert texts.to_html("*Left* and right.").startswith("<p>")


def test_the_terms_of_the_glossary_have_anchors():
    source = (NOTEBOOKS / "glossary.md").read_text(encoding="utf-8")
    page = pages.text_page(source, glossary=True)
    anchors = re.findall(r'<li id="([^"]+)"><strong>', page)
    assert len(anchors) == source.count("\n- **") and len(set(anchors)) == len(anchors)
    assert {"basin-of-attraction", "1-t-decay", "mini-batch"} <= set(anchors)


def test_code_is_highlighted_and_escaped():
    assert texts.code("a < b") == (
        '<pre class="code" tabindex="0"><code><span class="n">a</span> <span class="o">&lt;</span>'
        ' <span class="n">b</span></code></pre>\n'
    )


# Cells


def test_what_a_cell_prints_is_escaped():
    assert shown_as("print(1)", printed("1 < 2\n")).endswith(
        '<pre class="output" tabindex="0">1 &lt; 2</pre>'
    )


def test_imports_are_folded_and_cells_for_notebooks_left_out():
    assert shown_as("import math\n\nimport numpy as np").startswith('<details class="imports">')
    assert shown_as("print(1)", printed("1"), tags=["notebook-only"]) == ""
    assert shown_as("\n") == ""


def test_a_cell_that_only_shows_an_explorer_shows_no_code():
    picture = nbformat.v4.new_output(
        "execute_result",
        {"image/png": "iVBORw0KGgo=", "text/plain": "A < B."},
        metadata={"image/png": {"alt": "A < B.", "width": 900, "height": 400}},
    )
    record = {"explorer": "98-trial-1"}
    alone = shown_as("from a import b\n\nb.explore()", picture, record=record)
    assert alone == (
        '<figure class="site-explorer" data-name="98-trial-1"><img class="site-still" '
        'src="pictures/98-trial-01.png" alt="A &lt; B." width="900" height="400">'
        "<figcaption>A &lt; B.</figcaption></figure>"
    )
    above = shown_as("def f(w):\n    return w\n\nb.explore(f=f)", picture, record=record)
    assert above.startswith('<pre class="code"') and above.endswith(alone)


def test_a_prediction_is_there_twice_as_text_and_for_the_script():
    asked = {"question": "Is 'a' < \"b\"?", "choices": ["Yes & no.", "No."], "answer": "No."}
    asked |= {"because": "It's so.", "name": "trial", "explorer": None}
    made = shown_as("trial_question", record={"prediction": asked})
    attribute = re.search(r"data-prediction='([^']*)'", made)[1]
    assert json.loads(html.unescape(attribute)) == asked
    assert "<li>Yes &amp; no.</li>" in made and "<p>No. It&#x27;s so.</p></details>" in made


def test_an_exercise_has_its_hints_one_inside_the_other():
    source = "def chain(f, g):\n    ...\n\ncheck(chain)"
    made = shown_as(source, nbformat.v4.new_output("execute_result", {"text/plain": "Not yet."}))
    hints = catalogue()["chain"].hints
    assert "Not yet." not in made and "<p>Write it here: " in made and len(hints) >= 2
    places = [made.index(html.escape(hint)) for hint in hints]
    assert places == sorted(places) and made.endswith("</details>" * len(hints) + "</section>")
    assert checked("check(chain)\nx = 1") is catalogue()["chain"]
    assert checked("check(unknown)") is checked("chain(check)") is None


@each
def test_every_exercise_of_a_lesson_is_on_its_page_with_its_solution_folded(stem):
    page = lesson_page(stem)
    solutions = [c for c in notebook(stem).cells if "solution" in c.metadata.get("tags", [])]
    assert page.count('<details class="solution">') == len(solutions)
    for solution in solutions:
        assert texts.code(saved(solution, "text/plain")) in page
    exercises = [
        exercise.name
        for c in notebook(stem).cells
        if c.cell_type == "code" and (exercise := checked(c.source))
    ]
    for name in exercises:
        assert f'aria-label="Exercise {name}"' in page
    listed = next((lesson.exercises for lesson in LESSONS if lesson.slug == stem), None)
    assert listed is None or set(listed) <= set(exercises)


@each
def test_what_moves_is_on_the_page_where_the_notebook_has_it(stem):
    names = re.findall(r'class="site-\w+" data-(?:name="([^"]+)"|prediction=)', lesson_page(stem))
    records = [shown(stem)[index] for index in sorted(shown(stem))]
    assert names == [r.get("explorer") or r.get("question") or "" for r in records]
    locked = dict(re.findall(r'data-name="([^"]+)" data-locked-by="([^"]+)"', lesson_page(stem)))
    assert locked == {
        r["prediction"]["explorer"]: r["prediction"]["name"] for r in records if "prediction" in r
    }


def test_the_map_in_lesson_00_is_one_that_the_reader_fills():
    page = lesson_page("00-start-here")
    assert page.count('<ol class="map">') == 1 and "exercises 0 of" not in page
    assert "Run All Cells" not in page and "gdlesson-progress.json" not in page


# The whole


def test_every_link_of_every_page_is_good(site):
    ids, pages_ = {}, sorted(site.glob("*.html"))
    assert len(pages_) == len(STEMS) + 3
    for path in pages_:
        found = re.findall(r' id="([^"]+)"', path.read_text(encoding="utf-8"))
        assert not [i for i, n in collections.Counter(found).items() if n > 1], path.name
        ids[path.name] = set(found)
    for path in pages_:
        page = path.read_text(encoding="utf-8")
        for address in re.findall(r'\bhref="([^"]+)"', page):
            if address.startswith("https://"):
                continue
            if address == "data:,":  # no icon to ask for
                continue
            file, _, anchor = address.partition("#")
            assert (site / (file or path.name)).is_file(), (path.name, address)
            assert not anchor or anchor in ids[file or path.name], (path.name, address)


def test_a_page_asks_no_other_address_for_anything(site):
    for path in site.glob("*.html"):
        page = path.read_text(encoding="utf-8")
        sources = re.findall(r'\b(?:src|srcset|poster|data)="([^"]+)"', page)
        sources += re.findall(r'<link [^>]*href="([^"]+)"', page)
        for address in sources:
            assert address.startswith("data:") or (site / address).is_file(), (path.name, address)
        assert "url(" not in page and "@import" not in page
    for asset in (site / "assets").iterdir():
        assert not re.search(r"https?://|url\(|@import|\bfetch\(", asset.read_text("utf-8"))


def test_one_reads_on_from_page_to_page(site):
    for before, after in itertools.pairwise(STEMS):
        for this, other in ((before, after), (after, before)):
            page = (site / f"{this}.html").read_text(encoding="utf-8")
            ends = re.findall(r'<p class="neighbours">(.*?)</p>', page, re.DOTALL)
            assert len(ends) == 2
            assert f'href="{other}.html"' in ends[1]


def test_pictures_are_those_of_the_notebook():
    stem = "03-step-size"
    index = next(i for i, c in enumerate(notebook(stem).cells) if saved(c, "image/png"))
    kept = pages.pictures(notebook(stem), stem)
    assert kept[picture_name(stem, index)].startswith(b"\x89PNG") and len(kept) == 2


def test_the_index_leads_everywhere_and_says_how_to_run_code():
    page = pages.index(notebook("00-start-here"))
    for stem in [*STEMS[:2], STEMS[-1], "glossary", "for-teachers"]:
        assert f'href="{stem}.html"' in page or stem == "19-clinic"
    assert ".venv/bin/gdlesson" in page and "mybinder" not in page
    binder = "https://mybinder.org/v2/gh/someone/gdlesson/HEAD?urlpath=lab/tree/notebooks/"
    page = pages.index(notebook("00-start-here"), repository="git@github.com:someone/gdlesson.git")
    assert binder in page and 'href="https://github.com/someone/gdlesson"' in page


def test_an_exercise_leads_to_its_own_notebook_on_binder_if_the_repository_is_known():
    binder = "https://mybinder.org/v2/gh/someone/gdlesson/HEAD?urlpath=lab/tree/notebooks/"
    assert f'href="{binder}03-step-size.ipynb"' in lesson_page("03-step-size")
    for elsewhere in (None, "https://example.org/x/y"):
        page = lesson_page("03-step-size", repository=elsewhere)
        assert "mybinder" not in page and 'href="index.html#jupyterlab"' in page
