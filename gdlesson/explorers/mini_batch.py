"""Room of lesson 07: how many examples a step should look at."""

import time
from collections import Counter
from functools import lru_cache

import numpy as np
from matplotlib.patches import Circle

from ..checking.probes import numbers
from ..datasets import penguins, standardise
from ..descent import descend
from ..formatting import plural, step_size
from ..live.controls import choice, dragged, integers, slider, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..optimizers import GradientDescent
from ..problems import LinearRegression
from ..views import SMALL, Rivals, Trail, axes_at, in_sight
from .legacy import Formula, LegacyExplorer, Mine

PENGUINS = penguins()
FLIPPER, MASS = PENGUINS["flipper_length_mm"], PENGUINS["body_mass_g"]
X, _, _ = standardise(FLIPPER)
Y, _, _ = standardise(MASS)
PROBLEM = LinearRegression(X, Y)
BEST, N = PROBLEM.closed_form(), len(Y)
SORTED = np.argsort(X, kind="stable")
SIZES = [1, 2, 4, 8, 16, 32, 64, 128, N]
UPDATES, EPOCHS = 60, 5  # what is equal for all: as many updates, or as many examples
AXES = {  # what is equal → its axis, and how many frames it is played in
    "updates": ("updates", UPDATES),
    "examples": ("examples seen", 45),
    "seconds": ("milliseconds, measured here", 45),
}
COLOURS = 24  # of saved stills: no shaded landscape here needs more
NAMES = ("batch", "mini-batch", "stochastic")

same_work_question = Prediction(
    question=(
        "Three descents start at the same line, with step size 0.05, and each may look at 1665 "
        "examples, five times the 333 penguins. Batch makes 5 updates with them, mini-batches of "
        "32 rows make 55, stochastic makes 1665. Which ends closest to the best line?"
    ),
    choices=(
        "Batch: each of its gradients is exact.",
        "The mini-batches of 32.",
        "Stochastic: it makes the most updates.",
        "All the same: they look at the same examples.",
    ),
    answer="The mini-batches of 32.",
    because=(
        "Five updates are too few to arrive. 1665 noisy ones arrive and then jump about. 55 "
        "updates are enough, and their noise is smaller."
    ),
    about={"size": 32, "lr": 0.05, "axis": "examples", "order": "shuffled", "seed": 0,
           "w": -0.3, "b": 1.0},
)  # fmt: skip


