"""Room of lesson 06: what happens when we look at one example at a time."""

import re
from functools import lru_cache

import numpy as np

from ..datasets import penguins, standardise
from ..formatting import percent, step_size, vector
from ..live.controls import choice, dragged, integers, stops
from ..live.figure import Handle
from ..live.prediction import Prediction
from ..problems import LinearRegression
from ..schedules import constant, cosine_decay, inverse_decay, step_decay
from ..surfaces import Surface
from ..views import SMALL, NoisyLoss, RunCloud, StepCloud, StepSizes, axes_at
from .legacy import Formula, LegacyExplorer, Mine

PENGUINS = penguins()
X = standardise(PENGUINS["flipper_length_mm"])[0]
Y = standardise(PENGUINS["body_mass_g"])[0]
LINE = LinearRegression(X, Y)
BEST = LINE.closed_form()
N, PASSES, RUNS = len(X), 3, 20
UPDATES = PASSES * N
STEP_SIZES = (
    0.001, 0.002, 0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3,
    0.4, 0.5,
)  # fmt: skip
SCHEDULES = {  # name → step size at update t
    "constant": constant,
    "÷10 each pass": lambda lr, t: step_decay(lr, t, 0.1, N),
    "1/t": lambda lr, t: inverse_decay(lr, t, 20),
    "cosine": lambda lr, t: cosine_decay(lr, t, UPDATES),
    "÷2 each 5": lambda lr, t: step_decay(lr, t, 0.5, 5),
}
HEARD = (*range(1, 10), *range(10, 30, 2), *range(30, 100, 5), *range(100, N, 20), N)
CLOUD = 0.15  # the step size of the arrows in the cloud
COLOURS = 20  # of a still: a notebook stays small
ORDERS = ("shuffled", "as in the file")
BORDER = 0.3487  # above it the noise grows from update to update; a test computes it

settle_question = Prediction(
    question=(
        "333 penguins, standardised, and a line that starts at w = 0, b = 0. Each update looks at "
        "one penguin only, with step size 0.05. After 999 updates, three passes over the data: "
        "where are 20 such runs, each with an order of its own?"
    ),
    choices=(
        "All at the best line, to many digits.",
        "In a cloud around the best line, each still jumping about.",
        "Anywhere: one penguin says too little.",
        "Still near the start: one penguin moves the line too little.",
    ),
    answer="In a cloud around the best line, each still jumping about.",
    because=(
        "Each penguin pulls the line towards itself, and at the best line the pulls cancel only on "
        "average. The runs arrive soon, and then no step size above 0 lets them rest."
    ),
    about={"lr": 0.05, "schedule": "constant", "order": "shuffled"},
)


