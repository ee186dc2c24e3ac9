// The widget: a background picture, a canvas over it for what moves, and the learner's input.

// A DataView may start anywhere in its buffer; typed arrays need it aligned, so copy.
const bytes = (view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);

function element(tag, className, parent) {
  const made = document.createElement(tag);
  made.className = className;
  parent.append(made);
  return made;
}

function render({ model, el }) {
  const root = element("div", "gdl", el);
  const picture = element("div", "gdl-picture", root);
  const background = element("img", "", picture);
  const canvas = element("canvas", "", picture);
  const bar = element("div", "gdl-play", root);
  const readout = element("p", "gdl-readout", root);
  const announcement = element("div", "gdl-announcement", root);
  const context = canvas.getContext("2d");
  background.alt = "";
  canvas.setAttribute("role", "img");
  announcement.setAttribute("aria-live", "polite");
  const listeners = [];
  const on = (names, call) => names.forEach((name) => {
    model.on(`change:${name}`, call);
    listeners.push([`change:${name}`, call]);
  });

  // --- drawing: once for all changes of a message, and not before its background is loaded
  let loading = null, queued = false, frames = 0, buffers = null;
  const read = (name, As) => new As(bytes(model.get(name)));
  function unpack() {
    buffers ??= {
      xy: read("_points", Float32Array), codes: read("_codes", Uint8Array),
      pixels: read("_pixels", Uint8Array), frames: read("_frames", Float32Array),
      numbers: read("_numbers", Float64Array), steps: model.get("_play").steps ?? 0,
    };
    return buffers;
  }
  function draw() {
    queued = false;
    if (loading) return;
    const [width, height] = model.get("_size");
    const shown = picture.clientWidth;
    if (!shown) return;
    const scale = (shown / width) * window.devicePixelRatio;
    const pixels = [Math.round(width * scale), Math.round(height * scale)];
    if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) [canvas.width, canvas.height] = pixels;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    drawScene(context, model.get("_scene"), unpack(), play.time());
    placeHandles(width, height);
    describe();
    root.dataset.frames = ++frames;
  }
  function queue() {
    if (!queued) queueMicrotask(draw);
    queued = true;
  }
  const play = player(model, bar, queue);
  function changed() {
    buffers = null;
    play.changed();
    queue();
  }
  async function loadBackground() {
    const url = URL.createObjectURL(new Blob([bytes(model.get("_background"))], { type: "image/png" }));
    const next = new Image();
    next.src = url;
    loading = url;
    await next.decode().catch(() => {});
    if (loading !== url) return URL.revokeObjectURL(url); // there is a newer one, or the view is closed
    if (background.src) URL.revokeObjectURL(background.src);
    const [width, height] = model.get("_size");
    picture.style.width = `${width}px`;
    picture.style.aspectRatio = `${width} / ${height}`;
    background.src = url;
    loading = null;
    queue();
  }

  // --- text: the readout at once, the live region half a second after the last move
  let announcing = null, keyed = null;
  function describe() {
    const text = play.text(unpack().numbers) ?? model.get("alt");
    // The position of a point moved by keys is announced too: the readout may not contain it.
    const place = keyed === null ? null : model.get("_handles")[keyed];
    const announced = place ? `${place.label} at ${place.at}. ${text}` : text;
    keyed = null;
    if (readout.textContent === text && announced === text) return;
    readout.textContent = text;
    canvas.setAttribute("aria-label", text);
    clearTimeout(announcing);
    announcing = setTimeout(() => { announcement.textContent = announced; }, 500);
  }
  const lock = () => {
    root.classList.toggle("gdl-locked", model.get("locked"));
    play.show();
  };

  // --- handles: a button over each point that can be dragged
  const handles = [];
  const toPicture = (event) => {
    const box = picture.getBoundingClientRect(), [width, height] = model.get("_size");
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
  };
  let moves = 0;
  function send(handle, x, y) {
    model.set("_drag", { handle, x, y, move: ++moves });
    model.save_changes();
  }
  function addHandle(index) {
    const button = element("button", "gdl-handle", picture);
    const place = () => model.get("_handles")[index];
    let grip = null; // from the pointer to the point, so that the point does not jump when it is taken
    button.type = "button";
    button.addEventListener("pointerdown", (event) => {
      const [x, y] = toPicture(event);
      grip = [place().x - x, place().y - y];
      button.setPointerCapture(event.pointerId);
    });
    button.addEventListener("pointermove", (event) => {
      if (!grip) return;
      const [x, y] = toPicture(event);
      send(index, x + grip[0], y + grip[1]);
    });
    for (const end of ["pointerup", "pointercancel"]) button.addEventListener(end, () => { grip = null; });
    button.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 20 : 4;
      const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      keyed = index;
      send(index, place().x + by[0], place().y + by[1]);
    });
    return button;
  }
  function placeHandles(width, height) {
    const places = model.get("_handles");
    while (handles.length < places.length) handles.push(addHandle(handles.length));
    while (handles.length > places.length) handles.pop().remove();
    places.forEach((place, i) => {
      handles[i].style.left = `${(100 * place.x) / width}%`;
      handles[i].style.top = `${(100 * place.y) / height}%`;
      const keys = { x: "left and right arrow", y: "up and down arrow" }[place.along] ?? "arrow";
      handles[i].setAttribute("aria-label", `${place.label} at ${place.at}: drag it, or move it with the ${keys} keys`);
      handles[i].title = place.label;
    });
  }

  // --- the page: the available width, and the theme
  function report(name, value) {
    if (model.get(name) === value) return;
    model.set(name, value);
    model.save_changes();
  }
  let settling = null, lastWidth = 0, release = null;
  const sized = new ResizeObserver(() => {
    queue();
    release ??= assist(el.closest(".widget-vbox") ?? el); // now that the view is on the page
    clearTimeout(settling);
    settling = setTimeout(() => {
      // Only a change of this view's own width is reported: two views of one explorer, one wide
      // and one narrow, would otherwise react to each other without end.
      const width = Math.floor(el.clientWidth);
      if (!width || Math.abs(width - lastWidth) <= 8) return;
      lastWidth = width;
      report("available_width", width);
    }, 120);
  });
  const themed = () => {
    const light = document.body.dataset.jpThemeLight;
    report("theme", light === "false" ? "dark" : "light");
  };
  const themes = new MutationObserver(themed);

  on(["_points", "_scene", "_codes", "_pixels", "_play", "_frames", "_numbers"], changed);
  on(["_handles", "alt"], queue);
  on(["_stops"], play.stop);
  on(["_background"], loadBackground);
  on(["locked"], lock);
  sized.observe(el);
  themes.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  loadBackground();
  lock();
  themed();

  return () => {
    listeners.forEach(([name, call]) => model.off(name, call));
    sized.disconnect();
    themes.disconnect();
    play.dispose();
    clearTimeout(announcing);
    clearTimeout(settling);
    release?.();
    loading = null;
    if (background.src) URL.revokeObjectURL(background.src);
  };
}

export default { render };
