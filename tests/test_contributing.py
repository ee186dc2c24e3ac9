"""The small lesson that CONTRIBUTING.md shows is one that works."""

import pathlib
import re
import textwrap

ROOT = pathlib.Path(__file__).parent.parent
IMPORTS = """
from gdlesson import GradientDescent, descend
from gdlesson.explorers.base import Explorer
from gdlesson.explorers.records import Shown, Views
from gdlesson.formatting import significant
from gdlesson.live.controls import slider, stops
from gdlesson.surfaces import quadratic
from gdlesson.views import LossOverSteps, Panel
"""


def test_the_lesson_shown_can_be_explored():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^ *```python\n(.*?)```", page, flags=re.S | re.M)
    assert len(code.splitlines()) <= 40
    names = {}
    exec(IMPORTS + textwrap.dedent(code), names)
    explorer = names["explore"]()
    loss = f"{0.8**40:.2g}"
    assert explorer.readout == f"With step size 0.10 the loss after 20 steps is {loss}."
    explorer.set(lr=1.1)
    assert f"{1.2**40:.2g}" in explorer.readout
    assert explorer.live.play.steps == 20
    explorer.set(steps=5)
    assert explorer.live.play.steps == 5 and "5 steps" in explorer.readout
    assert explorer.still().startswith(b"\x89PNG")
