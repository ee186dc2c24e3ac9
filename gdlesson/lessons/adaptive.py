"""Room of lesson 11: why one step size for all coordinates."""

import inspect

import numpy as np

from ..controls import choice, dragged, slider, stops
from ..descent import descend
from ..exercise import Convention, Exercise, Mistake
from ..explorer import Explorer
from ..live import Handle
from ..mine import Mine
from ..optimizers import AdaDelta, AdaGrad, GradientDescent, RMSProp, from_function
from ..prediction import Prediction
from ..probes import Steps
from ..saying import vector
from ..surfaces import quadratic
from ..views import SMALL, Boxes, Contours, Formula, LossDuel, axes_at

STEPS = 60
CURVATURES = (1.0, 25.0)
RATES = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0)
METHODS = {
    "descent": lambda lr, rho: GradientDescent(lr),
    "AdaGrad": lambda lr, rho: AdaGrad(lr),
    "RMSProp": lambda lr, rho: RMSProp(lr, rho),
    "AdaDelta": lambda lr, rho: AdaDelta(lr, rho),
}
TURNS = {"straight": 0.0, "turned by 45°": np.pi / 4}
BEST = 2 / sum(CURVATURES)  # of plain descent

first_question = Prediction(
    question=(
        "The ball stands at (2, 1) in a valley with curvatures 1 and 25: the gradient is (2, 25). "
        "AdaGrad divides the step of each coordinate by the size of the gradients that coordinate "
        "has seen so far. Which coordinate moves farther in the first step?"
    ),
    choices=(
        "w₂, about 12 times as far: its gradient is 12.5 times as large.",
        "w₁: its gradient is divided by less.",
        "Both as far.",
    ),
    answer="Both as far.",
    because=(
        "So far each coordinate has seen one gradient, its own, and g divided by its own size is 1 "
        "or −1. The first step is lr in every coordinate."
    ),
    about={"method": "AdaGrad", "turn": "straight"},
)