class Stochastic(LegacyExplorer):
    """Twenty runs of descent by single examples at once, their loss, and their noise floor."""

    height, narrow_height = 412, 822
    primary = "lr"
    picture_only = ("w", "b")

    def __init__(self, after=None, mine=None, **values):
        self.mine = Mine(mine, "epochs")
        super().__init__(after, **values)
        self.live.colours = COLOURS

    def make_controls(self):
        return {
            "schedule": choice(SCHEDULES, description="step size"),
            "order": choice(ORDERS, description="order"),
            "seed": integers("seed", 0, 0, 50, width=230),
            "lr": stops("step size lr (at the start)", STEP_SIZES, 0.05),
            **dragged(2.0, w=0.0, b=0.0),
        }

    def draw(self, figure, palette, values):
        left, gap, top, high = 46, 62, 72, 290
        room = self.width - left - 18
        half = room if self.narrow else (room - gap) // 2
        across, down = (left, top + high + 96) if self.narrow else (left + half + gap, top + 22)
        reach = 1.15 * half / high
        middle = 0.5
        surface = Surface(
            "penguins", LINE.f, LINE.grad, ((middle - reach, middle + reach), (-1.15, 1.15)),
            BEST[None], np.zeros(2), "lesson 05",
        )  # fmt: skip
        land = axes_at(figure, left, top, half, high, palette, "w, standardised", "b")
        loss = axes_at(
            figure, across, down, half, 152, palette, "", "loss above the best, log scale"
        )
        sizes = axes_at(
            figure, across, down + 208, half, 60, palette,
            f"update ({N} are one pass over the data)", "step size, log scale",
        )  # fmt: skip
        self.swarm = RunCloud(land, surface, palette, RUNS)
        self.loss = NoisyLoss(loss, UPDATES, palette, RUNS)
        self.sizes = StepSizes(sizes, UPDATES, palette)
        self.formula = Formula(land, (0, -60), room, palette)
        mine = self.mine.on(land, palette)
        views = [self.swarm, self.loss, self.sizes, self.formula, mine]
        return views, [Handle(self.swarm.trail.ball, self.drag, "start, its w and b")]

    def drag(self, w, b):
        w, b = np.clip([w, b], -2, 2)
        self.set(w=round(float(w), 2), b=round(float(b), 2))

    def show(self, values):
        seed, start = values["seed"], (values["w"], values["b"])
        schedule = SCHEDULES[values["schedule"]]
        sizes = schedule(values["lr"], np.arange(UPDATES))
        rows = orders(seed) if values["order"] == "shuffled" else FILED
        self.runs = one_by_one(X[rows], Y[rows], start, sizes)
        batch = in_batches(start, schedule(values["lr"], N * np.arange(PASSES)))
        above = above_best(self.runs)
        self.one = np.column_stack([self.runs[:, 0], above[:, 0]])
        self.swarm.update(self.runs[:, 0], self.runs[-1], batch)
        mean = above.mean(axis=1)
        at = N * np.arange(PASSES + 1)
        self.loss.update(above[:, 0], mean, noise_floor(sizes), above_best(batch), at)
        self.sizes.update(sizes)
        i = rows[0, 0]
        self.formula.update(*first_update(start, X[i], Y[i], values["lr"]))
        mine = self.mine.update(
            lambda fn: epochs(fn, start, sizes[at[:-1]], seed),
            epochs(_sgd_epoch, start, sizes[at[:-1]], seed),
        )
        mine = mine.replace("goes another way", "come from another order, or another rule")
        mine = mine.replace("epochs, the crosses, is", "epochs, the crosses, are")
        mine = mine.replace("epochs is not", "epochs are not")
        return describe(values, sizes, self.runs, mean[-1], above_best(batch)[-1]) + mine

    def each_step(self):
        """w and b of the one run after each update, and its loss above the best."""
        said = "Update {step} of {steps}: w = {0}, b = {1}, {2:g} above the best loss."
        return said, self.one


def explore(after=None, mine=None, **values):
    """The explorer of lesson 06.

    after: a Prediction to answer or skip first. mine: your sgd_epoch(w, b, x, y, lr, rng), of which
    three epochs are drawn. values: controls to begin with, by name.
    """
    return Stochastic(after, mine, **values)


class Opinions(LegacyExplorer):
    """The steps that single penguins ask for, and how near the mean of those heard comes."""

    height, narrow_height = 372, 740
    primary = "heard"
    picture_only = ("w", "b")

    def __init__(self, **values):
        super().__init__(None, **values)
        self.live.colours = COLOURS

    def make_controls(self):
        return {
            "heard": stops("penguins heard", HEARD, 20),
            "seed": integers("seed of their order", 0, 0, 50, width=300),
            **dragged(2.0, w=-0.5, b=0.8),
        }

    def buttons(self):
        best = {"w": round(float(BEST[0]), 2), "b": 0.0}
        return {"To the best line": lambda: self.set(**best)}

    def draw(self, figure, palette, values):
        left, gap, top, high = 46, 62, 50, 280
        room = self.width - left - 18
        half = room if self.narrow else (room - gap) // 2
        at = (left, top + high + 80) if self.narrow else (left + half + gap, top)
        land = axes_at(figure, left, top, half, high, palette, "w, standardised", "b")
        error = axes_at(
            figure, *at, half, high, palette, "penguins heard, log scale",
            "mean's distance from the whole gradient, log",
        )  # fmt: skip
        reach = 1.6 * half / high
        domain = ((0.4 - reach, 0.4 + reach), (-1.6, 1.6))
        surface = Surface(
            "penguins", LINE.f, LINE.grad, domain, BEST[None], np.zeros(2), "lesson 05"
        )
        self.cloud = StepCloud(land, surface, palette)
        error.set(xscale="log", yscale="log", xlim=(0.9, 400), ylim=(8e-3, 20))
        error.set_xticks([1, 10, 100, N], ["1", "10", "100", str(N)])
        error.set_yticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
        error.minorticks_off()
        error.grid(axis="y", color=palette.faint, alpha=0.25, lw=0.6)
        (self.typical,) = error.plot([], [], "--", color=palette.ink, lw=1.3, label="typical")
        (self.error,) = error.plot([], [], "-", color=palette.path, lw=1.4, label="this order")
        (self.now,) = error.plot([], [], "o", color=palette.ball, ms=10, mec=palette.paper)
        error.legend(
            loc="lower left", frameon=False, fontsize=SMALL, labelcolor=palette.ink, handlelength=2
        )
        self.moving = [self.typical, self.error, self.now]
        return [self.cloud, self], [Handle(self.cloud.ball, self.drag, "the line's w and b")]

    def drag(self, w, b):
        w, b = np.clip([w, b], -2, 2)
        self.set(w=round(float(w), 2), b=round(float(b), 2))

    def show(self, values):
        at, n = np.array([values["w"], values["b"]]), values["heard"]
        gradients = single_gradients(*at)[np.random.default_rng(values["seed"]).permutation(N)]
        whole, count = gradients.mean(axis=0), np.arange(1, N + 1)
        means = np.cumsum(gradients, axis=0) / count[:, None]
        error = np.linalg.norm(means - whole, axis=1)
        spread = np.sqrt(((gradients - whole) ** 2).sum(axis=1).mean())
        self.cloud.update(at, -CLOUD * gradients[:n], -CLOUD * whole)
        self.typical.set_data(
            count[:-1], spread * np.sqrt((N - count[:-1]) / (count[:-1] * (N - 1)))
        )
        self.error.set_data(count[:n], np.maximum(error[:n], 1e-4))
        self.now.set_data([n], [max(error[n - 1], 1e-2)])
        return opinions_said(at, n, gradients, whole, error[n - 1])


