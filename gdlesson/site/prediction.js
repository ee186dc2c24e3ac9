// A prediction: choices, a reason, and the answer when it is asked for. The explorer that it locks
// is locked until a choice is made or the question is skipped; it hears of both by the event
// "gdlesson:predicted", whose detail is {explorer, chosen, why}, with chosen "" for a skip.
(() => {
  const SKIPPED = "";
  let made = 0;

  function make(tag, properties, ...inside) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  }

  // A learner's text in one line, ending like a sentence.
  function sentence(text) {
    const line = text.trim().replace(/\s+/g, " ");
    return /[.!?…]$/.test(line) ? line : `${line}.`;
  }

  function inWords(begin, choice, why) {
    if (!choice) return "";
    if (!why.trim()) return `${begin}: ${choice}`;
    return `${begin}: ${sentence(choice)} You wrote: ${sentence(why)}`;
  }

  function show(box) {
    const asked = JSON.parse(box.dataset.prediction);
    const earlier = asked.name ? gdlesson.progress.get("predictions", asked.name) : undefined;
    const group = `prediction-${made++}`;
    let chosen = earlier ? earlier.choice : null;

    const question = make("legend", {}, make("b", {}, asked.question));
    const radios = asked.choices.map((choice) => {
      const radio = make("input", { type: "radio", name: group, value: choice });
      radio.checked = choice === chosen;
      radio.addEventListener("change", () => {
        chosen = choice;
        showButton.disabled = false;
        decide();
        say("Noted. Find out in the picture below, then show the answer.");
      });
      return radio;
    });
    const choices = radios.map((radio) => make("label", {}, radio, make("span", {}, radio.value)));
    const why = make("input", { type: "text", value: earlier?.why ?? "", autocomplete: "off" });
    why.addEventListener("change", () => chosen && decide());
    const whyLabel = make("label", { className: "why" }, "Why? (one sentence, may be empty)", why);
    const showButton = make("button", { type: "button", disabled: !chosen }, "Show the answer");
    showButton.addEventListener("click", () => {
      const right = chosen === asked.answer;
      const answer = `${right ? "As you predicted" : "The answer"}: ${asked.answer} ${asked.because}`;
      say(answer, why.value.trim() ? `You wrote: ${sentence(why.value)}` : "");
    });
    const reply = make("div", { className: "reply" });
    reply.setAttribute("role", "status");

    const say = (...paragraphs) =>
      reply.replaceChildren(...paragraphs.filter(Boolean).map((text) => make("p", {}, text)));

    const lock = lockOf(asked.explorer);

    function decide() {
      lock?.remove();
      if (asked.name) {
        const status = chosen === asked.answer ? "right" : "wrong";
        const now = new Date().toISOString();
        const before = gdlesson.progress.get("predictions", asked.name);
        gdlesson.progress.set("predictions", asked.name, {
          ...(chosen && { status }),
          choice: chosen,
          why: why.value,
          first: before?.first ?? now,
          last: now,
        });
      }
      const detail = { explorer: asked.explorer, chosen, why: why.value };
      document.dispatchEvent(new CustomEvent("gdlesson:predicted", { detail }));
    }

    // The line above the locked explorer; undefined if nothing is locked, or no longer.
    function lockOf(name) {
      const figure = name && document.querySelector(`.site-explorer[data-name="${CSS.escape(name)}"]`);
      if (!figure || earlier) return undefined;
      const skip = make("button", { type: "button" }, "Explore without predicting");
      skip.addEventListener("click", () => {
        chosen ??= SKIPPED;
        decide();
      });
      const words = "Make your prediction above to unlock this picture.";
      const line = make("p", { className: "lock" }, `${words} `, skip);
      figure.before(line);
      return line;
    }

    const field = make("fieldset", {}, question, ...choices);
    const saved = box.querySelector("details"); // the answer, for a printer
    saved.classList.add("on-paper");
    const answer = make("div", { className: "answer" }, showButton, reply);
    box.replaceChildren(field, whyLabel, answer, saved);
    if (earlier?.choice) say(inWords("Earlier you predicted", earlier.choice, earlier.why ?? ""));
  }

  document.querySelectorAll(".site-prediction").forEach(show);
})();
