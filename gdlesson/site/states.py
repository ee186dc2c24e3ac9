"""Compute beforehand what an explorer shows: its states, for a page without a kernel.

A state is what an explorer sends to the page for one setting of its controls. The primary slider
is computed for every combination of the choices, more finely where the picture changes fast; each
other slider, and the start that can be dragged, is moved alone, the others as the lesson sets them.

May import: plans, explorers, live, NumPy, Pillow.
"""

import heapq
import io
import itertools
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from ..explorers.state import at
from ..live.controls import as_shown
from .plans import PLANS, dragged, is_choice, is_named, options, places, rank, roles, thinned

FAR = 300.0  # pixels: what a picture that has changed altogether has moved


@dataclass
class State:
    """What a page shows for one setting of the controls.

    shown: the values that `LiveFigure` sends, by name. texts and positions: of each control, its
    value as text and its place from 0 to 1. disabled: the controls that change nothing here.
    """

    shown: dict
    texts: dict
    positions: dict
    disabled: list


@dataclass
class Branch:
    """The states for one combination of the choices.

    primary: the values of the primary slider as text. at: their places on it, from 0 to 1. lines:
    "" for the lesson's other controls, "steps:2" for the third value of another control, "start:7"
    for a dragged start, "button:Best" for a pressed button; each maps the number of a primary value
    to the number of a state. others: {control: its values as text, their places on the slider, and
    the number of the lesson's own}. start: the state with the lesson's own values.
    """

    primary: list = field(default_factory=list)
    at: list = field(default_factory=list)
    lines: dict = field(default_factory=dict)
    others: dict = field(default_factory=dict)
    start: int = 0


SENT = ("_scene", "_points", "_codes", "_pixels", "_frames", "_numbers", "_handles", "_play",
        "_size", "_background", "alt")  # fmt: skip


