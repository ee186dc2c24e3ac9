"""Pack the states of an explorer into few bytes. May import: plans, live, NumPy.

Neighbouring states differ little. So each drawn part of a picture (a line, a text) is stored once
for all states in which it is the same, and otherwise as the difference from the state before, or
from vertex to vertex if that is smaller, byte by byte (all low bytes first); then all is compressed
by gzip. Vertices are whole fractions of a pixel, because the recorder rounds them. `states.js`
unpacks it.
"""

import base64
import gzip
import json
import struct

import numpy as np

from ..live.recorder import GRID
from .plans import is_choice

NOWHERE = -(2**31)  # where a vertex is not a number
NOT_FINITE = 127  # the exponent of what is not a finite number
BLOBS = ("_codes", "_pixels", "_background")


class Table:
    """A list in which equal entries are stored once; `add` returns an entry's number."""

    def __init__(self):
        self.entries, self._numbers = [], {}

    def add(self, entry, key=None):
        key = entry if key is None else key
        if key not in self._numbers:
            self._numbers[key] = len(self.entries)
            self.entries.append(entry)
        return self._numbers[key]

    def add_json(self, value):
        return self.add(value, json.dumps(value, sort_keys=True))


class Integers:
    """Arrays of integers, each stored once, as differences: `add` returns an array's number.

    modes: of each array its length, and the number of the array it is the difference from, or −1
    for differences within itself, a value and the one `apart` before it.
    """

    def __init__(self):
        self.modes, self._parts, self._arrays, self._numbers, self._latest = [], [], [], {}, {}

    def add(self, values, place, apart):
        """values: int32. place: hashable; arrays of one place are much alike."""
        key = values.tobytes()
        if key in self._numbers:
            return self._numbers[key]
        inner = values.copy()
        inner[apart:] -= values[:-apart]  # modulo 2³², as in the browser
        part, mode = inner, -1
        before = self._latest.get(place)
        if before is not None and len(self._arrays[before]) == len(values):
            outer = values - self._arrays[before]
            if _bits(outer) < _bits(inner):
                part, mode = outer, before
        number = self._numbers[key] = self._latest[place] = len(self._arrays)
        self._arrays.append(values)
        self._parts.append(part)
        self.modes.append([len(values), mode, apart])
        return number

    def packed(self):
        joined = np.concatenate([np.zeros(0, np.int32), *self._parts])
        folded = (joined << 1) ^ (joined >> 31)  # small numbers of either sign: zero high bytes
        return folded.astype("<i4").view(np.uint8).reshape(-1, 4).T.tobytes()


def _bits(values):
    return np.log2(np.abs(values.astype(np.float64)) + 1).sum()


def packed(recording):
    """The states of a `Recording` as text: base64 of gzip of a header and its sections."""
    styles, rest, integers = Table(), Table(), Integers()
    blobs = {name: Table() for name in BLOBS}
    rows = []
    for state in recording.states:
        shown = state.shown
        drawn, at = [], 0
        points = np.frombuffer(shown["_points"], np.float32).reshape(-1, 2)
        for place, style in enumerate(shown["_scene"]):
            vertices = to_grid(points[at : at + style["n"]])
            codes = shown["_codes"][at : at + style["n"]]
            at += style["n"]
            drawn.append([
                styles.add_json(style),
                integers.add(vertices, ("vertices", place), 2),
                blobs["_codes"].add(codes),
            ])  # fmt: skip
        frames = to_grid(np.frombuffer(shown["_frames"], np.float32))
        mantissas, exponents = to_decimals(shown["_numbers"], shown["_play"])
        columns = max(1, len(mantissas) // (shown["_play"]["steps"] + 1))
        rows.append([
            drawn,
            integers.add(frames, "frames", 2),
            integers.add(mantissas, "mantissas", columns),
            integers.add(exponents, "exponents", columns),
            blobs["_pixels"].add(shown["_pixels"]),
            blobs["_background"].add(shown["_background"]),
            [rest.add_json(shown[name]) for name in ("_handles", "_play", "_size", "alt")],
            rest.add_json(state.disabled),
            [rest.add(text) for text in state.texts.values()],
        ])  # fmt: skip
    header = description(recording) | {
        "styles": styles.entries,
        "rest": rest.entries,
        "integers": integers.modes,
        "blobs": [[len(entry) for entry in blobs[name].entries] for name in BLOBS],
        "states": rows,
    }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    body = integers.packed() + b"".join(b"".join(blobs[name].entries) for name in BLOBS)
    data = gzip.compress(struct.pack("<I", len(text)) + text + body, 9, mtime=0)
    return base64.b64encode(data).decode()


def description(recording):
    """What a page needs to make the controls, and which state belongs to which setting."""
    keys = [",".join(map(str, key)) for key in recording.branches]
    return {
        "start": recording.start,
        "predicted": recording.predicted,
        "width": recording.width,
        "primary": recording.explorer.primary,
        "adapts": [name for name in recording.choices if name in recording.explorer.adapts_to],
        "choices": recording.choices,
        "controls": controls(recording),
        "branches": {
            key: {
                "primary": branch.primary,
                "at": branch.at,
                "lines": {name: list(line.items()) for name, line in branch.lines.items()},
                "others": branch.others,
                "start": branch.start,
            }
            for key, branch in zip(keys, recording.branches.values(), strict=True)
        },
        "buttons": list(recording.explorer.buttons()),
    }


def controls(recording):
    """[name, label, texts of its choices or null] of each control, as it is shown."""
    made = []
    for name in recording.visible:
        control, texts = recording.explorer.controls[name], None
        if is_choice(control):
            texts = [str(value) for value in getattr(control, "options", ("off", "on"))]
        made.append([name, control.description, texts])
    return made


def to_grid(values):
    """Pixels as whole numbers of the recorder's grid; what is no number becomes NOWHERE."""
    with np.errstate(invalid="ignore"):
        whole = np.where(np.isnan(values), NOWHERE, np.round(values.astype(np.float64) * GRID))
    return whole.astype(np.int32).ravel()


def to_decimals(data, play):
    """The numbers of each step's text, rounded as the text shows them: mantissas and exponents.

    A number is mantissa · 10^exponent. See `formatNumber` in play.js for the digits shown.
    """
    numbers = np.frombuffer(data, np.float64)
    columns = max(1, len(numbers) // (play["steps"] + 1))
    by_digits = np.array([f"{{{k}:g}}" in play["text"] for k in range(columns)])
    sizes = np.abs(np.where(np.isfinite(numbers), numbers, 0))
    digits = np.resize(by_digits, len(numbers))
    short = np.where(digits, (sizes < 1e-4) | (sizes >= 1e3), sizes >= 1e4)
    with np.errstate(divide="ignore"):
        order = np.where(sizes > 0, np.floor(np.log10(sizes)), 0).astype(int)
    exponents = np.where(short, order - 1, np.where(digits, order - 2, -2))
    scale = 10.0 ** -np.clip(exponents, -300, 300).astype(float)
    with np.errstate(over="ignore", invalid="ignore"):
        mantissas = np.where(np.isnan(numbers), 0, np.where(
            np.isfinite(numbers), np.round(numbers * scale), np.sign(numbers)))  # fmt: skip
    exponents = np.where(np.isfinite(numbers), exponents, NOT_FINITE)
    return mantissas.astype(np.int32), exponents.astype(np.int32)
