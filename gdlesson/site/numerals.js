// Read and write numbers as checking/numerals.py and checking/kinds.py do: the same values, and the
// same words for what cannot be read. A field has one line, so line breaks are not considered.

class Unreadable extends Error {} // its message is one sentence for the reader

const LONGEST_NUMBER = 60; // characters
const COMPLEX = Symbol("a complex number"); // which is never an answer, whichever it is

// What Python counts as blank; JavaScript's own \s differs.
const BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const BLANK_ENDS = new RegExp(`^${BLANK}+|${BLANK}+$`, "g");
const UNIT = new RegExp(`^((?:[^]*(?:[\\d.)]|${BLANK})))([\\p{L}\\p{Nl}\\p{No}]+)$`, "u");
const UP_TO_EQUALS = new RegExp(`^[^\\n]*?[=≈~]${BLANK}*`);
const THOUSANDS = new RegExp(`(?<=\\d)(?:'|${BLANK})(?=\\d{3}(\\D|$))`, "g"); // 1'000, 1 000
const ROOT = new RegExp(`√${BLANK}*(\\d+\\.?\\d*)`, "g");
const TIMES = new RegExp(`(?<=\\d)${BLANK}*x${BLANK}*(?=10\\*\\*)`, "g"); // 2 x 10**-3
const NO_SIGN = new RegExp( // 2√2, 3(4)
  `(?<=[\\d)])${BLANK}*(?=(sqrt|pi|π|exp|ln)(?![\\p{L}\\p{N}_])|\\()`, "gu",
);
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺";
const SIGNS = {
  "−": "-", "–": "-", "—": "-", "·": "*", "⋅": "*", "×": "*", "∙": "*", "÷": "/", "⁄": "/",
  "∕": "/", "^": "**", "’": "'", "\xa0": " ", "٫": ".",
};

const strip = (text) => text.replace(BLANK_ENDS, "");
const lengthOf = (text) => [...text].length;

// The number that a text means; throws Unreadable.
function readNumber(reply, unit) {
  const text = strip(reply.normalize("NFC"));
  if (!text) throw new Unreadable("Type a number, for example 0.25.");
  if (lengthOf(text) > LONGEST_NUMBER)
    throw new Unreadable(`Type one number of at most ${LONGEST_NUMBER} characters.`);
  const shown = /[\p{C}\p{Z}]/u.test(text.replaceAll(" ", "")) ? escaped(text) : text;
  const [plain, divisor] = withoutUnit(plainSigns(text), unit);
  let value;
  try {
    value = evaluate(expression(plain));
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable(complaint(error, shown, unit));
  }
  if (value === COMPLEX || !Number.isFinite(value / divisor))
    throw new Unreadable(`${shown} is not a finite number: type one such as 0.25.`);
  return value / divisor;
}

function complaint(error, shown, unit) {
  if (error === DIVIDES_BY_ZERO)
    return `${shown} divides by zero: type a number, for example 0.25.`;
  if (error === TOO_LARGE)
    return `${shown} is too large to be the answer: type a smaller number.`;
  if (error !== NO_NUMBER) throw error;
  const of = unit && ` (in ${unit})`;
  return `Type one number${of}, for example 0.25, 1/4 or 2e-3; ${shown} could not be read as one.`;
}

// A text with characters that cannot be shown, as Python writes it.
function escaped(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const short = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\", [quote]: `\\${quote}` };
  const letters = [...text].map((letter) => {
    const code = letter.codePointAt(0), hex = code.toString(16);
    if (short[letter]) return short[letter];
    if (code >= 0x20 && code < 0x7f) return letter;
    if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
    return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
  });
  return quote + letters.join("") + quote;
}

// The text with signs and digits of any script as Python writes them.
function plainSigns(text) {
  return text
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+/g, (raised) =>
      `**(${[...raised].map((letter) => "0123456789-+"[RAISED.indexOf(letter)]).join("")})`)
    .replace(/(\p{Nd}*)([¼-¾⅐-⅞])/gu, (_, whole, part) =>
      `(${whole || 0}+${part.normalize("NFKC").replace("⁄", "/")})`)
    .normalize("NFKC")
    .replace(/[^]/gu, (letter) => SIGNS[letter] ?? letter)
    .replace(/\p{Nd}/gu, digit);
}

