// Tells screen readers what the sliders beside a picture are called and how they stand:
// ipywidgets gives their handles no name, and their values with all the digits of a float.

function nameSliders(near) {
  const watching = [];
  for (const handle of near.querySelectorAll(".noUi-handle")) {
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
