"""The small lesson that CONTRIBUTING.md shows is one that works."""

import pathlib
import re
import textwrap

ROOT = pathlib.Path(__file__).parent.parent
IMPORTS = """
from gdlesson import GradientDescent, descend
from gdlesson.live.controls import slider
from gdlesson.explorers.base import Explorer
from gdlesson.surfaces import quadratic
from gdlesson.views import LossOverSteps, axes_at
"""


def test_the_lesson_shown_can_be_explored():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^ *```python\n(.*?)```", page, flags=re.S | re.M)
    names = {}
    exec(IMPORTS + textwrap.dedent(code), names)
    explorer = names["explore"]()
    assert explorer.readout == f"Step size 0.10: after 20 steps the loss is {0.8**40:.2g}."
    explorer.set(lr=1.1)
    assert f"{1.2**40:.2g}" in explorer.readout
    assert explorer.still().startswith(b"\x89PNG")
