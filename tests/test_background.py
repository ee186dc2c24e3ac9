"""Slow pictures: coarse at once, refined when no move comes, and given up at the next move."""

import asyncio
import weakref

import ipywidgets as widgets
import numpy as np
import pytest

from gdlesson.explorers.base import Explorer
from gdlesson.explorers.records import Views
from gdlesson.live.background import WAIT, BackgroundRefinement
from gdlesson.views import HeatMap, Panel


class Slow(Explorer):
    """A coarse map that is refined in four pieces."""

    primary = "level"

    def make_controls(self):
        self.pieces = 0
        return {"level": widgets.FloatSlider(0.5, min=0, max=1)}

    def draw(self, page):
        (ax,) = page.panels(Panel(300))
        return Views(map=HeatMap(ax, (0, 1, 0, 1), page.palette))

    def show(self, views, values):
        views.map.update(np.full((2, 2), values["level"]), (0.5, 0.5))
        return f"Level {values['level']:.2f}."

    def refine(self, views, values):
        fine = np.full((8, 8), values["level"])
        for row in range(0, 8, 2):
            fine[row : row + 2] += 0.01
            self.pieces += 1
            yield
        views.map.update(fine)


def side(explorer):
    return explorer.views.map.image.get_array().shape[0]


def test_without_a_loop_the_map_is_coarse_until_it_is_saved():
    explorer = Slow()
    assert side(explorer) == 2 and explorer.pieces == 0
    explorer.still()
    assert side(explorer) == 8 and explorer.pieces == 4


def test_the_fine_map_comes_after_a_wait_and_not_before():
    async def wait():
        explorer = Slow()
        sent = explorer.live._pixels
        await asyncio.sleep(WAIT / 2)
        assert side(explorer) == 2 and explorer.pieces == 0
        await asyncio.sleep(WAIT / 2 + 0.3)
        assert side(explorer) == 8 and explorer.pieces == 4
        assert len(explorer.live._pixels) == 16 * len(sent)

    asyncio.run(wait())


def test_a_newer_move_gives_up_the_older_map():
    async def move():
        explorer = Slow()
        for level in (0.1, 0.2, 0.3):
            await asyncio.sleep(WAIT / 2)
            explorer.set(level=level)
        assert explorer.pieces == 0
        await asyncio.sleep(WAIT + 0.3)
        assert explorer.pieces == 4
        assert explorer.views.map.image.get_array().max() == pytest.approx(0.31)

    asyncio.run(move())


def test_a_map_is_given_up_between_two_pieces():
    async def move():
        explorer = Slow()
        while explorer.pieces < 2:
            await asyncio.sleep(0)
        explorer.set(level=0.9)
        assert side(explorer) == 2
        await asyncio.sleep(WAIT + 0.3)
        assert explorer.pieces == 2 + 4

    asyncio.run(move())


def test_a_closed_picture_is_refined_no_more():
    async def close():
        asyncio.get_running_loop().set_exception_handler(lambda loop, found: raised.append(found))
        explorer = Slow()
        other = explorer.other_work = BackgroundRefinement(lambda: None)
        other.begin(piece for piece in range(3))
        while explorer.pieces < 2:
            await asyncio.sleep(0)
        figure = weakref.ref(explorer.figure)
        explorer.close()
        assert other.work is None and not other.scheduled
        await asyncio.sleep(WAIT + 0.2)
        assert figure() is None and "closed" in explorer.readout

    raised = []
    asyncio.run(close())
    assert raised == []


def test_an_error_in_a_piece_is_shown_and_raised():
    class Broken(Slow):
        def refine(self, views, values):
            yield
            raise RuntimeError("out of ink")

    async def move():
        raised = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, found: raised.append(found))
        explorer = Broken()
        await asyncio.sleep(WAIT + 0.2)
        assert explorer.readout == "This picture could not be drawn. RuntimeError: out of ink"
        assert isinstance(raised[0]["exception"], RuntimeError)
        explorer.set(level=0.25)
        assert explorer.readout == "Level 0.25."

    asyncio.run(move())
