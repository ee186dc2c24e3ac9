"""How long from a key press on the slider to the next painted frame?

Three notebooks in one JupyterLab and one browser, measured in turns so that a noisy machine is
noisy for all: (a) a bare slider → kernel → small canvas, the least a widget can take; (b) every
explorer of the lessons, "ours" being lesson 03's with a longer path; (c) "interact", the same scene
with `interact` and an inline figure as sharp as ours. Prints medians, 95th percentiles, ratios;
then how many pictures a second Play draws, beside a bare canvas in the same page.

    python tests/benchmarks/latency.py [presses]
"""

import pathlib
import statistics
import sys
import tempfile

import nbformat

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

from browser.lab import browser_page, jupyter_lab, open_and_run

from gdlesson.cli import clean
from gdlesson.explorers import catalogue as explorers

BARE = """
import anywidget, ipywidgets, traitlets

class Bare(anywidget.AnyWidget):
    _esm = '''
    function render({ model, el }) {
      const root = document.createElement("div"); root.className = "gdl";
      const canvas = document.createElement("canvas"); canvas.width = 90; canvas.height = 40;
      root.append(canvas); el.append(root);
      const context = canvas.getContext("2d");
      let frames = 0;
      const draw = () => {
        context.clearRect(0, 0, 90, 40); context.fillRect(model.get("x"), 10, 9, 20);
        root.dataset.frames = ++frames;
      };
      model.on("change:x", draw); draw();
    }
    export default { render };
    '''
    x = traitlets.Float(0.0).tag(sync=True)

bare = Bare()
slider = ipywidgets.FloatSlider(0.1, min=0, max=0.3, step=0.001)
slider.observe(lambda change: setattr(bare, "x", 300 * change["new"]), "value")
ipywidgets.VBox([slider.add_class("gdl-main"), bare])
"""

EXPLORER = """
from gdlesson.explorers import catalogue as explorers
explorer = explorers()["{name}"]()
main = explorer.controls[explorer.primary]
if hasattr(main, "options"):
    main.value = main.options[1]
elif not hasattr(main, "base"):  # the limits of a log slider are exponents: it stays in the middle
    main.value = main.min + main.step
explorer
"""

# The scene of lesson 03, valley and 100 steps, by our widget and as a figure drawn anew each time.
OURS = """
from gdlesson.explorers import step_size
step_size.explore(landscape="valley", steps=100, lr=0.001)
"""

INTERACT = """
%config InlineBackend.figure_format = "retina"
import matplotlib.pyplot as plt
from IPython.display import display
from ipywidgets import FloatSlider, interact
from gdlesson.explorers import step_size
from gdlesson.views import LIGHT, Page, styled

explorer = step_size.explore(landscape="valley", steps=100, lr=0.001)

def scene(lr=FloatSlider(0.001, min=0.001, max=0.12, step=0.001)):
    values = explorer.values | {"lr": lr}
    with styled(LIGHT):
        page = Page(900, LIGHT)
        views = explorer.draw(page, landscape=values["landscape"], steps=values["steps"])
        explorer.show(views, values)
        display(page.figure)

interact(scene);
"""

# Runs in the page: press a key on a slider, wait for the picture to change, then for the frame.
WATCH = """
async ({ handle, watched, key }) => {
  const cell = [...document.querySelectorAll(".jp-CodeCell")].find((c) => c.querySelector(handle));
  const target = cell.querySelector(handle);
  target.focus();
  const picture = () => cell.querySelector(".jp-RenderedImage img");
  const before = picture()?.src;
  const start = performance.now();
  const changed = new Promise((done) => {
    const painted = () => requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done(performance.now() - start);
      channel.port2.postMessage(0);  // after the paint
    });
    const seen = new MutationObserver(() => {
      const image = picture();
      if (watched === "img" && (!image || image.src === before)) return;
      seen.disconnect();
      watched === "img" ? image.decode().then(painted, painted) : painted();
    });
    const what = watched === "img" ? { childList: true, attributeFilter: ["src"] }
                                   : { attributeFilter: ["data-frames"] };
    seen.observe(cell, { subtree: true, ...what });
  });
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  return Promise.race([changed, new Promise((done) => setTimeout(() => done(null), 5000))]);
}
"""

# Runs in the page: pictures a second of a canvas that redraws a square, then of Play.
PLAY = """
async () => {
  const during = (ms) => new Promise((done) => setTimeout(done, ms));
  const canvas = document.body.appendChild(document.createElement("canvas"));
  let bare = 0, going = true;
  const turn = () => {
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, 300, 150);
    context.fillRect(bare++ % 300, 10, 20, 20);
    if (going) requestAnimationFrame(turn);
  };
  requestAnimationFrame(turn);
  await during(2000);
  going = false;
  canvas.remove();
  const root = document.querySelector(".gdl");
  const play = root.querySelector(".gdl-play button");
  if (!root.querySelector(".gdl-play:not([hidden])")) return [bare / 2, null];
  play.click();
  const before = Number(root.dataset.frames), start = performance.now();
  await during(2000);
  const rate = 1000 * (Number(root.dataset.frames) - before) / (performance.now() - start);
  play.click();
  return [bare / 2, rate];
}
"""


def notebook(folder, name, source):
    cell = nbformat.v4.new_code_cell(source.strip())
    nbformat.write(clean(nbformat.v4.new_notebook(cells=[cell])), folder / f"{name}.ipynb")


def summary(times):
    return statistics.median(times), statistics.quantiles(times, n=20)[18]


def main(presses=60, rounds=3):
    folder = pathlib.Path(tempfile.mkdtemp())
    scenes = {"bare": (BARE, "frames"), "ours": (OURS, "frames"), "interact": (INTERACT, "img")}
    for name in explorers():
        scenes[name] = (EXPLORER.format(name=name), "frames")
    times, plays = {name: [] for name in scenes}, {}
    with jupyter_lab(folder) as lab, browser_page() as page:
        for turn in range(rounds):
            for name, (source, watched) in scenes.items():
                ready = ".jp-RenderedImage img" if watched == "img" else ".gdl[data-frames]"
                notebook(folder, f"{name}-{turn}", source)
                open_and_run(page, lab, f"{name}-{turn}.ipynb", ready)
                page.wait_for_timeout(1500)
                slider = ".noUi-handle" if watched == "img" else ".gdl-main .noUi-handle"
                what = {"handle": slider, "watched": watched}
                for press in range(5 + presses // rounds):
                    key = ("ArrowRight", "ArrowLeft")[press % 2]  # some sliders have few places
                    took = page.evaluate(WATCH, what | {"key": key})
                    if took is None:
                        raise SystemExit(f"{name}: no new picture within 5 s")
                    if press >= 5:  # the first ones warm up
                        times[name].append(took)
                    page.wait_for_timeout(30)
                if turn == 0 and watched == "frames" and name != "bare":
                    plays[name] = page.evaluate(PLAY)
    bare, bare_95 = summary(times["bare"])
    slow, _ = summary(times["interact"])
    print(f"{'':14}{'median ms':>10}{'95 % ms':>9}{'× bare':>8}{'95 % ×':>8}{'× interact':>12}")
    for name, taken in times.items():
        middle, late = summary(taken)
        row = f"{name:14}{middle:10.1f}{late:9.1f}{middle / bare:8.2f}{late / bare_95:8.2f}"
        print(f"{row}{middle / slow:12.3f}")
    print("\npictures a second: Play (bare canvas)")
    for name, (rate, played) in plays.items():
        print(f"{name:14}{played:6.1f} ({rate:.1f})" if played else f"{name:14} nothing to play")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
