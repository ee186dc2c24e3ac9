// The model of a question on a page without a kernel: it judges replies as Posed.judge,
// Attempt and QuestionWidget do in Python, and question.js shows what it decides.

const LONGEST_REPLY = 200; // characters

const isClose = (one, other) =>
  Math.abs(one - other) <= 1e-9 * Math.max(Math.abs(one), Math.abs(other));

const listed = (texts) =>
  texts.length > 1 ? `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}` : texts[0];

const sentence = (text) => (/(\.|\.”)$/.test(text) ? text : `${text}.`);

const lettersOf = (reply) => reply.split(/\s+/).filter(Boolean);

// How the replies that a form sends are read, compared and written; see checking/kinds.py.
const LETTERS = {
  read: (reply) => lettersOf(reply).join(" "),
  same: (value, answer) => value === answer,
  write: (value) => lettersOf(value).join(", "),
  objection(draw, value) {
    return `${this.write(value, draw)} is not right.`;
  },
};
const textOf = (letter, { question }) =>
  `“${question.choices.find(([each]) => each === letter)[1]}”`;
const KINDS = {
  Number: {
    ...LETTERS,
    read: (reply, { question }) => readNumber(reply, question.unit),
    same: (value, [answer, allowed, rounded]) =>
      Math.abs(value - answer) <= allowed || isClose(value, rounded),
    write: (value, { question }) => writeNumber(value, question.unit),
  },
  Choice: { ...LETTERS, write: textOf },
  Several: {
    ...LETTERS,
    read: (reply) => (reply === "none" ? "" : [...new Set(lettersOf(reply))].sort().join(" ")),
    write: (value, draw) =>
      listed(lettersOf(value).map((letter) => textOf(letter, draw))) ?? "none of them",
    objection(draw, value) {
      if (!value) return `${this.write(value)} is not right.`;
      return lettersOf(value).every((letter) => draw.answer.includes(letter))
        ? "What you chose is right, but not complete."
        : "Not all that you chose is right.";
    },
  },
  Order: LETTERS,
  Match: {
    ...LETTERS,
    read(reply, draw) {
      const value = LETTERS.read(reply);
      if (lettersOf(value).sort().join() === draw.question.letters.join()) return value;
      throw new Unreadable(draw.unreadable);
    },
  },
};

// [status, name of the mistake or null, message]: "passed", "mistake", "not yet" or "error".
function judge(draw, reply) {
  const kind = KINDS[draw.question.kind];
  if (!strip(reply)) return ["not yet", null, draw.invitation];
  if (lengthOf(reply) > LONGEST_REPLY)
    return ["error", null, `Type an answer of at most ${LONGEST_REPLY} characters.`];
  let value;
  try {
    value = kind.read(reply, draw);
  } catch (error) {
    if (error instanceof Unreadable) return ["error", null, error.message];
    throw error;
  }
  if (kind.same(value, draw.answer))
    return ["passed", null, sentence(`This is right: ${kind.write(value, draw)}`)];
  for (const [name, wrong, message] of draw.wrong)
    if (kind.same(value, wrong)) return ["mistake", name, message];
  return ["mistake", null, `${kind.objection(draw, value)} ${draw.hint}`];
}

const inWords = (draw, reply) => {
  const kind = KINDS[draw.question.kind];
  return kind.write(kind.read(reply, draw), draw);
};

// One question of a page. words: status → [word, colour]. note: called with (seed, reply, status,
// mistake) for each reply that was judged, until the worked solution is shown.
class QuestionModel {
  constructor(draws, words, first, note) {
    Object.assign(this, { draws, words, note, tries: 0, place: first, calls: [], values: {} });
    this.pose();
  }

  get(name) { return this.values[name]; }

  on(event, call) { this.calls.push([event, call]); }

  off(event, call) {
    this.calls = this.calls.filter(([name, each]) => name !== event || each !== call);
  }

  change(name, value) {
    this.values[name] = value;
    for (const [event, call] of this.calls) if (event === `change:${name}`) call();
  }

  send({ reply, again }) {
    if (reply !== undefined) this.reply(reply);
    else if (again === this.tries) {
      this.tries += 1;
      this.place = (this.place + 1) % this.draws.length;
      this.pose();
    }
  }

  pose() {
    this.draw = this.draws[this.place];
    Object.assign(this, { mistakes: 0, finished: false });
    this.values._outcome = {};
    this.change("_question", { ...this.draw.question, try: this.tries });
  }

  reply(reply) {
    const [status, mistake, text] = judge(this.draw, reply);
    const isJudged = status === "passed" || status === "mistake";
    if (isJudged && !this.finished) { // after the worked solution, an answer proves nothing
      this.note(this.draw.seed, reply, status, mistake);
      this.mistakes += status === "mistake";
      this.finished = status === "passed" || this.mistakes >= 2;
    }
    const [word, colour] = this.words[status];
    this.change("_outcome", {
      reply,
      count: (this.values._outcome.count ?? 0) + 1,
      word,
      colour,
      text,
      solution: this.finished && status === "mistake" ? this.draw.solution : "",
      finished: this.finished,
      record: "",
    });
  }
}
