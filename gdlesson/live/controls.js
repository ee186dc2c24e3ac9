// What the controls beside a picture need from the page: names for screen readers, since ipywidgets
// gives a slider's handle none, and says its value with all the digits of a float; and their keys.

function nameSliders(box) {
  const watching = [];
  for (const handle of box.querySelectorAll(".noUi-handle:not([data-gdl-named])")) {
    handle.dataset.gdlNamed = "";
    const control = handle.closest(".widget-inline-hbox");
    const text = (part) => control?.querySelector(part)?.textContent.trim() || null;
    const say = () => {
      const value = text(".widget-readout"), label = text(".widget-label");
      if (label) handle.setAttribute("aria-label", label);
      if (value && handle.getAttribute("aria-valuetext") !== value) handle.setAttribute("aria-valuetext", value);
    };
    const watch = new MutationObserver(say);
    watch.observe(handle, { attributeFilter: ["aria-valuetext"] });
    const readout = control?.querySelector(".widget-readout");
    if (readout) watch.observe(readout, { childList: true, characterData: true, subtree: true });
    watching.push(watch);
    say();
  }
  return () => watching.forEach((watch) => watch.disconnect());
}

// In command mode a notebook takes arrows, Enter and letters for itself, wherever the focus is.
// Within `box` they go to what has the focus; with Ctrl, Alt or ⌘ they stay the notebook's.
function keepKeys(box) {
  const keep = (event) => {
    const { target } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || !box.contains(target)) return;
    target.dataset.lmSuppressShortcuts = "true";
    setTimeout(() => { delete target.dataset.lmSuppressShortcuts; });
  };
  window.addEventListener("keydown", keep, true); // before the document, where they are taken
  return () => window.removeEventListener("keydown", keep, true);
}
