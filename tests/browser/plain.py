"""A LiveFigure on a bare page, without a notebook or a kernel: its script and what it is sent."""

import base64
import io

from PIL import Image

# What a widget's script needs of a model, kept in the page as `models`.
MOUNT = """
async ([script, state, width]) => {
  const unpack = (value) => value?.base64 === undefined ? value
    : new DataView(Uint8Array.from(atob(value.base64), (c) => c.charCodeAt(0)).buffer);
  const all = Object.fromEntries(Object.entries(state).map(([k, v]) => [k, unpack(v)]));
  const calls = [], sent = [];
  const model = {
    sent,
    get: (name) => all[name],
    set: (name, value) => { all[name] = value; sent.push([name, value]); },
    save_changes: () => {},
    on: (name, call) => calls.push([name, call]),
    off: () => {},
    receive(changes) {
      const names = Object.keys(changes);
      for (const name of names) all[name] = unpack(changes[name]);
      for (const name of names)
        calls.filter(([event]) => event === `change:${name}`).forEach(([, call]) => call());
    },
  };
  const el = document.createElement("div");
  el.style.width = `${width}px`;
  document.body.append(el);
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const widget = (await import(url)).default;
  const stop = widget.render({ model, el });
  (window.models ??= []).push({ model, el, stop });
}
"""


def state(live):
    """What the browser has of a LiveFigure, as JSON."""
    sent = {name: getattr(live, name) for name in live.keys if name[0] != "_" or name in OURS}
    return {
        name: {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
        for name, value in sent.items()
        if isinstance(value, str | int | list | dict | bytes)
    }


OURS = (
    "_size", "_background", "_scene", "_points", "_codes", "_pixels", "_handles", "_play",
    "_frames", "_numbers", "_stops",
)  # fmt: skip


def mount(page, live, width=900):
    """Show a LiveFigure on a page of its own."""
    page.goto("about:blank")
    page.evaluate("() => { window.models = []; document.body.style.margin = 0; }")
    page.add_style_tag(content=str(live._css))
    page.evaluate(MOUNT, [str(live._esm), state(live), width])
    page.wait_for_selector(".gdl[data-frames]")
    page.wait_for_function("models[0].model.sent.some(([name]) => name === 'available_width')")


def update(page, live, *names):
    """Hand on the new values of these traits, as one message."""
    now = state(live)
    page.evaluate("c => models[0].model.receive(c)", {name: now[name] for name in names})


def seen(page):
    """The picture as the page shows it: an RGB image."""
    return Image.open(io.BytesIO(page.locator(".gdl-picture").first.screenshot())).convert("RGB")