class Adaptive(Explorer):
    """A step size for each coordinate: squares whose side is √s, and the step sizes over time."""

    height, narrow_height = 470, 900
    main = "lr"
    redraws = ("turn",)
    hidden = ("u1", "u2")

    def __init__(self, after=None, mine=None, **values):
        self.mine = Mine(mine)
        super().__init__(after, **values)

    def make_controls(self):
        return {
            "method": choice(METHODS, "AdaGrad"),
            "turn": choice(TURNS, description="valley"),
            "rho": slider("ρ", 0.9, 0.5, 0.99, width=260),
            "lr": stops("step size lr", RATES, 0.5),
            **dragged(2.5, u1=2.0, u2=1.0),
        }

    def draw(self, figure, palette, values):
        left, gap, top = 46, 60, 72
        room = self.width - left - 18
        half = room if self.narrow else (room - gap) // 2
        across, down = (left, top + 424) if self.narrow else (left + half + gap, top)
        surface = self.surface = valley(values["turn"])
        land = axes_at(figure, left, top, half, 340, palette, "w₁", "w₂")
        boxes = axes_at(figure, across, down + 80, 150, 70, palette, "", "√s, as a side")
        sizes = axes_at(
            figure, across + 206, down, half - 206, 150, palette, "step", "step size, log scale"
        )
        loss = axes_at(figure, across, down + 234, half, 106, palette, "step", "loss, log scale")
        self.land = Contours(land, surface, palette)
        self.boxes = Boxes(boxes, ("w₁", "w₂"), palette, largest=1.0)
        boxes.set_yticks([])
        sizes.set(xlim=(-1, STEPS + 1), yscale="log", ylim=(1e-4, 10), yticks=[1e-3, 1e-1, 10])
        sizes.minorticks_off()
        sizes.grid(axis="y", color=palette.faint, alpha=0.25, lw=0.6)
        styles = (("w₁", palette.path, "-"), ("w₂", palette.ball, "--"))
        self.sizes = [
            sizes.plot([], [], dash, color=colour, lw=2, label=name)[0]
            for name, colour, dash in styles
        ]
        sizes.legend(
            loc="lower left", ncols=2, frameon=False, fontsize=SMALL, labelcolor=palette.ink,
            handlelength=1.6, columnspacing=0.8,
        )  # fmt: skip
        self.moving, self.grows = self.sizes, dict.fromkeys(self.sizes, 1)
        self.losses = LossDuel(loss, STEPS, palette, ("plain descent, its best", "this"))
        self.formula = Formula(land, (0, -60), room, palette)
        mine = self.mine.on(land, palette)
        views = [self.land, self.boxes, self, self.losses, self.formula, mine]
        return views, [Handle(self.land.trail.ball, self.drag, "start")]

    def idle(self, values):
        return () if values["method"] in ("RMSProp", "AdaDelta") else ("rho",)

    def drag(self, x, y):
        u = turned(-TURNS[self.controls["turn"].value]) @ np.array([x, y])
        u = np.clip(u, -2.5, 2.5)
        self.set(u1=round(float(u[0]), 2), u2=round(float(u[1]), 2))

    def show(self, values):
        method, lr, rho = values["method"], values["lr"], values["rho"]
        start = turned(TURNS[values["turn"]]) @ np.array([values["u1"], values["u2"]])
        start = np.clip(start, -2.5, 2.5)  # a corner of the straight valley is outside when turned
        path = self.path = descend(self.surface, METHODS[method](lr, rho), start, STEPS)
        plain = descend(self.surface, GradientDescent(BEST), start, STEPS)
        self.land.update(path)
        with np.errstate(all="ignore"):
            roots = np.sqrt(memory(method, path.g, rho))
            largest = np.nanmax(np.where(np.isfinite(roots), roots, 0)) or 1.0
            self.boxes.update(np.nan_to_num(roots / largest))
            sizes = effective(path)
        for line, size in zip(self.sizes, sizes.T, strict=True):
            seen = np.logical_and.accumulate(np.isfinite(size) & (size > 0))
            line.set_data(np.flatnonzero(seen), size[seen])
        self.losses.update(plain.loss, path.loss)
        self.formula.update(*first_step(path, method, lr, rho))
        mine = self.mine.update(lambda fn: _yours(fn, self.surface, start, lr, rho), path.w)
        return describe(values, path, plain, sizes) + mine

    def each_step(self):
        """w and the loss after every step."""
        said = "Step {step} of {steps}: w = ({0}, {1}), loss {2:g}."
        return said, np.column_stack([self.path.w, self.path.loss])


def explore(after=None, mine=None, **values):
    """The explorer of lesson 11.

    after: a Prediction to answer or skip first. mine: your adagrad_step(w, s, g, lr, eps) or
    rmsprop_step(w, s, g, lr, rho, eps), whose path is drawn beside the package's. values: controls
    to begin with, by name; u1 and u2 are the start along and across the valley.
    """
    return Adaptive(after, mine, **values)


def _yours(fn, surface, start, lr, rho):
    """The path of a learner's rule, told by its parameters; None where nothing comes back."""
    names = inspect.signature(fn).parameters
    hyper = {name: value for name, value in (("lr", lr), ("rho", rho)) if name in names}
    given = {"w": start.copy(), "s": np.zeros(2), "g": surface.grad(start), "eps": 1e-8, **hyper}
    if set(names) <= set(given) and fn(*(given[name] for name in names)) is None:
        return None
    return descend(surface, from_function(fn, **hyper), start, STEPS).w


def turned(angle):
    """The matrix (2, 2) that turns a point by this angle, counter-clockwise."""
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def valley(turn):
    """The long valley, along the axes or turned; its start turns with it."""
    angle = TURNS[turn]
    return quadratic(CURVATURES, angle, start=turned(angle) @ [2.0, 1.0])


def memory(method, g, rho):
    """What s is after each step, from the gradients g (steps, d); 0 for plain descent."""
    if method == "descent":
        return np.zeros_like(g)
    if method == "AdaGrad":
        return np.cumsum(g**2, axis=0)
    s, now = np.empty_like(g), np.zeros(g.shape[1])
    for t, square in enumerate(g**2):
        now = s[t] = rho * now + (1 - rho) * square
    return s


def effective(path):
    """The step size of each coordinate at each step, (steps, d): its step divided by its slope."""
    with np.errstate(all="ignore"):
        return np.where(path.g != 0, -np.diff(path.w, axis=0) / path.g, np.nan)


