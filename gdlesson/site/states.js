// Unpacks the computed states of an explorer, as packing.py packs them.

const GRID = 32, NOWHERE = -(2 ** 31), NOT_FINITE = 127; // as in packing.py

async function unpacked(text) {
  const zipped = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
  const data = await new Response(stream).arrayBuffer();
  const length = new DataView(data).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
  const { arrays, bytes } = integersOf(new Uint8Array(data, 4 + length), header.integers);
  const blobs = blobsOf(bytes, header.blobs);
  const made = new Map(); // number of an array → its pixels; neighbouring states share many
  return { header, shown: (state) => shownIn(header.states[state], header, arrays, blobs, made) };
}

// The integers lie byte by byte: all low bytes first. Each array is the difference from another
// one, or of each value from the one `apart` before it.
function integersOf(data, modes) {
  const total = modes.reduce((sum, [length]) => sum + length, 0), arrays = [];
  let at = 0;
  for (const [length, before, apart] of modes) {
    const array = new Int32Array(length);
    for (let i = 0; i < length; i++, at++) {
      const folded = data[at] | (data[at + total] << 8) | (data[at + 2 * total] << 16)
        | (data[at + 3 * total] << 24);
      const difference = (folded >>> 1) ^ -(folded & 1);
      if (before >= 0) array[i] = difference + arrays[before][i];
      else array[i] = difference + (i < apart ? 0 : array[i - apart]);
    }
    arrays.push(array);
  }
  return { arrays, bytes: data.subarray(4 * total) };
}

function blobsOf(data, sizes) {
  let at = 0;
  return sizes.map((lengths) => lengths.map((length) => data.subarray(at, (at += length))));
}

const toPixels = (array) =>
  Float32Array.from(array, (value) => (value === NOWHERE ? NaN : value / GRID));

function toNumbers(mantissas, exponents) {
  return Float64Array.from(mantissas, (mantissa, i) => {
    if (exponents[i] === NOT_FINITE) return mantissa === 0 ? NaN : mantissa * Infinity;
    return Number(`${mantissa}e${exponents[i]}`);
  });
}

// What a LiveFigure sends for a state.
function shownIn(row, header, arrays, [codeBlobs, pixelBlobs, backgrounds], made) {
  const [drawn, frames, mantissas, exponents, pixels, background, others, disabled, texts] = row;
  const pixelsOf = (number) => {
    if (!made.has(number)) made.set(number, toPixels(arrays[number]));
    return made.get(number);
  };
  const joined = (parts, As) => {
    const all = new As(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  };
  const [handles, play, size, alt] = others.map((number) => header.rest[number]);
  return {
    shown: {
      _scene: drawn.map(([style]) => header.styles[style]),
      _points: joined(drawn.map(([, vertices]) => pixelsOf(vertices)), Float32Array),
      _codes: joined(drawn.map(([, , codes]) => codeBlobs[codes]), Uint8Array),
      _pixels: pixelBlobs[pixels],
      _frames: pixelsOf(frames),
      _numbers: toNumbers(arrays[mantissas], arrays[exponents]),
      _background: backgrounds[background],
      _handles: handles, _play: play, _size: size, alt,
    },
    disabled: header.rest[disabled],
    texts: texts.map((number) => header.rest[number]),
  };
}
