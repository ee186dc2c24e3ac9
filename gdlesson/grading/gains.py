"""Compare two gradings of a class, before and after, item by item. Standard library only."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from ..formatting import decimals, percent, plural
from ..tables import as_text
from .process import NOT_GRADED

NEEDED = ("learner", "kind", "name", "status", "mistake")  # columns of both tables
COLUMNS = (
    *("kind", "name", "learners", "right before", "right after", "change"),
    *("misconception before", "misconception after"),
)
KINDS = {"exercise", "question"}
RIGHT = {"passed", "convention"}  # another convention is not wrong


@dataclass(frozen=True)
class Comparison:
    """What changed between two gradings.

    rows: a dict with COLUMNS for each item in both. learners: how many are graded in both;
    left_out: how many are not. unmatched: how many items are in one grading only. before and
    after: the mean share of right answers.
    """

    rows: list
    learners: int
    left_out: int
    unmatched: int
    before: float
    after: float

    @property
    def gain(self):
        """The normalised gain (after − before)/(1 − before), None where all was right before.

        Source: Hake 1998, American Journal of Physics 66:64.
        """
        return None if self.before == 1 else (self.after - self.before) / (1 - self.before)

    def __str__(self):
        columns = [column for column in COLUMNS if column != "learners"]  # the same in each row
        lines = [as_text(columns, self.rows), f"{plural(self.learners, 'learner')} in both tables."]
        if self.left_out:
            them = f"{plural(self.left_out, 'learner')} left out: in one table only, or not graded"
            lines.append(f"{them} in one of them.")
        if self.unmatched:
            lines.append(f"{plural(self.unmatched, 'item')} left out: in one table only.")
        gain = "is not defined, because all was right before"
        if self.gain is not None:
            gain = f"⟨g⟩ = {decimals(self.gain)}"
        lines.append(
            f"Mean share of right answers: {percent(self.before)} before, {percent(self.after)} "
            f"after; the normalised gain {gain} (Hake 1998, American Journal of Physics 66:64)."
        )
        return "\n".join(lines)


def compare(before, after):
    """Compare two gradings, each a list of rows with the columns NEEDED; returns `Comparison`.

    A learner who has no row for an item did not answer it right. Raises ValueError, in one
    sentence, if no learner or no item is in both.
    """
    tables = _answers(before), _answers(after)
    learners = tables[0].keys() & tables[1].keys()
    if not learners:
        raise ValueError("no learner was graded in both tables: expected the same names in both")
    items = [{item: None for own in table.values() for item in own} for table in tables]
    both = [item for item in items[0] if item in items[1]]
    if not both:
        raise ValueError("no exercise and no question is in both tables")
    rows = []
    for item in both:
        answers = [[table[who].get(item) for who in learners] for table in tables]
        right = [column.count(True) for column in answers]
        mistakes = [_commonest(column) for column in answers]
        values = (*item, len(learners), *right, right[1] - right[0], *mistakes)
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    total = len(both) * len(learners)
    shares = [sum(row[f"right {when}"] for row in rows) / total for when in ("before", "after")]
    everyone = {row["learner"] for row in (*before, *after)}
    unmatched = len(items[0].keys() ^ items[1].keys())
    return Comparison(rows, len(learners), len(everyone - learners), unmatched, *shares)


def _answers(rows):
    """Of each learner whose notebooks were all graded: item → True, or the mistake's name."""
    answers, not_graded = defaultdict(dict), set()
    for row in rows:
        item, own = (row["kind"], row["name"]), answers[row["learner"]]
        if row["status"] == NOT_GRADED:
            not_graded.add(row["learner"])
        elif row["status"] in RIGHT and row["kind"] in KINDS:
            own[item] = True
        elif row["kind"] in KINDS and own.get(item) is not True:
            own[item] = row["mistake"] if row["status"] == "mistake" else ""  # not an error's
    return {who: own for who, own in answers.items() if who not in not_graded}


def _commonest(answers):
    """The mistake of most learners, and how many they are; "" where no mistake has a name."""
    counts = Counter(answer for answer in answers if answer and answer is not True)
    if not counts:
        return ""
    name = min(counts, key=lambda name: (-counts[name], name))
    return f"{name} ({counts[name]})"