def first_step(path, method, lr, rho):
    """The first step of w₂ with its numbers; and shorter."""
    g, old, new = (vector(v[-1:]) for v in (path.g[0], path.w[0], path.w[1]))
    g = f"({g})" if g.startswith("−") else g
    under = {
        "descent": "", "AdaGrad": f" / √({g}²)", "RMSProp": f" / √({1 - rho:.2g} · {g}²)",
        "AdaDelta": f" · √1e-6 / √({1 - rho:.2g} · {g}²)",
    }[method]  # fmt: skip
    if not path.g[0, -1]:
        under = ""
    numbers = f"{old} − {lr:g} · {g}{under} = {new}"
    return f"First step: *w*₂ ← {numbers}", f"*w*₂ ← {numbers}"


def describe(values, path, plain, sizes):
    """What the step sizes of the coordinates have become, and what that brought."""
    name = f"{values['method'].capitalize() if values['method'] == 'descent' else values['method']}"
    name = f"{name} with step size {values['lr']:g}"
    if not path.start.any():
        return "The start is the minimum: the gradient is 0 there, and no step moves it."
    if not np.isfinite(path.loss[-1]) or path.loss[-1] > 1e6:
        return f"{name}: diverges. 2/L = 0.08 is the border for every coordinate at once."
    last = [column[np.isfinite(column)] for column in sizes.T]
    told = " and ".join(
        f"{size[-1]:.2g}" if size.size else "open, for want of a slope" for size in last
    )
    ends = f"After {STEPS} steps the loss is {small(path.loss[-1])}"
    beside = f"plain descent at its best step size is at {small(plain.loss[-1])}."
    if values["method"] == "descent":
        return f"{name}: one step size for both coordinates. {ends}; {beside}"
    turn = " The valley is turned, so both coordinates see the steep slope." * (
        values["turn"] != "straight"
    )
    return f"{name}: the coordinates' own step sizes are now {told}. {ends}; {beside}{turn}"


def small(loss):
    """A loss in two digits, and what is smaller than any of interest as that."""
    return f"{loss:.2g}" if loss > 1e-12 else "below 1e-12"


# --- exercises: the references first, then what goes wrong


def adagrad_step(w, s, g, lr, eps):
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + eps), s


def rmsprop_step(w, s, g, lr, rho, eps):
    s = rho * s + (1 - rho) * g**2
    return w - lr * g / (np.sqrt(s) + eps), s


GRADIENTS = [
    np.array([2.0, -30.0, 0.01, 0.0, 500.0]),
    np.array([1.5, 20.0, -0.02, 0.0, 0.0]),
    np.array([-0.4, 1e-8, 3e-8, 0.0, 0.0]),
    np.array([0.7, -30.0, 0.01, 0.0, 1e-8]),
]


def adagrad_probes():
    w = np.array([1.0, 30.0, 0.01, 2.0, -1.0])
    return [
        Steps((np.array([1.0]), np.zeros(1)), [(np.array([4.0]), 0.1, 1e-8)] * 3),
        Steps(
            (w, np.zeros(5)),
            [(g, lr, 1e-8) for g, lr in zip(GRADIENTS, (0.1, 0.1, 0.02, 0.5), strict=True)],
        ),
        Steps((w, np.zeros(5)), [(g, 0.3, 0.1) for g in GRADIENTS]),
        Steps((np.array([0.5, 0.7]), np.zeros(2)), [(np.array([1e-8, -3e-9]), 0.1, 1e-8)] * 2),
        Steps((np.array([3, -2]), np.array([4, 1])), [(np.array([1, 5]), 0.25, 0.01)]),
    ]


def _rmsprop_probes():
    w = np.array([1.0, 30.0, 0.01, 2.0, -1.0])
    return [
        Steps((np.array([1.0]), np.zeros(1)), [(np.array([4.0]), 0.1, 0.9, 1e-8)] * 3),
        Steps(
            (w, np.zeros(5)),
            [(g, lr, 0.8, 1e-8) for g, lr in zip(GRADIENTS, (0.1, 0.1, 0.02, 0.5), strict=True)],
        ),
        Steps((w, np.zeros(5)), [(g, 0.3, 0.95, 0.1) for g in GRADIENTS]),
        Steps((np.array([0.5, 0.7]), np.zeros(2)), [(np.array([1e-8, -3e-9]), 0.1, 0.9, 1e-8)] * 2),
        Steps((np.array([3, -2]), np.array([4, 1])), [(np.array([1, 5]), 0.25, 0.7, 0.01)]),
    ]


