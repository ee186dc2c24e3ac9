"""Pictures cost little memory, and a cell that runs again frees what it showed before."""

import gc
import io
import pathlib
import sys
import weakref

import ipywidgets as widgets
import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel
from matplotlib.mathtext import MathTextParser
from PIL import Image

from gdlesson.explorers import catalogue
from gdlesson.live import display, raster
from gdlesson.live.prediction import Prediction
from gdlesson.views import styled

MB = 1024  # kB, as /proc counts
MEMORY = """
import gc
gc.collect()
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmRSS")))
"""


class Kernel:
    """A kernel that gets the identifier of each cell it runs, as JupyterLab sends it."""

    def __init__(self):
        self.manager, self.client = start_new_kernel(kernel_name="python3")
        self.subshell = None

    def run(self, source, cell=None):
        """Run a cell; returns what it prints. Raises AssertionError with its traceback."""
        session = self.client.session
        content = {
            "code": source, "silent": False, "store_history": True, "user_expressions": {},
            "allow_stdin": False, "stop_on_error": True,
        }  # fmt: skip
        request = session.msg("execute_request", content, metadata={"cellId": cell} if cell else {})
        self.client.shell_channel.send(request)
        printed = ""
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            kind, content = message["msg_type"], message["content"]
            if message["parent_header"].get("msg_id") != request["header"]["msg_id"]:
                continue
            if kind == "stream":
                printed += content["text"]
            assert kind != "error", "\n".join(content["traceback"])
            if kind == "status" and content["execution_state"] == "idle":
                return printed

    def memory(self):
        """Resident memory in kB."""
        return int(self.run(MEMORY))

    def megabytes(self):
        """Its proportional set size in MB: what it shares with n processes counts 1/n."""
        self.run("import gc; gc.collect()")
        text = pathlib.Path(f"/proc/{self.manager.provisioner.pid}/smaps_rollup").read_text()
        return next(int(line.split()[1]) for line in text.splitlines() if "Pss:" in line) / MB

    def move(self, model, state):
        """Set traits of a widget, in the thread that JupyterLab uses; waits for the answer."""
        if self.subshell is None:
            request = self.client.session.msg("create_subshell_request")
            self.client.control_channel.send(request)
            reply = self.client.get_control_msg(timeout=60)
            self.subshell = reply["content"]["subshell_id"]
        data = {"method": "update", "state": state, "buffer_paths": []}
        request = self.client.session.msg("comm_msg", {"comm_id": model, "data": data})
        request["header"]["subshell_id"] = self.subshell
        self.client.shell_channel.send(request)
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != request["header"]["msg_id"]:
                continue
            assert message["msg_type"] != "error", message["content"]
            if message["content"].get("execution_state") == "idle":
                return

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture
def kernel():
    if sys.platform != "linux":
        pytest.skip("the memory of a process is read from Linux's /proc")
    kernel = Kernel()
    kernel.run("from gdlesson.explorers import catalogue")
    yield kernel
    kernel.close()


def show(name):
    return f"explorer = catalogue()[{name!r}]()\nexplorer"


@pytest.mark.parametrize("name", ["step_size", "stochastic"])
def test_a_cell_that_runs_again_takes_no_more_memory(kernel, name):
    kernel.run(show(name), "first")
    before = kernel.memory()
    for _ in range(10):
        kernel.run(show(name), "first")
    assert kernel.memory() - before < 5 * MB
    assert kernel.run("print(sum(not each.closed for each in Out.values()))") == "1\n"


def test_a_picture_costs_less_than_two_megabytes(kernel):
    name = "momentum"  # with a map, contours and three panels
    kernel.run(show(name), "first")  # the memory for drawing is taken once
    before = kernel.memory()
    for i in range(6):
        kernel.run(show(name), f"another cell {i}")
    assert kernel.memory() - before < 6 * 2 * MB


