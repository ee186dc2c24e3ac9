// Draws a scene: a list of styles, whose vertices are stored one after the other in one buffer.

const CODES = { MOVE: 1, LINE: 2, QUADRATIC: 3, CUBIC: 4, CLOSE: 79 };

function trace(path, xy, codes, from, to) {
  for (let i = from; i < to; i++) {
    const x = xy[2 * i], y = xy[2 * i + 1];
    switch (codes[i]) {
      case CODES.MOVE: path.moveTo(x, y); break;
      case CODES.LINE: path.lineTo(x, y); break;
      case CODES.QUADRATIC: path.quadraticCurveTo(x, y, xy[2 * i + 2], xy[2 * i + 3]); i += 1; break;
      case CODES.CUBIC:
        path.bezierCurveTo(x, y, xy[2 * i + 2], xy[2 * i + 3], xy[2 * i + 4], xy[2 * i + 5]);
        i += 2;
        break;
      case CODES.CLOSE: path.closePath(); break;
    }
  }
  return path;
}

function paint(context, path, style) {
  if (style.fill) {
    context.fillStyle = style.fill;
    context.fill(path);
  }
  if (style.stroke) {
    context.strokeStyle = style.stroke;
    context.lineWidth = style.width;
    context.lineJoin = style.join;
    context.lineCap = style.cap;
    context.setLineDash(style.dash ?? []);
    context.lineDashOffset = style.offset ?? 0;
    context.stroke(path);
  }
}

// The position of vertex `p` of `count`, between its two neighbours if `p` is not a whole number.
function between(xy, start, count, p) {
  const i = Math.min(Math.floor(p), count - 1), j = Math.min(i + 1, count - 1), part = p - i;
  const at = (k, axis) => xy[2 * (start + k) + axis];
  return [0, 1].map((axis) => at(i, axis) + (part > 0 ? part * (at(j, axis) - at(i, axis)) : 0));
}

// The vertices of a style at a time, counted in steps; null where they are those of the scene.
function atTime(style, buffers, start, count, time) {
  if (style.keyframes && time < buffers.steps) {
    const [first, n, frames] = style.keyframes;
    if (n === 1) return between(buffers.frames, first, frames, Math.min(time, frames - 1));
    const from = first + n * Math.min(Math.floor(time), frames - 1);
    return buffers.frames.subarray(2 * from, 2 * (from + n));
  }
  if (style.progressive && time < buffers.steps) {
    const p = Math.min(time * style.progressive, count - 1), whole = Math.floor(p) + 1;
    const grown = Array.from(buffers.xy.subarray(2 * start, 2 * (start + whole)));
    return p > whole - 1 && style.kind === "path" ? grown.concat(between(buffers.xy, start, count, p)) : grown;
  }
  return null;
}

function polyline(xy, closed) {
  const path = new Path2D();
  for (let i = 0; i < xy.length / 2; i++) {
    if (i) path.lineTo(xy[2 * i], xy[2 * i + 1]);
    else path.moveTo(xy[0], xy[1]);
  }
  if (closed) path.closePath();
  return path;
}

function drawImage(context, style, pixels) {
  const [width, height] = style.image;
  const image = new OffscreenCanvas(width, height);
  image.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(pixels), width, height), 0, 0);
  context.imageSmoothingEnabled = false;
  context.globalAlpha = style.alpha;
  context.transform(...style.matrix);
  context.drawImage(image, 0, 0);
}

function drawMarkers(context, style, marker, places) {
  for (let i = 0; i < places.length; i += 2) {
    if (!Number.isFinite(places[i] + places[i + 1])) continue;
    context.save();
    context.translate(places[i], places[i + 1]);
    paint(context, marker, style);
    context.restore();
  }
}

// buffers: xy, codes, pixels, frames, steps. time: counted in steps; at `steps` the path is whole.
function drawScene(context, scene, buffers, time) {
  const { xy, codes } = buffers;
  let at = 0, pixel = 0;
  for (const style of scene) {
    const end = at + style.n;
    context.save();
    if (style.clip) {
      context.beginPath();
      context.rect(...style.clip);
      context.clip();
    }
    if (style.kind === "image") {
      const size = 4 * style.image[0] * style.image[1];
      drawImage(context, style, buffers.pixels.slice(pixel, pixel + size));
      pixel += size;
    } else if (style.kind === "markers") {
      const first = at + style.marker;
      const places = atTime(style, buffers, first, end - first, time) ?? xy.subarray(2 * first, 2 * end);
      drawMarkers(context, style, trace(new Path2D(), xy, codes, at, first), places);
    } else {
      const part = atTime(style, buffers, at, style.n, time);
      const closed = codes[end - 1] === CODES.CLOSE;
      paint(context, part ? polyline(part, closed) : trace(new Path2D(), xy, codes, at, end), style);
    }
    context.restore();
    at = end;
  }
}