def _root(s, eps):
    return np.sqrt(s) + eps


def of_adagrad(memory=lambda s, g: s + g**2, scale=_root, step=None):
    """memory(s, g) → s; scale(s, eps) → what g is divided by; step(w, g, s, old, lr, eps) → w."""

    def form(w, s, g, lr, eps):
        new = memory(s, g)
        if step is not None:
            return step(w, g, new, s, lr, eps), new
        return w - lr * g / scale(new, eps), new

    return form


def _of_rmsprop(memory=None, scale=_root, step=None):
    def form(w, s, g, lr, rho, eps):
        new = rho * s + (1 - rho) * g**2 if memory is None else memory(s, g, rho)
        if step is not None:
            return step(w, g, new, s, lr, eps), new
        return w - lr * g / scale(new, eps), new

    return form


def shared(of):
    """What goes wrong in the step of AdaGrad goes wrong in RMSProp's in the same way."""
    return [
        Convention(
            "epsilon inside the root",
            of(scale=lambda s, eps: np.sqrt(s + eps)),
            "Your ε is inside the root, as in Keras and optax: not wrong, but there ε = 1e-8 acts "
            "like 1e-4 outside, and holds back small gradients. Ours is added after the root: "
            "√s + ε.",
        ),
        Mistake(
            "epsilon outside the brackets",
            (
                of(step=lambda w, g, s, old, lr, eps: w - lr * g / np.sqrt(s) + eps),
                of(step=lambda w, g, s, old, lr, eps: w - lr * (g / np.sqrt(s) + eps)),
                of(step=lambda w, g, s, old, lr, eps: w - (lr * g / np.sqrt(s) - eps)),
                of(step=lambda w, g, s, old, lr, eps: w - lr / np.sqrt(s) + eps * g),
            ),
            "A division binds before a sum: ε does not get below the line, and where every "
            "gradient was 0 there is still a division by 0. What should ε keep from being 0?",
        ),
        Mistake(
            "no epsilon",
            of(scale=lambda s, eps: np.sqrt(s)),
            "Right until a coordinate has seen nothing but 0: there 0/0 is nan, for good. What "
            "does ε do, and where?",
        ),
        Mistake(
            "epsilon is not used",
            tuple(of(scale=lambda s, eps, k=k: np.sqrt(s) + k) for k in (1e-8, 1e-7, 1e-10, 1e-6)),
            "Your ε is always the same, whichever is passed in: with {given} you get {got}, not "
            "{expected}. Which number stands where it belongs?",
        ),
        Mistake(
            "times epsilon",
            of(scale=lambda s, eps: np.sqrt(s) * eps),
            "The root is multiplied by ε, so a tiny ε makes a huge step. It should hardly be felt "
            "but where the root is 0: how does it join it?",
        ),
        Mistake(
            "the point is divided",
            of(step=lambda w, g, s, old, lr, eps: (w - lr * g) / (np.sqrt(s) + eps)),
            "The point is divided along with the step, so w shrinks where gradients were steep. "
            "What belongs above the line?",
        ),
        Mistake(
            "the gradient squared in the step",
            of(step=lambda w, g, s, old, lr, eps: w - lr * g**2 / (np.sqrt(s) + eps)),
            "The square goes into the memory alone. In the step it has no sign, and the ball goes "
            "left on both sides of the valley; what should stand above the line?",
        ),
        Mistake(
            "no root",
            (
                of(scale=lambda s, eps: s + eps),
                of(scale=lambda s, eps: s**2 + eps),
            ),
            "The gradient is divided by squares: a gradient ten times larger makes a step ten "
            "times shorter. What brings s back to the unit of a gradient?",
        ),
        Mistake(
            "uphill",
            of(step=lambda w, g, s, old, lr, eps: w + lr * g / (np.sqrt(s) + eps)),
            "Your step goes uphill. The gradient points where the loss grows; which way should w "
            "go?",
        ),
        Mistake(
            "not divided",
            (
                of(step=lambda w, g, s, old, lr, eps: w - lr * g),
                of(step=lambda w, g, s, old, lr, eps: w - lr * g * (np.sqrt(s) + eps)),
            ),
            "s is kept and does not shorten the step: steep coordinates go as far as ever. What "
            "should each coordinate's step be divided by?",
        ),
        Mistake(
            "no gradient in the step",
            of(step=lambda w, g, s, old, lr, eps: w - lr / (np.sqrt(s) + eps)),
            "lr/(√s + ε) is the step size that each coordinate has, and a step is that times "
            "something. Which way is down, and how steep?",
        ),
        Mistake(
            "no lr",
            of(step=lambda w, g, s, old, lr, eps: w - g / (np.sqrt(s) + eps)),
            "The memory is right and the step ignores lr. Where does it enter?",
        ),
        Mistake(
            "the old memory",
            (of(step=lambda w, g, s, old, lr, eps: w - lr * g / (np.sqrt(old) + eps)),),
            "The step is divided by the memory from before: at the first step that is 0, and the "
            "ball leaps by lr·g/ε. Which of your two lines should come first?",
        ),
        Mistake(
            "one number for all",
            (
                of(scale=lambda s, eps: np.sqrt(np.sum(s)) + eps),
                of(scale=lambda s, eps: np.sqrt(np.mean(s)) + eps),
                of(scale=lambda s, eps: np.sqrt(np.max(s)) + eps),
                of(scale=lambda s, eps: np.linalg.norm(s) + eps),
            ),
            "Right for one coordinate. With several you divide all by the same number, and the "
            "steep ones slow down the flat ones again. Whose memory is each entry of s?",
        ),
        Mistake(
            "the root is stored",
            (
                lambda *a: (of()(*a)[0], np.sqrt(of()(*a)[1])),
                lambda *a: (of()(*a)[0], np.sqrt(of()(*a)[1]) + a[-1]),
            ),
            "The step is right, and what you hand back as s is its root already: the next step "
            "adds a square to it. What should be remembered, and what only used?",
        ),
        Mistake(
            "the memory is not kept",
            (
                lambda *a: (of()(*a)[0], a[1]),
                lambda *a: (of()(*a)[0], a[2] ** 2),
            ),
            "The first step is right, then it forgets: the s you hand back does not hold what was "
            "seen before. What should the next step begin with?",
        ),
        Mistake(
            "the step, not the point",
            of(step=lambda w, g, s, old, lr, eps: lr * g / (np.sqrt(s) + eps)),
            "The first value is the step. Where is w after it?",
        ),
        Mistake(
            "maximum for epsilon",
            of(scale=lambda s, eps: np.maximum(np.sqrt(s), eps)),
            "ε as a floor, max(√s, ε): it keeps 0/0 away and is another rule. For gradients as "
            "small as ε yours steps up to twice as far. Ours adds it.",
        ),
    ]


