"""The web edition: how long it takes to build, how many bytes a lesson is, and how fast it moves.

Prints, for each lesson, the kilobytes transferred when everything in it has been shown (as a server
that compresses by gzip sends them), and the time from opening the page, from a server on this
computer and with the processor slowed down four-fold, to the first paint and to the first picture
that moves. Then the time from a key press on a slider to the next painted frame, and in the same
run that of the same explorer in JupyterLab.

    python tests/benchmarks/web.py [FOLDER of a site that is built already]
"""

import contextlib
import gzip
import http.server
import pathlib
import re
import statistics
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

from benchmarks.latency import EXPLORER, notebook, summary
from browser.lab import browser_page, jupyter_lab, open_and_run

from gdlesson.site.build import build

LESSONS = pathlib.Path(__file__).parent.parent.parent / "notebooks"
PRESSES = 40
MOVING = ("slope", "step_size", "gradient", "momentum", "adam")
# Press an arrow on a slider of a page; wait until its picture is drawn, then for the frame.
PRESS = """
async ([slider, root, key]) => {
  const start = performance.now(), before = root.dataset.frames;
  const changed = new Promise((done) => {
    const seen = new MutationObserver(() => {
      if (root.dataset.frames === before) return;
      seen.disconnect();
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done(performance.now() - start);
        channel.port2.postMessage(0); // after the paint
      });
    });
    seen.observe(root, { attributeFilter: ["data-frames"] });
  });
  slider.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  return Promise.race([changed, new Promise((done) => setTimeout(() => done(null), 5000))]);
}
"""


class Zipped(http.server.SimpleHTTPRequestHandler):
    """Serves files as a usual web server does: texts compressed by gzip."""

    def log_message(self, *args):
        pass

    def do_GET(self):
        path = pathlib.Path(self.translate_path(self.path))
        data = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in (".html", ".js", ".css"):
            data = compressed(path)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(data)


_compressed = {}


def compressed(path):
    if path not in _compressed:
        _compressed[path] = gzip.compress(path.read_bytes(), 6)
    return _compressed[path]


@contextlib.contextmanager
def served(folder):
    def handler(*args):
        return Zipped(*args, directory=str(folder))

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def transferred(folder, page, width):
    """Bytes of a lesson of which everything has been shown, as sent."""
    text = page.read_text("utf-8")
    files = [page, *(folder / name for name in re.findall(r'(?:src|href)="(assets/[^"]+)"', text))]
    pictures = [folder / name for name in set(re.findall(r'src="(pictures/[^"]+)"', text))]
    names = re.findall(r'class="site-explorer" data-name="([^"]+)"', text)
    files += [folder / "data" / f"{name}-{width}.js" for name in names]
    files += [path for path in [folder / "data" / f"{page.stem}-questions.js"] if path.is_file()]
    return sum(len(compressed(path)) for path in files) + sum(p.stat().st_size for p in pictures)


def opened(page, address):
    """Milliseconds to the first paint, and to the first picture that moves, once it is near."""
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="load")
    paint = page.evaluate(
        """() => new Promise((done) => new PerformanceObserver((list) => {
          const first = list.getEntriesByName("first-contentful-paint")[0];
          if (first) done(first.startTime);
        }).observe({ type: "paint", buffered: true }))"""
    )
    figures = page.locator(".site-explorer")
    moving = None
    if figures.count():
        start = page.evaluate("performance.now()")
        figures.first.evaluate("figure => figure.scrollIntoView()")
        page.wait_for_selector(".site-explorer .gdl[data-frames]")
        moving = page.evaluate("performance.now()") - start
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    slow.detach()
    return paint, moving


def moved(page, address, name):
    """Milliseconds from a key press to the painted frame in the web edition."""
    page.goto(address)
    figure = page.locator(f'.site-explorer[data-name="{name}"]')
    figure.scroll_into_view_if_needed()
    root = figure.locator(".gdl[data-frames]")
    root.wait_for()
    for button in page.get_by_role("button", name="Explore without predicting").all():
        if button.is_visible():
            button.click()
    slider, times = figure.locator(".is-primary input"), []
    keys = ["ArrowRight", "ArrowLeft"]
    if slider.input_value() == slider.get_attribute("max"):
        keys.reverse()
    for press in range(5 + PRESSES):
        key = keys[press % 2]
        handles = [slider.element_handle(), root.element_handle(), key]
        took = page.evaluate(PRESS, handles)
        if took is None:
            raise SystemExit(f"{name}: no new picture within 5 s")
        if press >= 5:
            times.append(took)
        page.wait_for_timeout(30)
    return times


def in_lab(page, lab, folder, name):
    """The same in JupyterLab."""
    from benchmarks.latency import WATCH

    notebook(folder, name, EXPLORER.format(name=name))
    open_and_run(page, lab, f"{name}.ipynb", ".gdl[data-frames]")
    page.wait_for_timeout(1500)
    what, times = {"handle": ".gdl-main .noUi-handle", "watched": "frames"}, []
    for press in range(5 + PRESSES):
        took = page.evaluate(WATCH, what | {"key": ("ArrowRight", "ArrowLeft")[press % 2]})
        if took is not None and press >= 5:
            times.append(took)
        page.wait_for_timeout(30)
    return times


def main(folder=None):
    if folder is None:
        folder = pathlib.Path(tempfile.mkdtemp()) / "site"
        start = time.perf_counter()
        build(LESSONS, folder, report=lambda sentence: None)
        print(f"built in {time.perf_counter() - start:.0f} s")
    folder = pathlib.Path(folder).resolve()
    lessons = sorted(page for page in folder.glob("[0-9]*.html"))
    print(f"{'':16}{'kB wide':>9}{'kB narrow':>11}{'paint ms':>10}{'moving ms':>11}")
    with served(folder) as address, browser_page() as page:
        opened(page, f"{address}/index.html")
        for lesson in lessons:
            sizes = [transferred(folder, lesson, width) / 1e3 for width in ("wide", "narrow")]
            paint, moving = opened(page, f"{address}/{lesson.name}")
            shown = f"{moving:11.0f}" if moving is not None else f"{'none':>11}"
            print(f"{lesson.stem:16}{sizes[0]:9.0f}{sizes[1]:11.0f}{paint:10.0f}{shown}")
        print(f"\n{'':16}{'here ms':>9}{'95 %':>7}{'lab ms':>9}{'95 %':>7}{'ratio':>8}")
        notebooks = pathlib.Path(tempfile.mkdtemp())
        with jupyter_lab(notebooks) as lab:
            for name in MOVING:
                (lesson, place), *_ = [
                    (each.name, found[0])
                    for each in lessons
                    if (found := re.findall(rf'data-name="(\d\d-{name.replace("_", "-")})"',
                                            each.read_text("utf-8")))
                    and not each.name.startswith("00")
                ]  # fmt: skip
                ours = summary(moved(page, f"{address}/{lesson}", place))
                theirs = in_lab(page, lab, notebooks, name)
                row = f"{name:16}{ours[0]:9.1f}{ours[1]:7.1f}"
                if theirs:
                    lab_times = summary(theirs)
                    row += f"{lab_times[0]:9.1f}{lab_times[1]:7.1f}"
                    row += f"{ours[0] / statistics.median(theirs):8.2f}"
                print(row)


if __name__ == "__main__":
    main(*sys.argv[1:])
