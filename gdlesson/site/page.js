// What a page does by itself: boxes that need not scroll are no stop for the Tab key, and what is
// folded is opened for the printer.
(() => {
  const boxes = document.querySelectorAll(".scroll, pre, .formula");

  function reach() {
    for (const box of boxes) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }

  let waiting = 0;
  window.addEventListener("resize", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(reach);
  });
  document.addEventListener("toggle", reach, true); // what was folded has a width now
  reach();

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const each of opened) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const each of opened) each.open = false;
  });
})();
