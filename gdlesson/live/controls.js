// What the controls around a picture need from the page.

// Gives each slider in a box the name and the value written next to it, for screen readers: by
// itself ipywidgets gives its handle no name, and a value with all the digits of a float.
function labelSliders(box) {
  const label = (handle) => {
    const control = handle.closest(".widget-inline-hbox");
    const copy = (part, attribute) => {
      const text = control?.querySelector(part)?.textContent.trim();
      if (text && handle.getAttribute(attribute) !== text) handle.setAttribute(attribute, text);
    };
    copy(".widget-label", "aria-label");
    copy(".widget-readout", "aria-valuetext");
  };
  const watched = new Map(); // handle → the observer of its value
  const findNew = () => {
    for (const handle of box.querySelectorAll(".noUi-handle")) {
      if (watched.has(handle)) continue;
      const value = new MutationObserver(() => label(handle));
      const readout = handle.closest(".widget-inline-hbox")?.querySelector(".widget-readout");
      value.observe(handle, { attributeFilter: ["aria-valuetext"] });
      if (readout) value.observe(readout, { childList: true, characterData: true, subtree: true });
      watched.set(handle, value);
      label(handle);
    }
  };
  // Sliders may be added to the box later. A change of text is not looked into: the readout of the
  // picture changes with every move, and must not cost one.
  const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;
  const added = new MutationObserver((changes) => {
    if (changes.some((change) => [...change.addedNodes].some(isElement))) findNew();
  });
  added.observe(box, { subtree: true, childList: true });
  findNew();
  return () => [added, ...watched.values()].forEach((observer) => observer.disconnect());
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