class Recording:
    """The computed states of an explorer, at one width of the page.

    explorer: an `Explorer`; it is left as it was. width: of the picture in pixels. `states` is a
    list of `State`, `branches` maps (index of each choice, …) to a `Branch`, `start` is the number
    of the state the explorer came with. choices and others: names of the controls that are moved.
    predicted: the numbers of the states that the explorer's prediction is about. named: numbers;
    where one is a value of the primary slider, it is always computed.
    """

    def __init__(self, explorer, width, plan=PLANS[0], named=()):
        self.explorer, self.width, self.plan, self.named = explorer, width, plan, named
        self.predicted = []
        self.states, self.branches = [], {}
        self._numbers, self._backgrounds = {}, {}
        self.first = explorer.values
        self.visible = [name for name in explorer.controls if name not in explorer.picture_only]
        self.choices, self.others = roles(explorer, plan)
        explorer.live.available_width = width
        try:
            self._record()
        finally:
            explorer.set(**self.first)

    def _record(self):
        self.start = self._state({})
        settings = [options(self.explorer.controls[name]) for name in self.choices]
        for indices in itertools.product(*(range(len(values)) for values in settings)):
            chosen = {
                name: values[i]
                for name, values, i in zip(self.choices, settings, indices, strict=True)
            }
            self.explorer.set(**self.first)
            changed = {name: value for name, value in chosen.items() if value != self.first[name]}
            self.explorer.set(**changed)
            self.branches[indices] = self._branch()

    def _branch(self):
        """The states of one combination of choices, from where the explorer is now."""
        explorer, branch = self.explorer, Branch()
        here = explorer.values
        self._press_buttons(here)
        allowed = self._primary_values(here)
        fine = self._refined(here, allowed)
        values = [allowed[k] for k in fine]
        branch.lines[""] = {i: self._state(here | self._at(v)) for i, v in enumerate(values)}
        shown = [self.states[number] for number in branch.lines[""].values()]
        branch.primary = [state.texts.get(explorer.primary, "") for state in shown]
        branch.at = [state.positions.get(explorer.primary, 0.0) for state in shown]
        own = 0 if explorer.primary is None else values.index(here[explorer.primary])
        branch.start = branch.lines[""][own]
        coarse = thinned(range(len(values)), self.plan.coarse, keep=own)
        branch.lines |= self._button_lines(here, {i: values[i] for i in coarse})
        for name in self.others:
            explorer.set(**here)
            moved = places(explorer.controls[name])
            if not is_choice(explorer.controls[name]):
                moved = thinned(moved, self.plan.others, keep=here[name])
            reached = []
            for k, value in enumerate(moved):
                if value == here[name]:
                    reached.append(self.states[branch.start])
                    continue
                line = self._line(here, name, value, {i: values[i] for i in coarse}, own)
                branch.lines[f"{name}:{k}"] = line
                reached.append(self.states[line[own]])
            texts = [state.texts[name] for state in reached]
            ats = [state.positions[name] for state in reached]
            branch.others[name] = [texts, ats, moved.index(here[name])]
        for k, start in enumerate(self._starts(here)):
            branch.lines[f"start:{k}"] = {
                i: self._state(here | start | self._at(values[i])) for i in coarse
            }
        explorer.set(**here)
        return branch

    def _line(self, here, name, value, primary, own):
        """The states with another control moved: {number of a primary value: state}."""
        explorer = self.explorer
        explorer.set(**here)
        explorer.set(**{name: value})  # which may give others, the primary one too, new ranges
        moved = explorer.values
        if explorer.primary is None:
            return {own: self._state(moved)}
        allowed = set(places(explorer.controls[explorer.primary]))
        line = {i: self._state(moved | self._at(v)) for i, v in primary.items() if v in allowed}
        return line if own in line else line | {own: self._state(moved)}

    def _primary_values(self, here):
        name = self.explorer.primary
        if name is None:
            return [None]
        own = [here[name], *(state[name] for state in self._pressed)]
        return sorted({*places(self.explorer.controls[name]), *own}, key=rank(self.explorer, name))

    def _at(self, value):
        return {} if self.explorer.primary is None else {self.explorer.primary: value}

    def _refined(self, here, allowed):
        """Which of the allowed primary values are computed: more where the picture changes fast."""
        if len(allowed) <= self.plan.fine:
            return list(range(len(allowed)))
        keep = [allowed.index(state[self.explorer.primary]) for state in (here, *self._pressed)]
        keep += [i for i, value in enumerate(allowed) if is_named(value, self.named)]
        found = sorted({*thinned(range(len(allowed)), self.plan.fine // 3), *keep})

        def gap(i, j):
            if j - i < 2:
                return (0.0, i, j)
            one, other = (self.states[self._state(here | self._at(allowed[k]))] for k in (i, j))
            return (-change(one, other), i, j)

        gaps = [gap(i, j) for i, j in itertools.pairwise(found)]
        heapq.heapify(gaps)
        while len(found) < self.plan.fine and gaps and gaps[0][0] < 0:
            _, i, j = heapq.heappop(gaps)
            middle = (i + j) // 2
            found.append(middle)
            heapq.heappush(gaps, gap(i, middle))
            heapq.heappush(gaps, gap(middle, j))
        return sorted(found)

    def _starts(self, here):
        """Settings of the controls behind a point that is dragged in the picture alone."""
        self.explorer.set(**here)
        names = dragged(self.explorer)
        if not names:
            return []
        most = self.plan.starts[len(names) - 1]
        grids = [thinned(places(self.explorer.controls[name]), most) for name in names]
        starts = (dict(zip(names, at, strict=True)) for at in itertools.product(*grids))
        return [start for start in starts if any(here[name] != start[name] for name in names)]

    def _press_buttons(self, here):
        """Note where the primary slider goes when a button of the lesson is pressed."""
        self._pressed = []
        for press in self._buttons().values():
            self.explorer.set(**here)
            press()
            reached = self.explorer.values
            if all(reached[name] == here[name] for name in here if name != self.explorer.primary):
                self._pressed.append(reached)
        self.explorer.set(**here)

    def _button_lines(self, here, values):
        """The states that a button leads to, from each of these values of the primary slider."""
        lines = {}
        for name, press in self._buttons().items():
            line = lines[f"button:{name}"] = {}
            for i, value in values.items():
                self.explorer.set(**(here | self._at(value)))
                press()
                line[i] = self._state({})
                press()
                if self._state({}) != line[i]:  # a button that goes on and on needs a kernel
                    del lines[f"button:{name}"]
                    break
        self.explorer.set(**here)
        return lines

    def _buttons(self):
        buttons = self.explorer.buttons()
        return {name: buttons[name] for name in buttons if name not in self.explorer.long_runs}

    def _state(self, values):
        """The number of the state with these values of all controls; {} for the present ones."""
        explorer = self.explorer
        explorer.set(**values)
        key = tuple(explorer.values.items())
        if key not in self._numbers:
            explorer.finish()
            live = explorer.live
            shown = {name: getattr(live, name) for name in SENT}
            shown["_background"] = self._background(shown["_background"])
            described = {name: as_shown(explorer.controls[name]) for name in self.visible
                         if not isinstance(explorer.controls[name].value, bool)}  # fmt: skip
            switched = {name: (str(explorer.controls[name].value), 0.0) for name in self.visible
                        if name not in described}  # fmt: skip
            described |= switched
            question = explorer.after
            if question is not None and at(explorer.controls, question.about or {}):
                self.predicted.append(len(self.states))
            self._numbers[key] = len(self.states)
            self.states.append(
                State(
                    shown,
                    {name: text for name, (text, _) in described.items()},
                    {name: round(at, 4) for name, (_, at) in described.items()},
                    [n for n in self.visible if n in explorer.disabled(explorer.values)],
                )
            )
        return self._numbers[key]

    def _background(self, png):
        """The background as lossless WebP, which is half as large; each is converted once."""
        if png not in self._backgrounds:
            self._backgrounds[png] = as_webp(png)
        return self._backgrounds[png]


def change(one, other):
    """How far apart two pictures are, in pixels: the farthest that any of their points moved."""
    here, there = (np.frombuffer(s.shown["_points"], np.float32) for s in (one, other))
    if here.shape != there.shape or not here.size:
        return FAR
    return float(min(np.abs(here - there).max(), FAR))


def as_webp(png):
    """A picture as lossless WebP."""
    file = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").save(file, "WEBP", lossless=True, method=4)
    return file.getvalue()
