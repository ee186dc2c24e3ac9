// Plays a path in the browser: Play, Step, a slider over the steps, and the speed.

const SPEEDS = { "½ ×": 0.5, "1 ×": 1, "2 ×": 2, "4 ×": 4 };
const TAKES = 6; // seconds, at most, at speed 1
const STEPS_A_SECOND = 6; // at least, at speed 1

// A number as the kernel writes it in readouts: with two decimals, or with three digits.
function formatNumber(x, digits) {
  if (!Number.isFinite(x)) return "beyond all numbers";
  const exponent = (text) => text.replace(/e([+-])(\d)$/, "e$10$2");
  let text;
  if (digits) text = x !== 0 && (Math.abs(x) < 1e-4 || Math.abs(x) >= 1e3) ? exponent(x.toExponential(1)) : String(+x.toPrecision(3));
  else text = Math.abs(x) < 1e4 ? x.toFixed(2) : exponent(x.toExponential(1));
  return text.replace(/^-/, "−");
}

// `draw` is called for each new picture. Time is counted in steps; at the last one, or later, the
// whole path is shown.
function player(model, bar, draw) {
  const reducedMotion = window.matchMedia("(prefers-reduced-motion: reduce)");
  const state = { time: Infinity, playing: false };
  const steps = () => model.get("_play").steps ?? 0;
  const add = (tag, label, more = {}) => {
    const made = element(tag, "", bar);
    Object.assign(made, more);
    if (label) made.setAttribute("aria-label", label);
    return made;
  };
  const play = add("button", "Play the path step by step", { type: "button", textContent: "▶ Play" });
  const step = add("button", "One step more", { type: "button", textContent: "Step" });
  const slider = add("input", "Step shown", { type: "range", min: 0, step: 1 });
  const count = add("span", "", { className: "gdl-count" });
  const speed = add("select", "Speed", { title: "Speed" });
  for (const name of Object.keys(SPEEDS)) speed.add(new Option(name, name, name === "1 ×", name === "1 ×"));

  let request = 0, last = 0;
  function show() {
    const now = Math.floor(Math.min(state.time, steps()));
    slider.max = steps();
    slider.value = now;
    count.textContent = `${now} / ${steps()}`;
    slider.setAttribute("aria-valuetext", `step ${now} of ${steps()}`);
    play.textContent = state.playing ? "❚❚ Pause" : "▶ Play";
    play.setAttribute("aria-label", state.playing ? "Pause" : "Play the path step by step");
    bar.hidden = steps() < 1;
    for (const control of [play, step, slider, speed]) control.disabled = model.get("locked");
    draw();
  }
  function at(time) {
    state.time = time >= steps() ? Infinity : time; // whole also when the path becomes longer
    if (state.time === Infinity) pause();
    else show();
  }
  function pause() {
    state.playing = false;
    cancelAnimationFrame(request);
    show();
  }
  function tick(now) {
    if (!state.playing) return;
    const calm = reducedMotion.matches; // then no motion between steps, and few pictures per second
    if (!calm || now - last > 400) {
      const rate = Math.max(STEPS_A_SECOND, steps() / TAKES) * SPEEDS[speed.value];
      let time = state.time + (rate * Math.min(now - last, calm ? 500 : 100)) / 1000;
      if (calm) time = Math.max(Math.floor(time), Math.floor(state.time) + 1);
      last = now;
      at(time);
    }
    if (state.playing) request = requestAnimationFrame(tick);
  }
  play.addEventListener("click", () => {
    if (state.playing) return pause();
    if (state.time >= steps()) state.time = 0;
    state.playing = true;
    last = performance.now();
    show();
    request = requestAnimationFrame(tick);
  });
  step.addEventListener("click", () => {
    state.playing = false;
    at(state.time >= steps() ? 1 : Math.floor(state.time) + 1);
  });
  slider.addEventListener("input", () => {
    state.playing = false;
    at(Number(slider.value));
  });

  return {
    time: () => Math.min(state.time, steps()),
    whole: () => state.time >= steps(),
    // After a new path: continue at the same step, or show the whole path when it is shorter.
    changed: () => at(state.time),
    stop: () => at(Infinity),
    show,
    dispose: () => cancelAnimationFrame(request),
    // The text of the step that is shown; null for the whole path, which has its readout.
    text(numbers) {
      const now = Math.floor(Math.min(state.time, steps())), { text } = model.get("_play");
      if (state.time >= steps() || !text) return null;
      const columns = numbers.length / (steps() + 1);
      return text.replace(/\{(\w+)(:g)?\}/g, (_, name, digits) => {
        if (name === "step") return now;
        if (name === "steps") return steps();
        return formatNumber(numbers[now * columns + Number(name)], digits);
      });
    },
  };
}
