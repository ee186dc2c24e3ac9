// A question: its form, and the feedback that Python sends. All judging is done in Python.

const PATIENCE = 5000; // milliseconds until the page says that no feedback comes
let made = 0; // names of inputs must differ between all questions of a page

const SILENT = "Python has not answered for 5 seconds. If it is not busy with another cell, "
  + "run the cell of this question again.";

const UNSAVED = "This answer is not yet saved with the notebook: run this cell again.";

function make(tag, properties = {}, ...children) {
  const { attributes = {}, ...others } = properties;
  const it = Object.assign(document.createElement(tag), others);
  for (const [name, value] of Object.entries(attributes)) it.setAttribute(name, value);
  it.append(...children);
  return it;
}

// Each kind of question makes its inputs in `place`, filled from an earlier reply if there is one,
// and returns how to read them: the reply, as text that could also have been typed.
const INPUTS = {
  Number(question, place, reply) {
    // Not inputMode "decimal": that keyboard of a phone has no minus sign and no fraction bar.
    const field = make("input", {
      type: "text", className: "gdq-number", value: reply, autocomplete: "off", spellcheck: false,
      autocapitalize: "off",
    });
    place.append(make("label", { className: "gdq-answer" }, "Your answer", field, question.unit));
    return () => field.value;
  },

  Choice(question, place, reply, type = "radio") {
    const chosen = reply.split(" ");
    const name = `gdq-${made++}`;
    const options = question.choices.map(([letter, text]) => {
      const input = make("input", { type, name, value: letter, checked: chosen.includes(letter) });
      place.append(make("label", { className: "gdq-option" }, input, make("span", {}, text)));
      return input;
    });
    return () => options.filter((it) => it.checked).map((it) => it.value).join(" ");
  },

  Several(question, place, reply) {
    const none = "none";
    const choices = [...question.choices, [none, "none of these"]];
    place.addEventListener("change", ({ target }) => {
      for (const it of place.querySelectorAll("input"))
        if (target.checked && it !== target && (target.value === none || it.value === none))
          it.checked = false;
    });
    return INPUTS.Choice({ choices }, place, reply, "checkbox");
  },

  Order(question, place, reply) {
    const texts = new Map(question.choices);
    const list = make("ol", { className: "gdq-order" });
    const moved = make("div", { className: "gdq-hidden", attributes: { "aria-live": "polite" } });
    const letters = () => [...list.children].map((item) => item.dataset.letter);
    const numberAll = () => [...list.children].forEach((item, i) => {
      const [up, down] = item.querySelectorAll("button");
      up.disabled = i === 0;
      down.disabled = i === list.children.length - 1;
    });
    const move = (item, by) => {
      const there = by < 0 ? item.previousElementSibling : item.nextElementSibling;
      if (!there) return;
      there[by < 0 ? "before" : "after"](item);
      numberAll();
      const [up, down] = item.querySelectorAll("button");
      const same = by < 0 ? up : down;
      (same.disabled ? (by < 0 ? down : up) : same).focus();
      const { letter } = item.dataset;
      moved.textContent = `${letter}) ${texts.get(letter)} is now number `
        + `${letters().indexOf(letter) + 1} of ${texts.size}.`;
    };
    const first = reply.split(" ");
    for (const letter of first.length === texts.size ? first : texts.keys()) {
      const item = make("li", {}, make("span", {}, `${letter}) ${texts.get(letter)}`));
      item.dataset.letter = letter;
      for (const [by, arrow, way] of [[-1, "↑", "up"], [1, "↓", "down"]]) {
        const label = `Move ${letter}) ${texts.get(letter)} ${way}`;
        item.append(make("button", {
          type: "button", textContent: arrow, title: `Move ${way}`,
          attributes: { "aria-label": label }, onclick: () => move(item, by),
        }));
      }
      item.addEventListener("keydown", (event) => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!by) return;
        event.preventDefault();
        move(item, by);
      });
      list.append(item);
    }
    place.append(list, moved);
    numberAll();
    return () => letters().join(" ");
  },

  Match(question, place, reply) {
    const chosen = reply.split(" ");
    const selects = question.choices.map(([, run], i) => {
      const select = make("select", {}, make("option", { value: "", textContent: "choose" }));
      for (const letter of question.letters)
        select.append(make("option", { value: letter, textContent: `curve ${letter}` }));
      select.value = question.letters.includes(chosen[i]) ? chosen[i] : "";
      place.append(make("label", { className: "gdq-run" }, make("span", {}, run), select));
      return select;
    });
    return () => selects.map((it) => it.value).filter(Boolean).join(" ");
  },
};