ADAGRAD_MISTAKES = [
    *shared(of_adagrad),
    Mistake(
        "no accumulation",
        of_adagrad(lambda s, g: g**2),
        "Your s holds the last gradient alone, so every step is lr long whatever came before. "
        "AdaGrad remembers all of them: what is added to what?",
    ),
    Mistake(
        "no square",
        (of_adagrad(lambda s, g: s + g), of_adagrad(lambda s, g: s + np.abs(g))),
        "Gradients are added up as they are: opposite signs cancel, or their sizes count without "
        "the square. What is always above 0 and has a root that is a size again?",
    ),
    Mistake(
        "averaged",
        (
            of_adagrad(lambda s, g: 0.9 * s + 0.1 * g**2),
            of_adagrad(lambda s, g: 0.9 * s + g**2),
            of_adagrad(lambda s, g: (s + g**2) / 2),
        ),
        "Your s forgets: that is RMSProp, the next exercise. AdaGrad's s only grows.",
    ),
    Mistake(
        "a sum over coordinates",
        (of_adagrad(lambda s, g: s + np.sum(g**2)), of_adagrad(lambda s, g: s + np.dot(g, g))),
        "All coordinates remember the same: g·g is one number, the squared length. Whose square "
        "belongs to which coordinate?",
    ),
]

