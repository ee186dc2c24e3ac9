"""The canvas shows what matplotlib draws, for every kind of artist, and plays a path by itself."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon, Rectangle
from matplotlib.text import Text
from PIL import Image
from PIL.ImageFilter import MaxFilter, MinFilter

from gdlesson.explorers import catalogue as explorers
from gdlesson.live.figure import Handle, LiveFigure
from gdlesson.live.playback import Play
from gdlesson.live.raster import drawn
from gdlesson.views import LIGHT, styled

from .lab import browser_page, chromium
from .plain import mount, seen, update

# Both draw the same outlines; matplotlib moves straight edges to whole pixels of the picture (half
# pixels of the page), and each smooths edges in its own way. So: each pixel of the one lies, give
# or take TOLERANCE of 255, between the darkest and the lightest of the other's pixel and its eight
# neighbours; a FEW in ten thousand may not.
TOLERANCE, FEW = 40, 3e-4


def strangers(one, other):
    """The share of pixels of either picture that are not found in the other, where they are."""
    one, other = (
        each if isinstance(each, Image.Image) else Image.fromarray(each) for each in (one, other)
    )
    assert one.size == other.size and one.mode == other.mode == "RGB"
    return max(_outside(one, other), _outside(other, one))


def _outside(one, other):
    low, high = (
        np.asarray(other.filter(extreme(3)), np.int16) for extreme in (MinFilter, MaxFilter)
    )
    one = np.asarray(one, np.int16)
    return ((one < low - TOLERANCE) | (one > high + TOLERANCE)).any(axis=-1).mean()


@pytest.fixture(scope="module")
def page():
    if chromium() is None:
        pytest.skip("no Chromium or Chrome is installed, so nothing can be seen in a browser")
    complaints = []
    with browser_page(width=1000, height=700, device_scale_factor=2) as page:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: m.type == "error" and complaints.append(m.text))
        yield page
    assert complaints == []


@pytest.fixture
def axes():
    figure = Figure((4, 2.5), dpi=100)
    ax = figure.add_axes((0.1, 0.15, 0.85, 0.75))
    ax.set(xlim=(0, 4), ylim=(0, 2))
    return ax


X = np.linspace(-0.5, 4.5, 40)
KINDS = {
    "line": lambda ax: ax.plot(X, 1 + np.sin(3 * X), lw=2),
    "dashed line": lambda ax: ax.plot(X, X / 2, "--", lw=3),
    "broad translucent line": lambda ax: ax.plot(X, 2 - X / 3, lw=9, alpha=0.35),
    "line over a gap": lambda ax: ax.plot([0.5, 1, np.nan, 2, 3], [1, 1.5, 1, 1.5, 1], "o-", lw=3),
    "markers": lambda ax: ax.plot(X, 1 + np.cos(X), "s", ms=9, mec="white", mew=1.5),
    "markers off the grid": lambda ax: ax.plot([0.333, 1.777], [1.234, 0.567], "v", ms=13),
    "text": lambda ax: [ax.text(1, 1, "𝑤 ← 2.00 − 0.10 · 4.00", fontsize=14,
                                family=["DejaVu Sans", "DejaVu Serif"])],
    "rotated text": lambda ax: [ax.text(1, 0.4, "Längs ∇f (−1)", fontsize=14, rotation=35)],
    "mathematics": lambda ax: [ax.text(1, 1, r"$\frac{1}{2}w^2 + \beta$", fontsize=18)],
    "rectangle": lambda ax: [ax.add_patch(Rectangle((1, 0.5), 2, 1, fc="#0072b2", ec="k", lw=2))],
    "polygon and circle": lambda ax: [
        ax.add_patch(Polygon([(0.5, 0.5), (2, 0.3), (1.2, 1.7)], fc="#d55e0080", ec="#d55e00")),
        ax.add_patch(Circle((3, 1), 0.4, fc="none", ec="#007a5a", lw=3)),
    ],
    "arrow": lambda ax: [ax.annotate("down", (3, 0.5), (1, 1.5), fontsize=13,
                                     arrowprops={"arrowstyle": "->", "lw": 2})],
    "filled arrow": lambda ax: [ax.annotate("", (3, 0.5), (1, 1.5),
                                            arrowprops={"arrowstyle": "-|>", "lw": 2})],
    "filled area": lambda ax: [ax.fill_between(X, np.sin(X), 1 + np.cos(X), alpha=0.5)],
    "scatter": lambda ax: [ax.scatter(X, 1 + np.sin(X), s=np.arange(40) * 4, c=X, alpha=0.7)],
    "quiver": lambda ax: [ax.quiver([1, 2, 3], [1, 1, 1], [1, 0.5, -1], [0.5, -1, 0.2])],
    "many lines": lambda ax: [ax.add_collection(LineCollection(
        [[(i / 3, 0.2), (4 - i / 3, 1.8)] for i in range(13)], lw=2, colors="#0072b2"))],
    "image": lambda ax: [ax.imshow(np.arange(12.0).reshape(3, 4) % 5, extent=(0.5, 3.5, 0.3, 1.7),
                                   origin="lower", interpolation="none", aspect="auto")],
    "image from the top": lambda ax: [ax.imshow(np.arange(12.0).reshape(3, 4) ** 2, alpha=0.5,
                                                extent=(-1, 3.5, 0.3, 3), interpolation="none",
                                                aspect="auto")],
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_canvas_and_the_still_agree(page, axes, kind):
    moving = KINDS[kind](axes)
    axes.set(xlim=(0, 4), ylim=(0, 2))
    live = LiveFigure(axes.figure, moving, kind)
    mount(page, live, 400)
    expected = drawn(axes.figure, moving)
    assert strangers(seen(page), expected) < FEW
    # The tolerance notices a missing artist, and one that is three pixels off.
    assert strangers(drawn(axes.figure, []), expected) > 4 * FEW
    assert strangers(np.roll(np.asarray(expected), 6, axis=1), expected) > 4 * FEW


@pytest.mark.parametrize("name", explorers())
def test_an_explorers_canvas_is_its_still(page, name):
    explorer = explorers()[name]()
    explorer.still()  # does the work that waits, so that nothing moves between two pictures
    # Texts have a test of their own; in a long line matplotlib's kerning adds up to a pixel or two.
    explorer.live.moving = [a for a in explorer.live.moving if not isinstance(a, Text)]
    for artist in explorer.live.moving:  # a line saved unsmoothed, for size, is smooth on a canvas
        if isinstance(artist, Line2D):
            artist.set_antialiased(True)
    explorer.live.refresh()
    mount(page, explorer.live)
    with styled(LIGHT):
        assert strangers(seen(page), drawn(explorer.figure, explorer.live.moving)) < FEW


# --- playing


@pytest.fixture
def walk(axes):
    """Ten steps to the right: a line that grows, a point and a bar that jump, and what is said."""
    x = np.linspace(0, 4, 11)
    (line,) = axes.plot(x, np.ones(11), "o-", color="#0072b2", lw=4)
    (ball,) = axes.plot(x[-1:], [0.5], "s", color="#d55e00", ms=10)
    (bar,) = axes.plot([4, 4], [1.5, 1.9], color="#007a5a", lw=4)
    keyframes = {
        ball: np.stack([x, np.full(11, 0.5)], axis=-1)[:, None],
        bar: np.stack([np.stack([x, np.full(11, y)], axis=-1) for y in (1.5, 1.9)], axis=1),
    }
    said = "Step {step} of {steps}: w = {0}, loss {1:g}."
    play = Play.of([], said, np.stack([x, 10.0 ** -np.arange(11)], axis=-1))
    play = Play(10, {line: 1}, keyframes, play.text, play.numbers)
    return LiveFigure(axes.figure, [line, ball, bar], "all ten", [Handle(line, print, "a")], play)


def readout(page):
    return page.locator(".gdl-readout").inner_text()


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def test_step_shows_one_step_more_as_matplotlib_draws_it(page, walk):
    mount(page, walk, 400)
    assert readout(page) == "all ten"
    for step, said in [(1, "w = 0.40, loss 0.1"), (2, "w = 0.80, loss 0.01"), (3, "w = 1.20")]:
        button(page, "One step more").click()
        assert readout(page).startswith(f"Step {step} of 10: {said}")
        with walk.play.at(step):
            assert strangers(seen(page), drawn(walk.figure, walk.moving)) < FEW
    page.get_by_label("Step shown").fill("9")
    assert readout(page) == "Step 9 of 10: w = 3.60, loss 1.0e-09."
    button(page, "One step more").click()
    assert readout(page) == "all ten"


def test_play_asks_the_kernel_for_nothing_and_ends_with_the_whole_path(page, walk):
    mount(page, walk, 400)
    whole = seen(page)
    page.get_by_label("Speed").select_option("4 ×")
    sent = page.evaluate("models[0].model.sent.length")
    button(page, "Play the path step by step").click()
    page.wait_for_function("document.querySelector('.gdl-readout').textContent.includes('Step 5')")
    button(page, "Pause").click()
    paused = readout(page)
    assert paused.startswith("Step ")
    page.wait_for_timeout(150)
    assert readout(page) == paused
    button(page, "Play the path step by step").click()
    page.wait_for_function("document.querySelector('.gdl-readout').textContent === 'all ten'")
    assert seen(page).tobytes() == whole.tobytes()
    assert page.evaluate("models[0].model.sent.length") == sent


def test_a_move_while_playing_goes_on_at_the_same_step(page, walk):
    mount(page, walk, 400)
    page.get_by_label("Step shown").fill("4")
    walk.alt = "moved"
    walk.moving[0].set_ydata(np.linspace(1, 2, 11))
    walk.refresh()
    update(page, walk, "alt", "_points")
    assert readout(page) == "Step 4 of 10: w = 1.60, loss 0.0001."
    button(page, "Play the path step by step").click()
    update(page, walk, "_points", "_numbers", "_frames")
    page.wait_for_function("document.querySelector('.gdl-readout').textContent.includes('Step 6')")
    # A shorter path ends where it ends; a longer one later stays whole.
    walk.refresh(Play(3, {walk.moving[0]: 1}))
    update(page, walk, "_play", "_points", "_numbers", "_frames", "_scene")
    assert readout(page) == "moved" and page.locator(".gdl-count").inner_text() == "3 / 3"
    walk.stop()
    update(page, walk, "_stops")
    assert button(page, "Play the path step by step").is_visible()


def test_less_motion_means_whole_steps_and_few_pictures(page, walk):
    page.emulate_media(reduced_motion="reduce")
    try:
        mount(page, walk, 400)
        button(page, "Play the path step by step").click()
        before = page.evaluate("Number(document.querySelector('.gdl').dataset.frames)")
        page.wait_for_timeout(1300)
        frames = page.evaluate("Number(document.querySelector('.gdl').dataset.frames)") - before
        assert 1 <= frames <= 4
    finally:
        page.emulate_media(reduced_motion="no-preference")


def test_locked_or_without_a_path_nothing_plays(page, axes, walk):
    walk.locked = True
    mount(page, walk, 400)
    assert button(page, "One step more").is_disabled()
    (line,) = axes.plot([0, 1], [0, 1])
    mount(page, LiveFigure(axes.figure, [line]), 400)
    assert not page.locator(".gdl-play").is_visible()