def opinions(**values):
    """The second explorer of lesson 06: single penguins' steps around the whole gradient."""
    return Opinions(**values)


def single_gradients(w, b):
    """The gradient (N, 2) of each penguin's loss r², for the line w·x + b."""
    r = w * X + b - Y
    return np.stack([2 * r * X, 2 * r], axis=1)


def opinions_said(at, n, gradients, whole, error):
    """How far the mean of those heard is from the whole gradient, and how many point uphill."""
    length = float(np.linalg.norm(whole))
    place = f"At w = {vector(at[:1])}, b = {vector(at[1:])}"
    single = float(np.linalg.norm(gradients, axis=1).mean())
    if length < 0.02:
        begin = (
            f"{place} the whole gradient is almost 0, {step_size(length)}; single ones are "
            f"{single:.2f} long on average."
        )
    else:
        uphill = int((gradients @ whole < 0).sum())
        begin = (
            f"{place} the whole gradient is {length:.2f} long, single ones {single:.2f} on "
            f"average, and {uphill} of {N} steps lead uphill."
        )
    if n == N:
        return f"{begin} The mean of all {N} is the whole gradient."
    who = "The first penguin heard" if n == 1 else f"The mean of {n} heard"
    return f"{begin} {who} is {error:.2f} off."


@lru_cache(maxsize=4)
def orders(seed):
    """The rows each run looks at, (updates, runs): each pass every row once, in a fresh order.

    The first run's are those of default_rng(seed).permutation(n), pass after pass.
    """
    first, others = np.random.default_rng(seed), np.random.default_rng((seed, 1))
    rows = np.tile(np.arange(N), (RUNS, 1))
    passes = [others.permuted(rows, axis=1) for _ in range(PASSES)]
    for each in passes:
        each[0] = first.permutation(N)
    return np.concatenate(passes, axis=1).T


FILED = np.tile(np.arange(N), PASSES)[:, None].repeat(RUNS, axis=1)


def one_by_one(x, y, start, sizes):
    """The paths (updates + 1, runs, 2) of descent by single examples, all runs at once.

    x, y: (updates, runs), the example each run looks at. sizes: (updates,), the step sizes.
    """
    path = np.empty((len(x) + 1, 2, x.shape[1]))
    path[0] = np.reshape(start, (2, 1))
    w, b = path[0]
    with np.errstate(all="ignore"):
        for t, step in enumerate(2 * sizes):
            r = w * x[t]
            r += b
            r -= y[t]
            r *= step
            w, b = np.subtract(w, r * x[t], out=path[t + 1, 0]), np.subtract(b, r, path[t + 1, 1])
    return path.transpose(0, 2, 1)


def in_batches(start, sizes):
    """The path (steps + 1, 2) of descent on all examples at once with these step sizes."""
    path = [np.array(start)]
    for lr in sizes:
        path.append(path[-1] - lr * LINE.grad(path[-1]))
    return np.array(path)


def above_best(w):
    """The loss above the best line's, (..., 2) → (...): both curvatures are 2, so |w − best|²."""
    with np.errstate(over="ignore"):
        return ((w - BEST) ** 2).sum(axis=-1)


