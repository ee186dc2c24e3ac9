// What a reader has predicted and answered, in the browser's own storage: nothing is sent.
// One JSON object under one key, {"predictions": {name: entry}, "questions": {name: entry}}.
// Without storage (it may be switched off) entries last as long as the page.
gdlesson.progress = (() => {
  const KEY = "gdlesson";
  let data = {};

  function read() {
    try {
      const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}");
      if (stored && typeof stored === "object") data = stored;
    } catch {
      // Not readable: what this page has noted goes on.
    }
    return data;
  }

  function write() {
    try {
      localStorage.setItem(KEY, JSON.stringify(data));
    } catch {
      // Full or forbidden: the page goes on without.
    }
    document.dispatchEvent(new CustomEvent("gdlesson:progress"));
  }

  return {
    // kind: "predictions" or "questions". Returns an entry, or undefined.
    get: (kind, name) => {
      const entries = read()[kind];
      return entries && Object.hasOwn(entries, name) ? entries[name] : undefined;
    },
    set(kind, name, entry) {
      read(); // another tab may have written
      data[kind] = { ...data[kind], [name]: entry };
      write();
    },
    all: () => structuredClone(read()),
    forget() {
      data = {};
      try {
        localStorage.removeItem(KEY);
      } catch {
        // Nothing was stored.
      }
      document.dispatchEvent(new CustomEvent("gdlesson:progress"));
    },
  };
})();

// The map of the course, and the button below it.
(() => {
  const words = (row) => row.split(" ").filter(Boolean);
  const isDone = {
    predictions: (entry) => Boolean(entry?.choice),
    questions: (entry) => (entry?.best ?? entry?.status) === "right",
  };

  function show() {
    for (const row of document.querySelectorAll(".map li[data-questions]")) {
      const counts = [];
      let begun = false;
      let all = true;
      for (const kind of ["predictions", "questions"]) {
        const names = words(row.dataset[kind]);
        const done = names.filter((name) => isDone[kind](gdlesson.progress.get(kind, name)));
        begun ||= done.length > 0;
        all &&= done.length === names.length;
        if (names.length) counts.push(`${kind} ${done.length} of ${names.length}`);
      }
      const text = (all ? "✓ all done: " : "") + counts.join(", ");
      row.querySelector(".done").textContent = begun ? text : "";
    }
  }

  show();
  document.addEventListener("gdlesson:progress", show);
  window.addEventListener("storage", show); // another tab
  window.addEventListener("pageshow", show); // back from a lesson

  const note = document.querySelector(".progress-note");
  if (!note) return;
  note.hidden = false;
  note.querySelector(".forget").addEventListener("click", () => {
    if (!confirm("Forget your predictions and answers? This cannot be undone.")) return;
    gdlesson.progress.forget();
    note.querySelector("[role=status]").textContent = "Forgotten.";
  });
})();
