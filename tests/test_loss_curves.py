"""Pictures of losses in a question: what they show, where their letters are, and in numbers."""

import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from sample_questions import MATCH

from gdlesson.live.loss_curves import STYLES, described, picture

SVG = "{http://www.w3.org/2000/svg}"
ODD = {
    "A": [1, 0.5, 0, 0, 0],
    "B": [1, 5, np.inf, np.nan, 1],
    "C": [1, 0.99, 0.98, 0.97, 0.96],
    "D": [1, 0.99, 0.98, 0.97, 0.965],
    "E": [-1] * 5,
    "F": [1, 0.5, 0.2, 1e-30, 1e-50],
    "G": [np.nan] * 5,
    "H": [1, 1e300, 1e308, np.inf, np.inf],
}


def texts(svg):
    """(text, x, y) of all texts in a picture."""
    found = ET.fromstring(svg).iter(f"{SVG}text")
    return [(each.text, float(each.get("x")), float(each.get("y"))) for each in found]


def letters(svg):
    return {text: (x, y) for text, x, y in texts(svg) if re.fullmatch("[A-H]", text)}


def curves_of(svg):
    """The elements that are curves: paths from one point to the next."""
    paths = ET.fromstring(svg).iter(f"{SVG}path")
    return [path for path in paths if path.get("stroke-dasharray")]


def lines(svg):
    """The points of each curve, which is written as a start and steps from there."""
    numbers = [re.findall(r"-?[\d.]+", path.get("d")) for path in curves_of(svg)]
    return [np.cumsum(np.reshape(each, (-1, 2)).astype(float), axis=0) for each in numbers]


def test_a_loss_ten_times_smaller_is_one_decade_lower():
    (line,) = lines(picture({"A": [10, 1, 0.1, 0.01]}))
    assert np.allclose(np.diff(line[:, 0]), np.diff(line[:, 0])[0], atol=0.11)
    falls = np.diff(line[:, 1])
    assert falls[0] > 20 and np.allclose(falls, falls[0], atol=0.11)


def test_ticks_are_powers_of_ten_and_few():
    shown = [text for text, _, _ in texts(picture({"A": 10.0 ** -np.arange(8)}))]
    assert shown[:4] == ["1e-06", "0.0001", "0.01", "1"]
    assert {"loss (log scale)", "step"} <= set(shown)
    within = [text for text, _, _ in texts(picture({"A": [0.31, 0.3, 0.29]}))]
    assert {"0.1", "1"} <= set(within)  # two at least, however little the loss changes


@pytest.mark.parametrize("curves", [MATCH.pose(0).curves, ODD], ids=["usual", "odd"])
@pytest.mark.parametrize("size", [(600, 300, 14), (280, 220, 15), (420, 280, 16)])
def test_each_curve_has_its_letter_inside_and_none_lies_upon_another(curves, size):
    svg = picture(curves, *size)
    width, height, text = size
    places = letters(svg)
    assert list(places) == list(curves)
    for (_, (x1, y1)), (_, (x2, y2)) in itertools.combinations(places.items(), 2):
        assert abs(x1 - x2) >= 0.7 * text or abs(y1 - y2) >= text
    for x, y in places.values():
        assert text / 2 <= x <= width - text / 2 and text / 2 <= y <= height - text / 2


def test_a_letter_is_next_to_the_end_of_its_curve():
    svg = picture(MATCH.pose(0).curves)
    for line, (x, y) in zip(lines(svg), letters(svg).values(), strict=True):
        assert 0 < x - line[-1, 0] < 20 and abs(y - line[-1, 1]) < 20


@pytest.mark.parametrize("size", [(600, 300, 14), (280, 220, 15), (420, 280, 16)])
def test_letters_that_had_to_move_have_lines_to_the_ends_of_their_curves(size):
    curves = {
        letter: [1, height] for letter, height in zip("ABCDE", (1e3, 2, 1, 1, 1e-3), strict=True)
    }
    svg = picture(curves, *size)
    paths = [path.get("d") for path in ET.fromstring(svg).iter(f"{SVG}path")]
    leaders = [re.findall(r"[\d.]+", d) for d in paths if "L" in d]
    ends = [line[-1] for line in lines(svg)]
    assert len(leaders) == len(curves)
    for leader, end, (x, y) in zip(leaders, ends, letters(svg).values(), strict=True):
        first_x, first_y, _, last_y, last_x = map(float, leader)
        assert 0 < first_x - end[0] < 3 and abs(first_y - end[1]) < 0.2
        assert 0 < x - last_x < size[2] and abs(last_y - y) < 0.1
    spread = picture({"A": [1, 1e3], "B": [1, 1], "C": [1, 1e-3]}, *size)
    assert not any("L" in path.get("d") for path in ET.fromstring(spread).iter(f"{SVG}path"))