RMSPROP_MISTAKES = [
    *shared(_of_rmsprop),
    Mistake(
        "rho and 1 − rho swapped",
        _of_rmsprop(lambda s, g, rho: (1 - rho) * s + rho * g**2),
        "ρ and 1 − ρ have changed places: at 0.9 your s forgets nine tenths at each step. Which "
        "share belongs to the past?",
    ),
    Mistake(
        "no 1 − rho",
        _of_rmsprop(lambda s, g, rho: rho * s + g**2),
        "The shares do not add up to 1: for a constant gradient s grows to g²/(1 − ρ), and steps "
        "are shorter than lr. What share should the new square have?",
    ),
    Mistake(
        "rho on both",
        _of_rmsprop(lambda s, g, rho: rho * (s + g**2)),
        "ρ takes its share of the new square too, and the two shares do not add up to 1. Which "
        "share is left for the new one?",
    ),
    Mistake(
        "rho is not used",
        tuple(_of_rmsprop(lambda s, g, rho, k=k: k * s + (1 - k) * g**2) for k in (0.9, 0.99)),
        "Your s forgets at the same rate whatever ρ is: with {given} you get {got}, not "
        "{expected}. Which numbers stand where ρ and 1 − ρ belong?",
    ),
    Mistake(
        "AdaGrad's sum",
        (
            _of_rmsprop(lambda s, g, rho: s + g**2),
            _of_rmsprop(lambda s, g, rho: s + (1 - rho) * g**2),
        ),
        "Nothing is ever forgotten: that is AdaGrad, whose steps shrink for ever. Which share of "
        "the old s is left?",
    ),
    Mistake(
        "no square",
        (
            _of_rmsprop(lambda s, g, rho: rho * s + (1 - rho) * g),
            _of_rmsprop(lambda s, g, rho: rho * s + (1 - rho) * np.abs(g)),
        ),
        "Gradients are averaged as they are: opposite signs cancel, and the root may be of a "
        "number below 0. What is always above 0?",
    ),
    Mistake(
        "no memory",
        (
            _of_rmsprop(lambda s, g, rho: g**2),
            _of_rmsprop(lambda s, g, rho: (1 - rho) * g**2),
        ),
        "Your s holds the last gradient alone. An average over steps keeps a share of what it "
        "was: which letter of the signature says how much?",
    ),
    Mistake(
        "the square of the average",
        (
            _of_rmsprop(lambda s, g, rho: (rho * s + (1 - rho) * g) ** 2),
            _of_rmsprop(lambda s, g, rho: rho * s + ((1 - rho) * g) ** 2),
        ),
        "The share is squared along with the gradient: 0.1 becomes 0.01. What belongs inside the "
        "square?",
    ),
    Mistake(
        "a sum over coordinates",
        (
            _of_rmsprop(lambda s, g, rho: rho * s + (1 - rho) * np.sum(g**2)),
            _of_rmsprop(lambda s, g, rho: rho * s + (1 - rho) * np.mean(g**2)),
        ),
        "All coordinates remember the same number. Whose square belongs to which coordinate?",
    ),
]

EXERCISES = [
    Exercise(
        name="adagrad_step",
        signature="adagrad_step(w, s, g, lr, eps)",
        reference=adagrad_step,
        mistakes=ADAGRAD_MISTAKES,
        probes=adagrad_probes,
        hints=[
            "Each coordinate keeps the sum of its own squared gradients in s.",
            "Add g² to s first. The root of s has the unit of a gradient.",
            "The step is lr · g over (√s + ε), ε after the root; return w and s.",
        ],
        returns=("w", "s"),
    ),
    Exercise(
        name="rmsprop_step",
        signature="rmsprop_step(w, s, g, lr, rho, eps)",
        reference=rmsprop_step,
        mistakes=RMSPROP_MISTAKES,
        probes=_rmsprop_probes,
        hints=[
            "AdaGrad with one line changed: s is an average that forgets, not a sum.",
            "The share ρ of the old s is left, and the share 1 − ρ of the new square comes in.",
            "Then the step as before: lr · g over (√s + ε).",
        ],
        returns=("w", "s"),
    ),
]
