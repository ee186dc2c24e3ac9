// What the controls around a picture need from the page.

// Gives each slider in a box the name and the value written next to it, for screen readers: by
// itself ipywidgets gives its handle no name, and a value with all the digits of a float.
function labelSliders(box) {
  const label = () => {
    for (const handle of box.querySelectorAll(".noUi-handle")) {
      const control = handle.closest(".widget-inline-hbox");
      const copy = (part, attribute) => {
        const text = control?.querySelector(part)?.textContent.trim();
        if (text && handle.getAttribute(attribute) !== text) handle.setAttribute(attribute, text);
      };
      copy(".widget-label", "aria-label");
      copy(".widget-readout", "aria-valuetext");
    }
  };
  const changes = new MutationObserver(label); // sliders may be added to the box later
  changes.observe(box, { subtree: true, childList: true, characterData: true, attributeFilter: ["aria-valuetext"] });
  label();
  return () => changes.disconnect();
}

// In command mode a notebook handles arrows, Enter and letters itself, wherever the focus is.
// Within a box they go to the focused element; with Ctrl, Alt or ⌘ they still go to the notebook.
function reserveKeys(box) {
  const reserve = (event) => {
    const { target } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || !box.contains(target)) return;
    target.dataset.lmSuppressShortcuts = "true";
    setTimeout(() => { delete target.dataset.lmSuppressShortcuts; });
  };
  window.addEventListener("keydown", reserve, true); // before the document, where they are handled
  return () => window.removeEventListener("keydown", reserve, true);
}

// Both, for the box of a picture and its controls; returns what undoes them.
function assist(box) {
  const undo = [labelSliders(box), reserveKeys(box)];
  return () => undo.forEach((each) => each());
}