// The digits of a script follow each other, from 0 to 9.
function digit(letter) {
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(letter.codePointAt(0) - before - 1))) before++;
  return String(before % 10);
}

// The text without its unit, and what its number is divided by.
function withoutUnit(text, unit) {
  const stripped = strip(text), name = (word) => word.toLowerCase().replace(/s+$/, "");
  if (stripped.endsWith("%")) return [stripped.slice(0, -1), unit === "%" ? 1 : 100];
  const found = unit && UNIT.exec(stripped);
  return [found && name(found[2]) === name(unit) ? found[1] : stripped, 1];
}

// A number in the form of a Python expression.
function expression(plain) {
  let text = strip(plain).toLowerCase().replace(/\.$/, "").replace(UP_TO_EQUALS, "");
  if (/^[+-]?[1-9]\d{0,2}(,\d{3})+$/.test(text))
    throw new Unreadable(
      `${text} can be read in two ways: write ${text.replaceAll(",", "")} for the large number, `
      + `or ${text.replaceAll(",", ".")} with a decimal point.`,
    );
  text = text.replace(THOUSANDS, "");
  if (text.split(",").length > 2 || (text.includes(",") && text.includes(".")))
    text = text.replace(/,(?=\d{3}(\D|$))/g, ""); // 1,000.5
  text = text.replace(/(?<=\d),(?=\d)|^,(?=\d)/g, ".");
  text = text.replace(ROOT, "sqrt($1)").replaceAll("√", "sqrt");
  text = text.replace(TIMES, "*").replace(NO_SIGN, "*");
  return text.replaceAll("log10*(", "log10(");
}

const NO_NUMBER = Symbol("no number");
const DIVIDES_BY_ZERO = Symbol("divides by zero");
const TOO_LARGE = Symbol("too large");

const fail = (reason) => { throw reason; };
const real = (operation) => (...values) =>
  values.includes(COMPLEX) ? COMPLEX : operation(...values);

const OPERATORS = {
  "+": real((a, b) => a + b),
  "-": real((a, b) => a - b),
  "*": real((a, b) => a * b),
  "/": (a, b) => (b === 0 ? fail(DIVIDES_BY_ZERO) : real((x, y) => x / y)(a, b)),
  "**": power,
};
const UNARY = { "+": real((a) => a), "-": real((a) => -a) };
const FUNCTIONS = {
  sqrt: (a) => (a === COMPLEX || a < 0 ? fail(NO_NUMBER) : Math.sqrt(a)),
  exp: (a) => (a === COMPLEX ? fail(NO_NUMBER) : finite(Math.exp(a), a)),
  ln: (a) => (a === COMPLEX || a <= 0 ? fail(NO_NUMBER) : Math.log(a)),
  log10: (a) => (a === COMPLEX || a <= 0 ? fail(NO_NUMBER) : Math.log10(a)),
};
const CONSTANTS = { pi: Math.PI, "π": Math.PI, e: Math.E };

const finite = (value, ...from) =>
  Math.abs(value) === Infinity && from.every(Number.isFinite) ? fail(TOO_LARGE) : value;

function power(base, exponent) {
  if (base === COMPLEX) return COMPLEX;
  if (exponent === COMPLEX) return base === 0 ? fail(DIVIDES_BY_ZERO) : COMPLEX;
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1;
  if (base === 0 && exponent < 0 && exponent !== -Infinity) fail(DIVIDES_BY_ZERO);
  if (base < 0 && base !== -Infinity && exponent % 1) { // no whole number, and a finite one
    finite((-base) ** exponent, base, exponent);
    return COMPLEX;
  }
  if (base === 10 && Math.abs(exponent) < 400 && !(exponent % 1)) // ** is less exact
    return finite(Number(`1e${exponent}`), exponent);
  return finite(base ** exponent, base, exponent);
}