class MiniBatch(LegacyExplorer):
    """Batch, mini-batch and stochastic descent side by side, with something equal for all."""

    height, narrow_height = 386, 708
    primary = "size"
    redrawn_by = ("axis",)
    picture_only = ("w", "b")

    def __init__(self, after=None, mine=None, **values):
        self.mine = MyBatches(mine)
        super().__init__(after, **values)
        self.live.colours = COLOURS

    def make_controls(self):
        return {
            "size": stops("batch size", SIZES, 32),
            "axis": choice(AXES, "examples", "same"),
            "lr": slider("step size lr", 0.05, 0.01, 0.5, width=300),
            "order": choice(["shuffled", "sorted"], description="rows"),
            "seed": integers("seed", 0, 0, 19, width=220),
            **dragged(5.0, w=-0.3, b=1.0),
        }

    def draw(self, figure, palette, values):
        left, gap, top, high = 52, 58, 56, 240
        room = self.width - left - 18
        width = (room - gap) // 2 if self.narrow else (room - 2 * gap) // 3
        long = room if self.narrow else room - 2 * (width + gap)
        at = (left, top + high + 86) if self.narrow else (left + 2 * (width + gap), top)
        names = "w, standardised", "b, standardised"
        label, _ = AXES[values["axis"]]
        place = axes_at(figure, left, top, width, high, palette, *names)
        data = axes_at(figure, left + width + gap, top, width, high, palette,
                       "flipper length, mm", "body mass, g")  # fmt: skip
        loss = axes_at(figure, *at, long, high, palette, label, "loss above the best, log scale")
        reach = 1.5 * width / high
        place.set(xlim=(BEST[0] - reach, BEST[0] + reach), ylim=(-1.5, 1.5))
        for radius in np.arange(0.5, 3, 0.5):  # both curvatures are 2: lines of equal loss
            place.add_patch(Circle(BEST, radius, fill=False, ec=palette.faint, lw=0.6, zorder=2,
                                   antialiased=False))  # fmt: skip
        place.plot(*BEST, "+", color=palette.ink, ms=11, mew=1.6, zorder=5.8)
        self.start = Trail(place, palette)
        data.plot(FLIPPER, MASS, "s", color=palette.faint, ms=2.2, mew=0, zorder=2,
                  antialiased=False)  # fmt: skip
        data.set(xlim=(168, 235), ylim=(2400, 6700), yticks=[3000, 4000, 5000, 6000])
        loss.set(yscale="log", xlim=(0, 1.03 * self.whole(values["axis"])), ylim=(1e-7, 30),
                 yticks=[1e-6, 1e-4, 1e-2, 1])  # fmt: skip
        loss.minorticks_off()
        loss.grid(axis="y", color=palette.faint, alpha=0.25, lw=0.6)
        self.paths, self.losses = Rivals(place, palette), Rivals(loss, palette)
        self.lines = Rivals(data, palette, straight=True)
        keys = list(zip(self.paths.lines, self.paths.ends, strict=True))
        place.legend(
            keys, NAMES, loc="lower left", bbox_to_anchor=(0, 1 + 26 / high), ncols=3,
            frameon=False, fontsize=SMALL, labelcolor=palette.ink, handlelength=3,
            columnspacing=1.6, borderaxespad=0, borderpad=0,
        )  # fmt: skip
        self.formula = Formula(loss if self.narrow else place, (0, high + 50), room, palette)
        mine = self.mine.on(place, palette)
        handle = Handle(self.start.ball, self.drag, "start, its w and b")
        views = [self.start, self.paths, self.lines, self.losses, self.formula, mine]
        return views, [handle]

    def drag(self, x, y):
        limits = (self.controls[name] for name in "wb")
        w, b = (round(min(max(v, c.min), c.max), 2) for v, c in zip((x, y), limits, strict=True))
        self.set(w=w, b=b)

    @staticmethod
    def whole(axis):
        """What is equal for all, in the units of the axis."""
        if axis == "seconds":
            return 1e3 * EPOCHS * N * cost(1)
        return UPDATES if axis == "updates" else EPOCHS * N

    def show(self, values):
        axis, start = values["axis"], (values["w"], values["b"])
        frames, whole = AXES[axis][1], self.whole(values["axis"])
        self.runs, paths, losses, lines = [], [], [], []
        for size in (N, values["size"], 1):
            at = places(axis, size)
            parts = moments(size, values["seed"], values["order"] == "sorted", len(at) - 1)
            path = followed(parts, values["lr"], *start)
            done = np.searchsorted(at, whole * np.linspace(0, 1, frames + 1) * (1 + 1e-12), "right")
            shown = framed(done - 1)
            above = excess(path)
            paths.append(path[shown])
            losses.append(np.stack([at[shown], above[shown]], axis=-1))
            lines.append(in_grams(path[done - 1]))
            self.runs.append((size, done - 1, above))
        self.start.update(np.array([start]))
        for view, points in [(self.paths, paths), (self.losses, losses), (self.lines, lines)]:
            view.update(points)
        self.formula.update(*spread_formula(values["size"], start))
        steps = len(places(axis, values["size"])) - 1
        mine = self.mine.update(values, steps)
        return describe(values, self.runs) + mine

    def each_step(self):
        """The loss above the best of all three, after each frame."""
        axis = self.controls["axis"].value
        frames = AXES[axis][1]
        said = {
            "updates": "After {step} updates",
            "examples": "After {0} epochs",
            "seconds": "At {step} of {steps} parts of the time",
        }[axis]
        said += " the loss is above the best by {1:g} (batch), {2:g} (mini-batch), "
        said += "{3:g} (stochastic)."
        heights = [np.minimum(above[done], 1e99) for _, done, above in self.runs]
        heights = [np.nan_to_num(height, nan=1e99) for height in heights]
        return said, np.column_stack([np.linspace(0, EPOCHS, frames + 1), *heights])