def epochs(fn, start, sizes, seed):
    """The start and the (w, b) after each epoch of a learner's sgd_epoch; None if it gives none."""
    rng, path = np.random.default_rng(seed), [tuple(map(float, start))]
    for lr in sizes:
        after = fn(*path[-1], X.copy(), Y.copy(), float(lr), rng)
        if after is None:
            return None
        w, b = after
        path.append((w, b))
    return path


@lru_cache(maxsize=1)
def _noise():
    """Of single gradients at the best line the covariance (4,), of their curvatures E[H ⊗ H]."""
    r = LINE.A @ BEST - LINE.y
    g, H = 2 * r[:, None] * LINE.A, 2 * LINE.A[:, :, None] * LINE.A[:, None, :]
    spread = np.einsum("nij,nkl->ikjl", H, H).reshape(4, 4) / N
    return (g.T @ g / N).ravel(), spread


def noise_floor(lr):
    """Mean loss above the best where a constant step size settles, drawing at random; lr (n,).

    The spread S of the runs is where S = E[(1 − lr·H)S(1 − lr·H)] + lr²·C, with H and C the
    curvature and the covariance of single examples; nan above `BORDER`, where there is none.
    """
    C, spread = _noise()
    lr = np.asarray(lr, float)[:, None, None]
    left = 4 * np.eye(4) - lr * spread  # of both sides, divided by lr
    S = np.linalg.solve(left, lr * C[:, None])[..., 0]
    return np.where(lr[:, 0, 0] < BORDER, S[:, 0] + S[:, 3], np.nan)


def first_update(start, x, y, lr):
    """The first update of w in one run, with its numbers; and shorter."""
    w, b = start
    r = w * x + b - y
    old, new, times, at = (vector([v]) for v in (w, w - lr * 2 * r * x, r, x))
    times, at = (f"({v})" if v.startswith("−") else v for v in (times, at))
    numbers = f"{old} − {lr:g} · 2 · {times} · {at} = {new}"
    return (
        f"First update of one run: *w* ← *w* − *lr* · 2*r* · *x* = {numbers}",
        f"First update: *w* ← {numbers}",
        f"*w* ← {numbers}",
    )


def describe(values, sizes, runs, mean, batch):
    """Where the runs are after three passes, and what keeps them there."""
    lr, how = values["lr"], values["schedule"]
    ends = f"After {PASSES} passes"
    beside = f"Batch descent, {PASSES} steps in the same time, is {small(batch)} above it."
    if values["order"] != "shuffled":
        w, b = runs[-1, 0]
        return (
            f"In the file's order every pass ends with the same species, the "
            f"{PENGUINS['species'][-1]}s, and all {RUNS} runs are one. {ends} it is at "
            f"{where(w, b)}, {small(mean)} above the best loss."
        )
    rest, mean = mean, f"{ends} the {RUNS} runs are on average {small(mean)} above the best loss"
    if lr > BORDER:
        begins = "is" if how == "constant" else "begins"
        grows = "where the noise grows from update to update"
        return f"Step size {lr:g} {begins} above {BORDER:.3f}, {grows}. {mean}. {beside}"
    with np.errstate(under="ignore"):
        left = float(np.prod(1 - 2 * sizes))  # of the way, on average
    floor = small(noise_floor(sizes[-1:])[0])
    if how == "constant":
        name = f"Step size {lr:g}"
        if left > 0.05:
            return f"{name}: crawls, {percent(round(left, 3))} of the way is left. {mean}. {beside}"
        return f"{name}: does not settle. {mean}; its noise floor is {floor}. {beside}"
    name = f"Step size {lr:g} falling to {small(sizes[-1])}"
    if left > 0.05:
        share = percent(round(left, 3))
        return f"{name}: too fast, the runs freeze with {share} of the way left. {mean}. {beside}"
    floor = noise_floor([lr])[0]
    how = "settles" if rest < floor / 4 else "has not settled yet"
    return (
        f"{name}: {how}. {mean}; the step size {lr:g} kept constant has a floor of "
        f"{small(floor)}. {beside}"
    )


def where(w, b):
    return f"w = {vector([w])}, b = {vector([b])}"


def small(value):
    """0.026, 3.4e-4, 1.1e+7: two digits."""
    return re.sub(r"e([+-])0(\d)", r"e\1\2", f"{value:.2g}" if value > 1e-3 else f"{value:.1e}")


def _sgd_epoch(w, b, x, y, lr, rng):
    for i in rng.permutation(len(x)):
        r = w * x[i] + b - y[i]
        w, b = w - lr * 2 * r * x[i], b - lr * 2 * r
    return w, b
