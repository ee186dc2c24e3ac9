// Puts the questions of a page into their places when these come near; until then, and if the data
// does not arrive, a place shows the question as the notebook has saved it.

const NEAR = "1200px 0px"; // of the window
const DONE = { passed: "right", mistake: "mistake" };

function earlierWords(draws, entry) {
  const draw = draws.find(({ seed }) => seed === entry?.seed);
  if (!draw) return "";
  try {
    const [status, mistake] = judge(draw, entry.reply);
    const verdict = status === "passed" ? "right" : mistake ?? "not right";
    return sentence(`Earlier you answered ${inWords(draw, entry.reply)}: ${verdict}`);
  } catch {
    return ""; // recorded by another edition
  }
}

function recorded(name, seed, reply, status, mistake) {
  const before = gdlesson.progress.get("questions", name), now = new Date().toISOString();
  const isRight = before?.best === "right";
  gdlesson.progress.set("questions", name, {
    status: DONE[status],
    best: isRight ? "right" : DONE[status],
    tries: (before?.tries ?? 0) + !isRight,
    ...(mistake && { mistake }),
    seed,
    reply,
    first: before?.first ?? now,
    last: now,
  });
}

function ask(place, { words, questions }) {
  const { name } = place.dataset, draws = questions[name];
  if (!draws) return;
  const earlier = gdlesson.progress.get("questions", name);
  const before = draws.findIndex(({ seed }) => seed === earlier?.seed);
  const line = make("p", { textContent: earlierWords(draws, earlier) });
  const note = (...judged) => {
    recorded(name, ...judged);
    line.remove();
  };
  // After a reload the numbers are others, as in a notebook that is run again.
  const model = new QuestionModel(draws, words, (before + 1) % draws.length, note);
  const saved = make("div", { className: "site-saved" }, ...place.childNodes);
  place.replaceChildren(saved);
  place.classList.add("is-live");
  render({ model, el: place });
  if (line.textContent) place.append(line);
}

const lesson = /([^/]*?)(\.html)?$/.exec(location.pathname)[1];
const places = new IntersectionObserver((changes) => {
  for (const { isIntersecting, target } of changes) {
    if (!isIntersecting) continue;
    places.unobserve(target);
    gdlesson.load(`${lesson}-questions`).then((data) => ask(target, data), () => {});
  }
}, { rootMargin: NEAR });
for (const place of document.querySelectorAll(".site-question")) places.observe(place);