def explore(after=None, mine=None, **values):
    """The explorer of lesson 07.

    after: a Prediction to answer or skip first. mine: your minibatches(X, y, batch_size, rng),
    whose batches drive a descent of their own. values: controls to begin with, by name.
    """
    return MiniBatch(after, mine, **values)


class Stopping(LegacyExplorer):
    """Powers of the flipper length fitted to thirty penguins, and what the others think of it."""

    height, narrow_height = 332, 642
    primary = "epochs"
    redrawn_by = ("degree",)

    def __init__(self, **values):
        super().__init__(None, **values)
        self.live.colours = COLOURS

    def make_controls(self):
        return {
            "epochs": stops("epochs", MARKS, 20_000),
            "degree": integers("highest power", 10, 1, 10, width=300),
        }

    def buttons(self):
        return {"Stop early": self.stop}

    def stop(self):
        self.set(epochs=STOPS.get(self.controls["degree"].value, MARKS[-1]))

    def draw(self, figure, palette, values):
        left, gap, top, high = 52, 62, 50, 232
        room = self.width - left - 18
        half = room if self.narrow else (room - gap) // 2
        at = (left, top + high + 78) if self.narrow else (left + half + gap, top)
        data = axes_at(figure, left, top, half, high, palette, "flipper length, mm", "body mass, g")
        loss = axes_at(figure, *at, half, high, palette, "epoch, log scale", "loss, log")
        data.plot(FLIPPER[OTHERS], MASS[OTHERS], "s", color=palette.faint, ms=2.2, mew=0,
                  antialiased=False)  # fmt: skip
        data.plot(FLIPPER[TRAIN], MASS[TRAIN], "o", color=palette.path, ms=5.5, mec=palette.paper)
        data.set(xlim=(168, 235), ylim=(2400, 6700), yticks=[3000, 4000, 5000, 6000])
        (self.curve,) = data.plot([], [], color=palette.ball, lw=2.2, zorder=4)
        _, losses, best = trained(values["degree"])
        epochs = np.arange(len(losses[0])) + 1
        keep = np.unique(np.geomspace(1, len(epochs), 300).astype(int)) - 1
        styles = [("training", palette.path, "-"), ("validation", palette.ball, "--")]
        for (name, colour, dash), each in zip(styles, losses, strict=True):
            loss.plot(epochs[keep], each[keep], dash, color=colour, lw=2, label=name)
        loss.axvline(best + 1, color=palette.ink, lw=1, ls=":", label="lowest validation")
        loss.set(xscale="log", yscale="log", xlim=(0.9, 2.6e4), ylim=(0.1, 2),
                 yticks=[0.1, 0.2, 0.5, 1, 2], xticks=[1, 11, 101, 1001, 10_001])  # fmt: skip
        loss.set_yticklabels(["0.1", "0.2", "0.5", "1", "2"])
        loss.set_xticklabels(["0", "10", "100", "1000", "10 000"])
        loss.minorticks_off()
        loss.legend(loc="lower right", bbox_to_anchor=(1, 1 + 20 / high), ncols=3, frameon=False,
                    fontsize=SMALL, labelcolor=palette.ink, handlelength=2, columnspacing=1,
                    borderaxespad=0, borderpad=0.3)  # fmt: skip
        (self.mark,) = loss.plot([], [], color=palette.ink, lw=1.2, zorder=3)
        (self.dots,) = loss.plot([], [], "o", color=palette.ink, ms=8, mec=palette.paper, zorder=6)
        self.moving = [self.curve, self.mark, self.dots]
        return [self], []

    def show(self, values):
        (path, columns), (training, validation), best = trained(values["degree"])
        now = values["epochs"]
        x, z = columns
        self.curve.set_data(x, MASS.mean() + MASS.std() * (z @ path[now]))
        self.mark.set_data([now + 1] * 2, [0.1, 2])
        self.dots.set_data([now + 1] * 2, [training[now], validation[now]])
        said = (
            f"Powers up to {values['degree']}, epoch {now:,}: training loss {training[now]:.3f}, "
            f"validation loss {validation[now]:.3f}."
        )
        if validation[-1] > validation[best] * (1 + 1e-6):
            return f"{said} Its lowest is {validation[best]:.3f}, at epoch {best:,}."
        return f"{said} It does not rise again within {MARKS[-1]:,} epochs."


