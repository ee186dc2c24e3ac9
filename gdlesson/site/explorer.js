// An explorer without a kernel: its controls choose among computed states, and the script of the
// notebooks' pictures draws them.

const NARROW = 640; // pixels: below this width of the page, the picture for a phone is shown
const NEAR_EXPLORER = "800px 0px"; // of the window

// What live.js needs of a model. `show` takes over a state; what is the same object is not drawn.
class StateModel {
  #values = { locked: false, theme: "light", available_width: 0, _stops: 0 };
  #calls = [];
  #drag = null;

  constructor(dragged) {
    this.dragged = dragged;
  }
  get(name) { return this.#values[name]; }
  set(name, value) {
    if (name === "_drag") this.#drag = value; // width and theme are the page's
  }
  save_changes() {
    const drag = this.#drag;
    this.#drag = null;
    if (drag) this.dragged(drag);
  }
  on(event, call) { this.#calls.push([event, call]); }
  off(event, call) { this.#calls = this.#calls.filter(([e, c]) => e !== event || c !== call); }
  show(values) {
    const changed = Object.keys(values).filter((name) => this.#values[name] !== values[name]);
    Object.assign(this.#values, values);
    const events = new Set(changed.map((name) => `change:${name}`));
    for (const [event, call] of this.#calls) if (events.has(event)) call();
  }
}

function makeElement(tag, properties = {}, ...inside) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...inside);
  return made;
}

const FINEST = 10000; // places of a slider; only some of them are computed
const KEYS = { // by how many computed values a key moves a slider
  ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5,
  Home: -Infinity, End: Infinity,
};
// The number of the text that is nearest to a text, as a number.
function nearest(texts, text) {
  const distance = (i) => (texts[i] === text ? 0 : Math.abs(Number(texts[i]) - Number(text)) || Infinity);
  return texts.reduce((best, _, i) => (distance(i) < distance(best) ? i : best), 0);
}

const BUTTONS = 6; // a choice of more values is a menu
// Next to a control that was not computed.
const elsewhere = () =>
  makeElement("a", { href: "index.html#jupyterlab", textContent: "only in JupyterLab" });
const ALONE = "Here one of these controls is moved at a time. In JupyterLab all move freely.";

class SiteExplorer {
  constructor(figure, states) {
    this.figure = figure;
    this.model = new StateModel((drag) => this.drag(drag));
    this.keyed = false; // whether the latest input to the picture was a key
    this.use(states);
    this.go({ branch: this.first, line: "", index: this.indexOf(this.first, states.header.start) });
    this.build();
    this.lock();
  }

  use(states) {
    this.states = states;
    this.header = states.header;
    const { branches, start } = this.header;
    this.lines = {}; // branch → line → Map: number of a primary value → state
    for (const [name, { lines }] of Object.entries(branches))
      this.lines[name] = Object.fromEntries(Object.entries(lines).map(([k, v]) => [k, new Map(v)]));
    const has = (name) => [...this.lines[name][""].values()].includes(start);
    this.first = Object.keys(branches).find(has) ?? Object.keys(branches)[0];
  }

  indexOf(branch, state) {
    const found = [...this.lines[branch][""]].find(([, number]) => number === state);
    return found ? found[0] : this.lines[branch][""].keys().next().value;
  }

  // Shows the state at a place, or the nearest that is computed: in the direction of the move of
  // the primary control, if there is one.
  go(place) {
    const line = this.lines[place.branch][place.line] ?? this.lines[place.branch][""];
    const indices = [...line.keys()];
    const from = this.place?.index ?? place.index, to = place.index;
    const ahead = indices.filter((i) => (to > from ? i >= to : to < from ? i <= to : i === to));
    const distance = (i) => Math.abs(i - to);
    const nearest = (ahead.length ? ahead : indices).reduce((a, b) => (distance(b) < distance(a) ? b : a));
    this.place = { ...place, index: nearest };
    this.show(line.get(nearest));
  }

  show(number) {
    this.number = number;
    this.state = this.states.shown(number);
    const { shown } = this.state;
    this.model.show({ ...shown, alt: shown.alt + this.predicted(number) });
    this.refresh?.();
  }

  predicted(number) {
    const { lockedBy } = this.figure.dataset;
    if (!lockedBy || !this.header.predicted.includes(number)) return "";
    const entry = gdlesson.progress.get("predictions", lockedBy);
    return entry?.choice ? ` You predicted: ${entry.choice}` : "";
  }

  // --- the controls
  build() {
    const controls = makeElement("div", { className: "site-controls" });
    const updates = this.header.controls.map(([name, label, texts], at) => {
      const control = !texts ? this.slider(name, label, at)
        : texts.length > BUTTONS ? this.menu(name, label, texts) : this.buttons(name, label, texts);
      if (name === this.header.primary) control.element.classList.add("is-primary");
      controls.append(control.element);
      return control.update;
    });
    for (const name of this.header.buttons) {
      const button = makeElement("button", { type: "button", textContent: name });
      button.addEventListener("click", () => this.press(`button:${name}`));
      const link = elsewhere();
      controls.append(makeElement("div", { className: "site-button" }, button, link));
      updates.push(() => {
        const computed = `button:${name}` in this.lines[this.place.branch];
        button.disabled = this.model.get("locked") || !computed;
        link.hidden = computed;
      });
    }
    const reset = makeElement("button", { type: "button", textContent: "Reset" });
    reset.addEventListener("click", () => {
      const { start } = this.header;
      this.go({ branch: this.first, line: "", index: this.indexOf(this.first, start) });
      this.model.show({ _stops: this.model.get("_stops") + 1 });
    });
    controls.append(reset);
    if (Object.keys(this.header.branches[this.first].others).length > 1)
      controls.append(makeElement("p", { className: "site-alone", textContent: ALONE }));
    updates.push(() => { reset.disabled = this.model.get("locked"); });
    const picture = makeElement("div", { className: "site-picture" });
    for (const event of ["keydown", "pointerdown"])
      picture.addEventListener(event, () => { this.keyed = event === "keydown"; }, true);
    this.figure.append(controls, picture);
    this.figure.classList.add("is-live");
    this.stop = LiveFigure.render({ model: this.model, el: picture });
    this.refresh = () => updates.forEach((update) => update());
    this.refresh();
    this.parts = [controls, picture];
  }

  // A button that moves the primary slider alone leads to a place of that slider.
  press(line) {
    const { branch, index } = this.place;
    this.place = undefined; // no direction of a move
    this.go({ branch, line, index });
    for (const [i, number] of this.lines[branch][""])
      if (number === this.number) this.place = { branch, line: "", index: i };
    this.refresh();
  }

  // A choice: how to make one, and which is made. It is combined with others, or moved alone.
  choice(name) {
    const which = this.header.choices.indexOf(name);
    const own = () => this.header.branches[this.place.branch].others[name][2];
    const choose = (value) => {
      if (which >= 0) this.choose(which, value);
      else this.go({ ...this.place, line: value === own() ? "" : `${name}:${value}` });
    };
    const chosen = () => {
      const [line, moved] = this.place.line.split(":");
      if (which >= 0) return Number(this.place.branch.split(",")[which]);
      return line === name ? Number(moved) : own();
    };
    return { choose, chosen };
  }

  isOff(name) {
    return this.model.get("locked") || this.state.disabled.includes(name);
  }

  // Buttons of which one is pressed, for the values of a choice.
  buttons(name, label, texts) {
    const { choose, chosen } = this.choice(name);
    const group = makeElement("fieldset", { className: "site-choice" });
    group.append(makeElement("legend", { textContent: label || name }));
    const id = `${this.figure.dataset.name}-${name}`;
    const inputs = texts.map((text, value) => {
      const input = makeElement("input", { type: "radio", name: id, value });
      input.addEventListener("change", () => choose(value));
      group.append(makeElement("label", {}, input, makeElement("span", { textContent: text })));
      return input;
    });
    const update = () => inputs.forEach((input, value) => {
      input.checked = value === chosen();
      input.disabled = this.isOff(name);
    });
    return { element: group, update };
  }

  // A list that opens, for more values than fit into a row of buttons.
  menu(name, label, texts) {
    const { choose, chosen } = this.choice(name);
    const id = `${this.figure.dataset.name}-${name}`;
    const select = makeElement("select", { id }, ...texts.map((text) => new Option(text, text)));
    select.addEventListener("change", () => choose(select.selectedIndex));
    const title = makeElement("label", { htmlFor: id, textContent: label || name });
    const update = () => {
      select.selectedIndex = chosen();
      select.disabled = this.isOff(name);
    };
    return { element: makeElement("div", { className: "site-menu" }, title, select), update };
  }

  choose(which, value) {
    const parts = this.place.branch.split(",");
    parts[which] = value;
    const branch = parts.join(",");
    const adapts = this.header.adapts.includes(this.header.choices[which]);
    const same = this.header.branches[branch].primary.indexOf(this.primaryText());
    const old = this.place;
    this.place = undefined; // no direction of a move
    if (adapts || same < 0) {
      const { start } = this.header.branches[branch];
      this.go({ branch, line: "", index: this.indexOf(branch, start) });
    } else this.go({ branch, line: this.lines[branch][old.line] ? old.line : "", index: same });
  }

  primaryText() {
    return this.header.branches[this.place.branch].primary[this.place.index];
  }

  // A slider whose places are the computed values, each where it is on the slider of the notebook.
  slider(name, label, at) {
    const id = `${this.figure.dataset.name}-${name}`;
    const input = makeElement("input", { type: "range", id, min: 0, max: FINEST, step: 1 });
    const text = makeElement("output", {});
    text.setAttribute("for", id);
    const title = makeElement("label", { htmlFor: id, textContent: label || name });
    const link = elsewhere();
    const element = makeElement("div", { className: "site-slider" }, title, input, text, link);
    const isPrimary = name === this.header.primary;
    const branch = () => this.header.branches[this.place.branch];
    const own = () => branch().others[name][2];
    const places = () => (isPrimary ? branch().at : branch().others[name][1]);
    const where = () => {
      if (isPrimary) return this.place.index;
      const [line, value] = this.place.line.split(":");
      if (line === name) return Number(value);
      return line === "button" ? nearest(branch().others[name][0], this.state.texts[at]) : own();
    };
    const move = (value) => {
      if (value < 0 || value >= places().length || value === where()) return;
      if (isPrimary) this.go({ ...this.place, index: value });
      else this.go({ ...this.place, line: value === own() ? "" : `${name}:${value}` });
    };
    let pointer = false;
    input.addEventListener("pointerdown", () => { pointer = true; });
    for (const end of ["pointerup", "pointercancel", "blur"])
      input.addEventListener(end, () => { pointer = false; update(); });
    input.addEventListener("keydown", ({ key }) => { pointer = !(key in KEYS) && pointer; });
    // A pointer goes to the nearest place, a key to the next one.
    input.addEventListener("input", () => {
      const aim = input.value / FINEST, now = places()[where()];
      const distance = (i) => Math.abs(places()[i] - aim);
      if (pointer) move(places().reduce((best, _, i) => (distance(i) < distance(best) ? i : best), 0));
      else move(where() + Math.sign(aim - now));
      if (!pointer) update();
    });
    input.addEventListener("keydown", (event) => {
      const by = KEYS[event.key];
      if (by === undefined) return;
      event.preventDefault();
      const last = places().length - 1;
      move(Math.min(Math.max(where() + by, 0), last));
    });
    const update = () => {
      const count = places().length;
      if (!pointer) input.value = Math.round(FINEST * places()[where()]);
      text.textContent = this.state.texts[at];
      input.setAttribute("aria-valuetext", text.textContent);
      input.disabled = count < 2 || this.isOff(name);
      link.hidden = count >= 2;
    };
    return { element, update };
  }

  // --- the point that is dragged: it goes to the nearest place that is computed
  drag({ handle, x, y }) {
    const here = this.model.get("_handles")[handle];
    const { branch, line, index } = this.place;
    const all = [];
    const consider = (place, number) => {
      const at = this.handlesOf(number)[handle];
      if (at) all.push({ place, at, distance: Math.hypot(at.x - x, at.y - y) });
    };
    for (const [i, number] of this.lines[branch][line]) consider({ branch, line, index: i }, number);
    for (const [name, states] of Object.entries(this.lines[branch])) {
      if (name === line || !(name === "" || name.startsWith("start:"))) continue;
      const i = [...states.keys()].reduce((a, b) => (Math.abs(b - index) < Math.abs(a - index) ? b : a));
      consider({ branch, line: name, index: i }, states.get(i));
    }
    const onward = ({ at }) => (at.x - here.x) * (x - here.x) + (at.y - here.y) * (y - here.y) > 1e-6;
    const possible = this.keyed ? all.filter(onward) : all;
    if (!possible.length) return;
    const { place } = possible.reduce((a, b) => (b.distance < a.distance - 0.01 ? b : a));
    if (place.line === line && place.index === index) return;
    this.place = { ...place };
    this.go(place);
  }

  handlesOf(number) {
    return this.header.rest[this.header.states[number][6][0]];
  }

  // --- the prediction that comes first
  lock() {
    const { lockedBy, name } = this.figure.dataset;
    if (!lockedBy || gdlesson.progress.get("predictions", lockedBy)) return;
    this.model.show({ locked: true });
    this.refresh();
    document.addEventListener("gdlesson:predicted", ({ detail }) => {
      if (detail.explorer !== name) return;
      this.model.show({ locked: false });
      this.show(this.number);
    });
  }

  // Another width of the page: the same place, in the other picture.
  replace(states) {
    const { place } = this, locked = this.model.get("locked");
    this.stop();
    for (const part of this.parts) part.remove();
    this.model = new StateModel((drag) => this.drag(drag));
    this.model.show({ locked });
    this.use(states);
    this.refresh = undefined;
    this.go(place);
    this.build();
  }
}

// Each explorer is made when it comes near; until then, and if its data does not arrive, the page
// shows the saved picture.
(() => {
  const explorers = new Map();
  const widthOf = (figure) => (figure.parentElement.clientWidth < NARROW ? "narrow" : "wide");
  const load = (figure, width) => gdlesson.load(`${figure.dataset.name}-${width}`).then(unpacked);

  async function make(figure) {
    const width = widthOf(figure);
    const explorer = new SiteExplorer(figure, await load(figure, width));
    explorers.set(figure, { explorer, width });
  }
  const near = new IntersectionObserver((changes) => {
    for (const { isIntersecting, target } of changes) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      make(target).catch((error) => console.warn(`${target.dataset.name} stays still: ${error}`));
    }
  }, { rootMargin: NEAR_EXPLORER });
  for (const figure of document.querySelectorAll(".site-explorer")) near.observe(figure);

  let settling;
  window.addEventListener("resize", () => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      for (const [figure, made] of explorers) {
        const width = widthOf(figure);
        if (width === made.width) continue;
        made.width = width;
        load(figure, width).then((states) => made.explorer.replace(states), () => {});
      }
    }, 200);
  });
})();