function render({ model, el }) {
  const form = make("form", { className: "gdq-form" });
  const feedback = make("div", { attributes: { role: "status", "aria-live": "polite" } });
  const root = make("div", { className: "gdq" }, form, feedback);
  let read = null, waiting = null, shown = null;
  const again = make("button", { type: "button", textContent: "New numbers", onclick: restart });

  // Neither a stopped kernel nor a busy one reports an error, so the page waits for an answer.
  function send(content) {
    if (waiting) return;
    waiting = setTimeout(() => { waiting = null; say("No answer", "#8a94a0", SILENT); }, PATIENCE);
    try { model.send(content); } catch { /* then nothing is answered either */ }
  }
  function arrived() {
    clearTimeout(waiting);
    waiting = null;
  }

  function restart() { send({ again: model.get("_question").try }); }

  function say(word, colour, text, solution = "") {
    const lines = [make("p", {}, make("b", { textContent: `${word}. ` }), text)];
    if (solution)
      lines.push(make("p", {}, make("b", { textContent: "Worked solution. " }), solution));
    const message = make("div", { className: "gdq-feedback" }, ...lines);
    message.style.borderColor = colour;
    feedback.replaceChildren(message);
  }

  function showQuestion() {
    arrived();
    const question = model.get("_question"), { reply } = model.get("_outcome");
    const isNew = shown !== null && shown !== question.try;
    shown = question.try;
    const inputs = make("div", { className: "gdq-inputs" });
    read = INPUTS[question.kind](question, inputs, typeof reply === "string" ? reply : "");
    const pictures = question.pictures.map((svg, i) =>
      make("div", { className: i ? "gdq-wide" : "gdq-narrow", innerHTML: svg }));
    form.replaceChildren(
      make("fieldset", {}, make("legend", { textContent: question.text }), ...pictures, inputs),
      make("div", { className: "gdq-buttons" },
        make("button", { type: "submit", className: "gdq-check", textContent: question.button }), again),
    );
    showOutcome();
    if (isNew) inputs.querySelector("input, select, button:enabled").focus();
  }

  function showOutcome() {
    const { word, colour, text, solution, finished } = model.get("_outcome");
    again.hidden = !finished;
    if (word) say(word, colour, text, solution);
    else feedback.replaceChildren();
  }
  // A page that was loaded again, or a notebook opened again, no longer receives changes of the
  // record below: then it is what an earlier answer left, and would be saved like that.
  function checkRecord() {
    const area = el.closest(".jp-OutputArea"), { record } = model.get("_outcome");
    if (!area || !record) return;
    setTimeout(() => {
      if (model.get("_outcome").record === record && !area.textContent.includes(record))
        feedback.firstChild?.append(make("p", { textContent: UNSAVED }));
    }, 1000);
  }
  const outcome = () => { arrived(); showOutcome(); checkRecord(); };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send({ reply: read(), after: model.get("_outcome").count ?? 0 });
  });
  // JupyterLab cancels the line break that Enter stands for, and so its sending of the form.
  const allow = (event) => { if (form.contains(event.target)) event.stopPropagation(); };
  window.addEventListener("beforeinput", allow, true);
  model.on("change:_question", showQuestion);
  model.on("change:_outcome", outcome);
  showQuestion();
  el.append(root);
  const release = reserveKeys(root);
  return () => {
    arrived();
    release();
    window.removeEventListener("beforeinput", allow, true);
    model.off("change:_question", showQuestion);
    model.off("change:_outcome", outcome);
  };
}

export default { render };