def stopping(**values):
    """The second explorer of lesson 07: training and validation loss, and when to stop."""
    return Stopping(**values)


ORDER = np.random.default_rng(0).permutation(N)
TRAIN, OTHERS = ORDER[:30], ORDER[30:]
STOPS = {4: 220, 5: 184, 6: 141, 7: 111, 8: 113, 9: 88, 10: 368}  # degree → where to stop
MARKS = sorted({0, 20_000, *(round(10 ** (k / 10)) for k in range(44)), *STOPS.values()})


@lru_cache(maxsize=10)
def trained(degree):
    """Batch descent on powers of the flipper length: (weights at MARKS, curve), losses, epoch.

    Weights by epoch; the curve's places in mm and its columns; the losses on both parts, (2,
    epochs + 1); the epoch of the lowest validation loss.
    """
    powers = X[:, None] ** np.arange(1, degree + 1)
    seen, mean, scale = standardise(powers[TRAIN])
    path = descend(LinearRegression(seen, Y[TRAIN]), GradientDescent(0.05), steps=MARKS[-1])
    validation = LinearRegression((powers[OTHERS] - mean) / scale, Y[OTHERS]).f(path.w)
    mm = np.linspace(168, 235, 120)
    z = ((mm - FLIPPER.mean()) / FLIPPER.std())[:, None] ** np.arange(1, degree + 1)
    columns = np.column_stack([(z - mean) / scale, np.ones(len(mm))])
    weights = {mark: path.w[mark].copy() for mark in MARKS}
    return (weights, (mm, columns)), (path.loss, validation), int(validation.argmin())