def test_a_curve_that_ends_before_the_others_is_named_where_it_ends():
    svg = picture({"A": [1, 0.1, 0.03], "B": [1] * 9, "C": [1, 0.1, 0.04]})
    for line, (x, y) in zip(lines(svg), letters(svg).values(), strict=True):
        assert abs(x - line[-1, 0]) < 30 and abs(y - line[-1, 1]) < 5
    (first, _), _, (third, _) = letters(svg).values()
    assert abs(first - third) > 14


def test_a_curve_that_leaves_the_picture_is_named_where_it_does():
    svg = picture({"A": 0.01 ** np.arange(31), "B": 0.9 ** np.arange(31)})
    fast, slow = letters(svg).values()
    assert fast[0] < 200 and fast[1] > 200 and slow[0] > 500


@pytest.mark.parametrize("bad", [[0.0, 0, 0], [np.nan] * 3, [-1.0, -2, -3], [1.0], [1e308, np.inf]])
def test_losses_without_a_logarithm_are_drawn_all_the_same(bad):
    (line,) = lines(picture({"A": bad}))
    assert np.isfinite(line).all() and len(line) == len(bad)
    assert not re.search(r"\bnan\b", picture({"A": bad}) + described({"A": bad}))


def test_styles_differ_without_their_colours():
    dashes = [dash for _, dash in STYLES]
    assert len(set(dashes)) == len(dashes) == 8 == len({colour for colour, _ in STYLES})
    svg = picture(ODD)
    drawn = [line.get("stroke-dasharray") for line in curves_of(svg)]
    assert len(set(drawn)) == len(ODD)


def luminance(colour):
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("colour", sorted({c for c, _ in STYLES} - {"currentColor"}))
def test_colours_are_seen_on_white_and_on_black(colour):
    own = luminance(colour) + 0.05
    assert 1.05 / own >= 3 and own / (luminance("#111111") + 0.05) >= 3


def test_a_saved_picture_has_its_own_paper_and_size():
    root = ET.fromstring(picture({"A": [1, 0.5]}, 420, 280, 16, saved=True))
    assert (root.get("width"), root.get("height")) == ("420", "280")
    assert root.find(f"{SVG}rect").get("fill") == "#ffffff"
    assert "var(" not in picture({"A": [1, 0.5]}, saved=True)


def test_numbers_are_rounded_so_that_every_machine_writes_the_same():
    losses = 0.93 ** np.arange(40)
    assert picture({"A": losses}) == picture({"A": losses * (1 + 1e-13)})
    assert not re.search(r"\d\.\d\d", "".join(re.findall('points="[^"]*"', picture({"A": losses}))))


def test_described_in_numbers_it_gives_start_course_and_end():
    curves = {"A": 0.5 ** np.arange(31), "B": [2.0] * 31}
    assert described(curves) == (
        "Curves of the loss, A and B. A: 1 at step 0, 0.00098 at step 10, 9.3e-10 at step 30; "
        "B: 2 at step 0, 2 at step 10, 2 at step 30."
    )
    assert described({"A": [4, 1]}) == "A curve of the loss: 4 at step 0, 1 at step 1."
    assert f'aria-label="{described(curves)}"' in picture(curves)


def test_a_saved_curve_takes_whole_pixels_and_no_point_twice():
    losses = 1 + 0.5 * np.sin(np.arange(2000.0))
    (line,) = lines(picture({"A": losses}, 420, 280, saved=True))
    assert (line == np.rint(line)).all() and np.diff(line, axis=0).any(axis=1).all()
    (exact,) = lines(picture({"A": losses}, 420, 280))
    assert abs(line[0] - exact[0]).max() <= 0.5 and abs(line[-1] - exact[-1]).max() <= 0.7