def test_the_first_picture_costs_less_than_twelve_megabytes(kernel):
    kernel.run("catalogue()['step_size']")  # loads what a picture needs
    before = kernel.memory()
    kernel.run(show("step_size"), "first")
    assert kernel.memory() - before < 12 * MB


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_background_is_what_was_drawn_and_its_pixels_are_freed(theme):
    explorer = catalogue()["landscapes"]()
    explorer.live.theme = theme
    assert raster._renderer.width == raster._renderer.height == 1
    with Image.open(io.BytesIO(explorer.live._background)) as picture:
        assert picture.mode == "RGB" and picture.size == tuple(2 * x for x in explorer.live._size)
        sent = np.asarray(picture)
    with styled(explorer.palette), raster.agg(explorer.figure, raster.SHARPNESS) as renderer:
        explorer.figure.draw(renderer)
        drawn = np.array(renderer.buffer_rgba())
    assert (drawn[..., 3] == 255).all() and np.array_equal(sent, drawn[..., :3])


def test_a_second_drawing_parses_no_formula_again():
    explorer = catalogue()["step_size"]()  # with powers of ten along an axis
    parsed = MathTextParser._parse_cached.cache_info
    explorer.live.redraw()
    before = parsed().misses
    explorer.live.redraw()
    assert parsed().misses == before and parsed().hits > 0


def test_a_training_holds_its_weights_and_not_all_paths():
    explorer = catalogue()["network"]()
    weights = explorer.training(explorer.values).w
    assert len(weights) > 1 and all(w.base is None or w.base.size == w.size for w in weights)


def test_what_a_cell_showed_before_is_closed_and_its_text_remains(kernel):
    kernel.run("step_size = catalogue()['step_size']")
    kernel.run("first = step_size(lr=0.1)\nfirst", "a")
    kernel.run("first", "b")  # shown by two cells
    kernel.run("second = step_size()\nsecond", "a")
    assert kernel.run("print(first.closed, second.closed)") == "False False\n"
    kernel.run("second", "b")
    assert kernel.run("print(first.closed, second.closed)") == "True False\n"
    kernel.run("second", "b")  # the same again
    kernel.run("third, fourth = step_size(), step_size()\ndisplay(third)\nfourth", "c")
    kernel.run("step_size()")  # a page that does not name its cells
    assert kernel.run("print(second.closed, third.closed, fourth.closed)") == "False False False\n"
    text = kernel.run("print(first)")
    assert text.startswith("Step size 0.1") and "closed: run its cell again" in text
    assert kernel.run("print(list(first._repr_mimebundle_()))") == "['text/plain']\n"
    open_widgets = "from ipywidgets.widgets.widget import _instances\nprint(len(_instances))"
    before = kernel.run(open_widgets)
    for _ in range(3):
        kernel.run("second = step_size()\nsecond", "a")
        kernel.run("second", "b")
        kernel.run("third, fourth = step_size(), step_size()\ndisplay(third)\nfourth", "c")
    assert kernel.run(open_widgets) == before


@pytest.mark.parametrize("name", catalogue())
def test_nothing_refers_to_a_closed_picture(name):
    question = Prediction("?", ["a", "b"], "a", "")
    explorer = catalogue()[name](after=question)
    explorer.still()
    parts = [explorer.live, explorer.box, *explorer.controls.values()]
    explorer.close()
    explorer.close()  # a second time changes nothing
    assert all(part.comm is None for part in parts)
    question.choose("a")  # nobody waits for it
    gone = [weakref.ref(part) for part in (*parts, explorer)]
    del explorer, parts
    gc.collect()
    assert [ref() for ref in gone] == [None] * len(gone)


@pytest.mark.parametrize("name", ["step_size", "mini_batch", "race"])
def test_a_picture_whose_widgets_are_closed_is_collected(name):
    question = Prediction("?", ["a", "b"], "a", "")
    explorer = catalogue()[name](after=question)
    explorer._repr_mimebundle_()
    gone = weakref.ref(explorer), weakref.ref(explorer.live), weakref.ref(explorer.figure)
    widgets.Widget.close_all()
    del explorer
    gc.collect()
    assert [ref() for ref in gone] == [None] * 3


def test_without_a_notebook_nothing_is_closed():
    assert display._running() == (None, None)
    explorer = catalogue()["step_size"]()
    for _ in range(2):
        assert set(explorer._repr_mimebundle_()[0]) >= {"text/plain", "image/png"}
    assert not explorer.closed and repr(explorer) == explorer.readout