def updates_an_epoch(size):
    return -(-N // size)


def places(axis, size):
    """Where each update ends on the axis, the start first: (updates + 1,)."""
    if axis == "updates":
        return np.arange(UPDATES + 1.0)
    if axis == "seconds":
        most = min(EPOCHS * N, int(EPOCHS * N * cost(1) / cost(size) + 1e-9))
        return 1e3 * cost(size) * np.arange(most + 1)
    return np.array([seen(size, i) for i in range(EPOCHS * updates_an_epoch(size) + 1)], float)


def seen(size, updates):
    """How many examples these updates looked at."""
    epochs, more = divmod(updates, updates_an_epoch(size))
    return epochs * N + more * size


@lru_cache(maxsize=len(SIZES))
def cost(size):
    """Seconds of one update with this many rows, picked and stepped with NumPy: a median of 9."""
    order, w, b, times = np.random.default_rng(0).permutation(N), 0.0, 0.0, []
    for _ in range(9):
        before = time.perf_counter()
        for turn in range(60):
            rows = order[turn : turn + size] if size < N else order
            x, y = X[rows], Y[rows]
            r = w * x + b - y
            w, b = w - 0.05 * 2 * (r @ x) / size, b - 0.05 * 2 * r.sum() / size
        times.append((time.perf_counter() - before) / 60)
    return float(np.median(times))


@lru_cache(maxsize=64)
def moments(size, seed, in_order, updates):
    """Means of x², x, xy and y over the rows of each update, (updates, 4), as `batches` draws them.

    in_order: the rows by flipper length, the same in every epoch. They are all a line's gradient
    needs: an update then costs the same for 1 row and for 333.
    """
    epochs = -(-updates // updates_an_epoch(size))
    if size == N:  # in whatever order
        return np.tile(_means(np.arange(N), [0]), (updates, 1))
    if in_order:
        rows = np.tile(SORTED, epochs)
    else:
        rng = np.random.default_rng(seed)
        rows = np.concatenate([rng.permutation(N) for _ in range(max(1, epochs))])
    starts = (N * np.arange(epochs)[:, None] + np.arange(0, N, size)).ravel()
    return _means(rows, starts)[:updates]


def _means(rows, starts, x=X, y=Y):
    x, y = x[rows], y[rows]
    counts = np.diff([*starts, len(rows)])
    sums = [np.add.reduceat(each, starts) for each in (x * x, x, x * y, y)]
    return np.stack(sums, axis=1) / counts[:, None]


def followed(parts, lr, w, b):
    """The path (updates + 1, 2) of descent along the gradients of these `moments`."""
    path = [(w, b)]
    for xx, x, xy, y in parts.tolist():
        w, b = w - lr * 2 * (xx * w + x * b - xy), b - lr * 2 * (x * w + b - y)
        path.append((w, b))
    return np.array(path)


@np.errstate(over="ignore", invalid="ignore")
def excess(path):
    """The loss above the best: both curvatures are 2 and the axes are those of the bowl."""
    return ((path - BEST) ** 2).sum(axis=-1)


def framed(done):
    """Which update is drawn at each point of each frame (frames, most in a frame), repeated."""
    most = max(1, int(np.diff(done).max()))
    before = np.concatenate([[0], done[:-1]])
    return np.minimum(before[:, None] + 1 + np.arange(most), done[:, None])


def in_grams(path):
    """The lines in mm and g, by their two ends: (n, 2) → (n, 2, 2)."""
    ends = np.array([168.0, 235.0])
    z = (ends - FLIPPER.mean()) / FLIPPER.std()
    with np.errstate(over="ignore", invalid="ignore"):
        heights = MASS.mean() + MASS.std() * (path[:, :1] * z + path[:, 1:])
        heights = np.clip(np.nan_to_num(heights, nan=1e5), -1e5, 1e5)
    return np.stack([np.broadcast_to(ends, heights.shape), heights], axis=-1)


def spread(size, start):
    """σ of the slope in w over single rows, and its spread over batches drawn without repeats."""
    slopes = 2 * (start[0] * X + start[1] - Y) * X
    sigma = float(slopes.std(ddof=1))
    return sigma, sigma / size**0.5 * (1 - size / N) ** 0.5


def spread_formula(size, start):
    sigma, batch = spread(size, start)
    numbers = f"{sigma:.2f}/√{size} · √(1 − {size}/{N}) = {batch:.2f}"
    return (
        f"Spread of the slope in *w*: σ/√*B* · √(1 − *B*/*n*) = {numbers}",
        f"Spread: {numbers}",
        f"{numbers}",
    )


def describe(values, runs):
    """What an epoch is at this batch size, and how far above the best loss each descent ends."""
    size, axis = values["size"], values["axis"]
    epoch, last = updates_an_epoch(size), N % size
    if size == N:
        what = "one update an epoch, with all rows: batch descent"
    elif size == 1:
        what = f"{epoch} updates an epoch, with one row each: stochastic descent"
    else:
        what = f"{epoch} updates an epoch, the last with {plural(last, 'row')}"
    if values["order"] == "sorted":
        what += ", from short flippers to long ones every time"
    same = {
        "updates": f"After {UPDATES} updates",
        "examples": f"After {EPOCHS * N:,} examples",
        "seconds": "In the same time, measured on this machine,",
    }[axis]
    ends = [
        f"{_height(above[done[-1]])} with {name} ("
        + (f"{seen(rows, int(done[-1])):,} examples" if axis == "updates" else f"{done[-1]:,}")
        + (" updates)" if axis != "updates" and name == NAMES[0] else ")")
        for name, (rows, done, above) in zip(NAMES, runs, strict=True)
    ]
    return (
        f"Batch size {size}, step size {step_size(values['lr'])}: {what}. {same} the loss is above "
        f"the best by {ends[0]}, {ends[1]}, {ends[2]}."
    )


def _height(above):
    if not above < 1e6:
        return "more than a million"
    return f"{above:.2g}" if above >= 1e-9 else "less than 1e-9"


class MyBatches(Mine):
    """A descent along a learner's minibatches, and whether they hold every row once an epoch."""

    def __init__(self, fn):
        super().__init__(fn)
        self.known = {}

    def on(self, ax, palette):
        super().on(ax, palette)
        self.line.set(markersize=5, markeredgewidth=1.2, linewidth=0.8)
        return self

    def update(self, values, updates):
        self.line.set_data([], [])
        if self.fn is None:
            return ""
        key = values["size"], values["seed"], values["order"], updates
        if key not in self.known:
            if len(self.known) >= 32:
                self.known.clear()
            self.known[key] = self._taken(*key)
        parts, said = self.known[key]
        if parts is not None:
            path = followed(parts, values["lr"], values["w"], values["b"])
            few = path[:: max(1, len(path) // 30)]  # a cross for each update would be a blot
            self.line.set_data(*in_sight(few, self.ax).T)
        return said

    def _taken(self, size, seed, order, updates):
        """Moments of the learner's batches, or None, and a sentence about them."""
        rows = SORTED if order == "sorted" else np.arange(N)
        x, y, rng = X[rows], Y[rows], np.random.default_rng(seed)
        epochs = max(2, -(-updates // updates_an_epoch(size)))
        taken, why = self._found(lambda: _drawn(self.fn, x, y, size, rng, epochs))
        if why or isinstance(taken, str):
            return None, f" Your path is not drawn: {why or taken}."
        flat = [batch for epoch in taken for batch in epoch]
        starts = np.cumsum([0, *(len(b) for _, b in flat[:-1])])
        all_x, all_y = (np.concatenate(part) for part in zip(*flat, strict=True))
        parts = _means(np.arange(len(all_x)), starts, all_x, all_y)[:updates]
        return parts, f" Your batches, the crosses: {judged(taken, x, y, size)}."


def _drawn(minibatches, x, y, size, rng, epochs):
    """For each epoch the batches (x, y) a learner's function gives; a sentence where it fails."""
    taken = []
    for _ in range(epochs):
        given = minibatches(x[:, None].copy(), y.copy(), size, rng)
        if given is None:
            return "nothing came back, or no batches to draw"
        batches = []
        for batch in given:
            if not isinstance(batch, (tuple, list)) or len(batch) != 2:
                return "what came is no pair (X_b, y_b)"
            one, other = numbers(batch[0]), numbers(batch[1])
            if one is None or other is None or one.size != other.size or not one.size:
                return "a batch has not as many rows of X as of y, or none"
            batches.append((one.ravel(), other.ravel()))
            if len(batches) > 3 * N:
                return "an epoch has no end"
        if not batches:
            return "no batches came back"
        taken.append(batches)
    return taken


def judged(epochs, x, y, size):
    """What a learner's epochs hold of the rows, in a few words."""
    whole, orders = Counter(zip(x.tolist(), y.tolist(), strict=True)), set()
    for batches in epochs:
        xs, ys = (np.concatenate(part) for part in zip(*batches, strict=True))
        pairs = list(zip(xs.tolist(), ys.tolist(), strict=True))
        orders.add(tuple(pairs))
        found = Counter(pairs)
        if found == whole:
            continue
        if Counter(xs.tolist()) == Counter(x.tolist()) and sorted(ys) == sorted(y):
            return "a flipper meets the mass of another penguin, X and y are shuffled apart"
        once = sum((found & whole).values())
        twice = len(pairs) - once
        more = f", and {twice} that come again or are none of ours" if twice else ""
        return f"{once} of the {N} rows in an epoch{more}"
    sizes = [len(b) for _, b in epochs[0]]
    if sizes != [min(size, N - at) for at in range(0, N, size)]:
        return f"every row once in each epoch, in batches that are not of {plural(size, 'row')}"
    if len(orders) == 1 and size < N:
        return "every row once in each epoch, and in the same order every time"
    return "every row once in each epoch"