// Python's binary operators by how strongly they bind; only those of OPERATORS are known.
const LEVELS = {
  "|": 1, "^": 2, "&": 3, "<<": 4, ">>": 4, "+": 5, "-": 5, "*": 6, "/": 6, "//": 6, "%": 6, "@": 6,
};
const FLOAT = /(?:\d(?:_?\d)*\.(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:e[+-]?\d(?:_?\d)*)?/;
const WHOLE = /0x(?:_?[\da-f])+|0o(?:_?[0-7])+|0b(?:_?[01])+|[1-9](?:_?\d)*|0(?:_?0)*/;
const TOKEN = new RegExp(
  `[ \\t\\f]*(?:(?<number>(?:${FLOAT.source}|\\d(?:_?\\d)*e[+-]?\\d(?:_?\\d)*|${WHOLE.source})`
  + `(?![\\p{L}\\p{N}_]))|(?<name>[\\p{L}_][\\p{L}\\p{M}\\p{N}_]*)|(?<sign>\\*\\*|//|<<|>>|[^]))`,
  "uy",
);

function tokens(text) {
  if (/[\0\ud800-\udfff]/u.test(text)) fail(NO_NUMBER); // half a character, even in a comment
  const found = [], all = text.replace(/#.*/, "").replace(/[ \t\f]+$/, ""); // a comment is allowed
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < all.length) found.push(TOKEN.exec(all).groups);
  return found;
}

// The value of an arithmetic expression: numbers, + − · / powers, and a few functions. It is parsed
// into functions first, because Python reports a syntax error before a division by zero.
function evaluate(text) {
  const rest = tokens(text);
  const next = () => rest[0]?.sign;
  const take = (sign) => (next() === sign ? rest.shift() : fail(NO_NUMBER));
  const unknown = () => fail(NO_NUMBER);

  function terms(least) {
    let left = operand();
    while (LEVELS[next()] >= least) {
      const { sign } = rest.shift();
      left = binary(sign, left, terms(LEVELS[sign] + 1));
    }
    return left;
  }
  function binary(sign, left, right) {
    return OPERATORS[sign] ? () => OPERATORS[sign](left(), right()) : unknown;
  }
  function operand() {
    if (["+", "-", "~"].includes(next())) {
      const { sign } = rest.shift(), of = operand();
      return UNARY[sign] ? () => UNARY[sign](of()) : unknown;
    }
    const base = atom();
    if (next() !== "**") return base;
    rest.shift();
    return binary("**", base, operand());
  }
  function atom() {
    const { number, name, sign } = rest.shift() ?? {};
    if (number) return () => Number(number.replaceAll("_", ""));
    if (sign === "(") {
      const [inside, tuple] = list();
      return tuple || !inside.length ? unknown : inside[0];
    }
    if (!name) fail(NO_NUMBER);
    if (next() !== "(") return Object.hasOwn(CONSTANTS, name) ? () => CONSTANTS[name] : unknown;
    rest.shift();
    const [given] = list();
    if (given.length !== 1 || !Object.hasOwn(FUNCTIONS, name)) return unknown;
    return () => FUNCTIONS[name](given[0]());
  }
  function list() { // up to the closing bracket; and whether there was a comma
    const items = [];
    let comma = false;
    while (next() !== ")") {
      items.push(terms(1));
      if (next() !== ",") break;
      rest.shift();
      comma = true;
    }
    take(")");
    return [items, comma];
  }

  const value = terms(1);
  if (rest.length) fail(NO_NUMBER);
  return value();
}

// A number as Number.write writes it: whole, or with at most four significant digits.
function writeNumber(value, unit) {
  const text = Number.isInteger(value) ? wholeText(value) : significant(value);
  return strip(`${text.replace(/^-/, "−")} ${unit}`);
}

const wholeText = (value) => (Object.is(value, -0) ? "-0" : BigInt(value).toString());

function significant(value) {
  let [mantissa, exponent] = value.toExponential(3).split("e");
  const exact = value.toExponential(30).split("e")[0];
  // Halfway between two: Python takes the even digit, JavaScript the larger number.
  if (/\d\.\d\d[02468]50+$/.test(exact)) mantissa = exact.slice(0, exact.indexOf(".") + 4);
  const power = Number(exponent);
  if (power >= -4 && power < 4) return String(Number(`${mantissa}e${exponent}`));
  const digits = String(Math.abs(power)).padStart(2, "0");
  return `${Number(mantissa)}e${power < 0 ? "-" : "+"}${digits}`;
}
