"""Exercises of adam."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake
from ..checking.probes import Steps
from .adaptive import GRADIENTS


def adam_step(w, m, v, t, g, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def adamw_step(w, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * (m_hat / (np.sqrt(v_hat) + eps) + weight_decay * w), m, v


def adam_probes(*more):
    """Trajectories with the step counted as it should be; `more` is handed over after eps."""
    w = np.array([1.0, 30.0, 0.01, 2.0, -1.0])
    zero = (w, np.zeros(5), np.zeros(5))
    return [
        Steps(
            (np.array([1.0]), np.zeros(1), np.zeros(1)),
            [(t, np.array([4.0]), 0.1, 0.9, 0.999, 1e-8, *more) for t in (1, 2, 3)],
        ),
        Steps(
            zero,
            [
                (t, g, lr, 0.9, 0.99, 1e-8, *more)
                for t, g, lr in zip((1, 2, 3, 4), GRADIENTS, (0.1, 0.1, 0.02, 0.5), strict=True)
            ],
        ),
        Steps(zero, [(t, g, 0.3, 0.7, 0.8, 0.1, *more) for t, g in enumerate(GRADIENTS, 1)]),
        Steps(
            (np.array([0.5, 0.7]), np.array([1e-8, 2.0]), np.array([1e-16, 9.0])),
            [(t, np.array([2e-8, -1.0]), 0.1, 0.9, 0.999, 1e-8, *more) for t in (1000, 1001, 40)],
        ),
        Steps(
            (np.array([3, -2]), np.array([0, 1]), np.array([0, 4])),
            [(3, np.array([1, 5]), 0.25, 0.5, 0.75, 0.01, *more)],
        ),
    ]


def of_adam(m=None, v=None, step=None, m_hat=None, v_hat=None, decay=None, time=lambda t: t):
    """Adam with some of its lines replaced. decay(w, g, lr, wd) → (w, g, what to subtract)."""

    def form(w, m0, v0, t, g, lr, beta1, beta2, eps, weight_decay=0.0, *unused):
        t, minus = time(t), 0.0
        if decay is not None:
            w, g, minus = decay(w, g, lr, weight_decay)
        m1 = beta1 * m0 + (1 - beta1) * g if m is None else m(m0, g, beta1)
        v1 = beta2 * v0 + (1 - beta2) * g**2 if v is None else v(v0, g, beta2)
        up = m1 / (1 - beta1**t) if m_hat is None else m_hat(m1, m0, beta1, t, g)
        down = v1 / (1 - beta2**t) if v_hat is None else v_hat(v1, v0, beta2, t, g)
        if step is not None:
            return step(w, up, down, lr, eps, g) - minus, m1, v1
        return w - lr * up / (np.sqrt(down) + eps) - minus, m1, v1

    return form


def _corrected_is_kept(of, both=True):
    def form(w, m, v, t, g, lr, beta1, beta2, eps, *more):
        w, m, v = of(w, m, v, t, g, lr, beta1, beta2, eps, *more)
        return w, m / (1 - beta1**t), v / (1 - beta2**t) if both else v

    return form


def _state_lost(of):
    return lambda w, m, v, *rest: (of(w, m, v, *rest)[0], m, v)


def _swapped(of):
    def form(*a):
        w, m, v = of(*a)
        return w, v, m

    return form


def _one_beta(rest, which):
    """Adam with both corrections made of one β: `which` is 0 for β₁ and 1 for β₂."""

    def form(w, m, v, t, g, lr, *betas_and_more):
        share = 1 - betas_and_more[which] ** t
        lines = {"m_hat": lambda m, *_: m / share, "v_hat": lambda v, *_: v / share}
        return of_adam(**{**rest, **lines})(w, m, v, t, g, lr, *betas_and_more)

    return form


def shared(**rest):
    """What goes wrong in Adam's step, with `rest` added to each form."""

    def of(**lines):
        return of_adam(**{**rest, **lines})

    plain = of()
    return [
        Mistake(
            "no bias correction",
            of(m_hat=lambda m, *_: m, v_hat=lambda v, *_: v),
            "Both averages begin at 0 and are used as they are, so the first steps are more than "
            "three times too long. What share of the truth does an average hold after t steps?",
        ),
        Mistake(
            "half the bias correction",
            (
                of(v_hat=lambda v, *_: v),
                of(m_hat=lambda m, *_: m),
            ),
            "One of m and v is corrected for its start at 0 and the other is not. Late in the run "
            "nobody sees it; in the first steps they do not fit together.",
        ),
        Mistake(
            "the corrected average is kept",
            (_corrected_is_kept(plain), _corrected_is_kept(plain, both=False)),
            "The first step is right, then it drifts: the corrected m̂ and v̂ go into the next "
            "average, and are corrected once more. Which of them is the memory?",
        ),
        Mistake(
            "t off by one",
            (
                of(time=lambda t: t + 1),
                of(time=lambda t: t - 1),
                of(time=lambda t: max(t - 1, 1)),
            ),
            "The correction uses the wrong power. t counts from 1 here: after one step an average "
            "holds the share 1 − β of the gradient. Which power of β is that?",
        ),
        Mistake(
            "t times, not to the power",
            (
                of(
                    m_hat=lambda m, m0, b, t, g: m / (1 - b * t),
                    v_hat=lambda v, v0, b, t, g: v / (1 - b * t),
                ),
                of(time=lambda t: 1),
            ),
            "Right for t = 1, then the correction goes astray. After two steps the zero start "
            "still has the share β·β: what is it after t?",
        ),
        Mistake(
            "brackets in the correction",
            (
                of(
                    m_hat=lambda m, m0, b, t, g: m / (1 - b) ** t,
                    v_hat=lambda v, v0, b, t, g: v / (1 - b) ** t,
                ),
                of(m_hat=lambda m, m0, b, t, g: m / (1 - b) ** t),
                of(v_hat=lambda v, v0, b, t, g: v / (1 - b) ** t),
            ),
            "Right for t = 1, then it goes astray: the power takes in all of 1 − β. Which share "
            "does the zero start still have after two steps?",
        ),
        Mistake(
            "one beta for both",
            (_one_beta(rest, 0), _one_beta(rest, 1)),
            "Both averages are corrected with the same β, and each forgets at its own rate. Which "
            "β made m, and which made v?",
        ),
        Mistake(
            "the root before the correction",
            of(v_hat=lambda v, v0, b, t, g: v / (1 - b**t) ** 2),
            "The root is taken of v, and the correction divides it afterwards at its full size: "
            "the early steps are too short. Of what should the root be taken?",
        ),
        Mistake(
            "multiplied by the correction",
            of(
                m_hat=lambda m, m0, b, t, g: m * (1 - b**t),
                v_hat=lambda v, v0, b, t, g: v * (1 - b**t),
            ),
            "An average that began at 0 is too small, and yours is made smaller. What undoes a "
            "share?",
        ),
        Mistake(
            "betas swapped",
            (
                lambda w, m, v, t, g, lr, b1, b2, eps, *more: plain(
                    w, m, v, t, g, lr, b2, b1, eps, *more
                ),
                of(
                    m=lambda m, g, b: (1 - b) * m + b * g,
                    v=lambda v, g, b: (1 - b) * v + b * g**2,
                ),
                of(m=lambda m, g, b: (1 - b) * m + b * g),
                of(v=lambda v, g, b: (1 - b) * v + b * g**2),
            ),
            "A share has landed on the wrong side: β₁ belongs to m and β₂ to v, and β is what is "
            "left of the past. With {given} you get {got} for {expected}.",
        ),
        Mistake(
            "no 1 − beta",
            (
                of(m=lambda m, g, b: b * m + g, v=lambda v, g, b: b * v + g**2),
                of(m=lambda m, g, b: b * m + g),
                of(v=lambda v, g, b: b * v + g**2),
            ),
            "The shares do not add up to 1, so an average is none: a sum in the manner of heavy "
            "ball. What share should the new gradient have?",
        ),
        Mistake(
            "no square",
            (
                of(v=lambda v, g, b: b * v + (1 - b) * g),
                of(v=lambda v, g, b: b * v + (1 - b) * np.abs(g)),
                of(v=lambda v, g, b: b * v + ((1 - b) * g) ** 2),
            ),
            "v should average the squares of the gradient, each with its share outside the "
            "square. What does yours average?",
        ),
        Mistake(
            "squares in m",
            of(
                m=lambda m, g, b: b * m + (1 - b) * g**2,
                v=lambda v, g, b: b * v + (1 - b) * g,
            ),
            "m averages the squares and v the gradients. Which of the two says where to go, and "
            "which how far?",
        ),
        Mistake(
            "the usual numbers",
            (
                lambda w, m, v, t, g, lr, b1, b2, eps, *more: plain(
                    w, m, v, t, g, lr, 0.9, 0.999, 1e-8, *more
                ),
                lambda w, m, v, t, g, lr, b1, b2, eps, *more: plain(
                    w, m, v, t, g, lr, 0.9, 0.999, eps, *more
                ),
                lambda w, m, v, t, g, lr, b1, b2, eps, *more: plain(
                    w, m, v, t, g, lr, b1, b2, 1e-8, *more
                ),
            ),
            "Right for the usual β₁, β₂ and ε, and the ones passed in are not used: with {given} "
            "you get {got}, not {expected}. Which numbers stand in their place?",
        ),
        Mistake(
            "no root",
            of(step=lambda w, up, down, lr, eps, g: w - lr * up / (down + eps)),
            "m̂ is divided by squares: a gradient ten times larger makes a step ten times "
            "shorter. What brings v̂ back to the unit of a gradient?",
        ),
        Convention(
            "epsilon inside the root",
            of(step=lambda w, up, down, lr, eps, g: w - lr * up / np.sqrt(down + eps)),
            "Your ε is inside the root: some libraries do so, not wrong, but there 1e-8 acts like "
            "1e-4 outside and holds back small gradients. Ours is added after the root: √v̂ + ε.",
        ),
        Convention(
            "epsilon hat",
            _epsilon_hat(rest.get("decay")),
            "This is the ε-hat form, as in Keras: the correction goes into the step size, and ε "
            "meets √v and not √v̂. Not wrong; in early steps its ε weighs more. Ours: "
            "m̂/(√v̂ + ε).",
        ),
        Mistake(
            "epsilon outside the brackets",
            (
                of(step=lambda w, up, down, lr, eps, g: w - lr * up / np.sqrt(down) + eps),
                of(step=lambda w, up, down, lr, eps, g: w - lr * (up / np.sqrt(down) + eps)),
            ),
            "A division binds before a sum: ε is added to the point, and where every gradient was "
            "0 there is still 0/0. What should ε keep from being 0?",
        ),
        Mistake(
            "no epsilon",
            of(step=lambda w, up, down, lr, eps, g: w - lr * up / np.sqrt(down)),
            "Right until a coordinate has seen nothing but 0: there 0/0 is nan, for good. What "
            "does ε do, and where?",
        ),
        Mistake(
            "uphill",
            of(step=lambda w, up, down, lr, eps, g: w + lr * up / (np.sqrt(down) + eps)),
            "Your step goes uphill. m̂ is an average of gradients, which point where the loss "
            "grows; which way should w go?",
        ),
        Mistake(
            "the gradient, not its average",
            of(step=lambda w, up, down, lr, eps, g: w - lr * g / (np.sqrt(down) + eps)),
            "The step uses today's gradient, so m is kept for nothing: that is RMSProp with a "
            "correction. What should be divided?",
        ),
        Mistake(
            "no lr",
            of(step=lambda w, up, down, lr, eps, g: w - up / (np.sqrt(down) + eps)),
            "Both averages are right and the step ignores lr. Where does it enter?",
        ),
        Mistake(
            "the memory is not kept",
            _state_lost(plain),
            "The first step is right, then it forgets: the m and v you hand back are the ones you "
            "were given. What should the next step begin with?",
        ),
        Mistake(
            "m and v swapped",
            _swapped(plain),
            "m and v are handed back in the other order: the point, then m, then v.",
        ),
        Mistake(
            "the old averages",
            of(
                m_hat=lambda m, m0, b, t, g: m0 / (1 - b**t),
                v_hat=lambda v, v0, b, t, g: v0 / (1 - b**t),
            ),
            "The step uses the averages from before this gradient: at the first step both are 0. "
            "Which lines should come first?",
        ),
        Mistake(
            "v from the averaged gradient",
            _late_square(plain),
            "v averages the square of m and not that of the gradient, so it hardly sees how much "
            "gradients scatter. What goes into each average?",
        ),
    ]


def _late_square(plain):
    def form(w, m, v, t, g, lr, beta1, beta2, eps, weight_decay=0.0, *unused):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * m**2
        step = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
        return w - lr * (step + weight_decay * w), m, v

    return form


def _epsilon_hat(decay):
    def form(w, m, v, t, g, lr, beta1, beta2, eps, weight_decay=0.0, *unused):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
        keep = 1 - lr * weight_decay if decay else 1
        return keep * w - rate * m / (np.sqrt(v) + eps), m, v

    return form


def _decoupled(w, g, lr, wd):
    return w, g, lr * wd * w


def _then_decay(w, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    w, m, v = adam_step(w, m, v, t, g, lr, beta1, beta2, eps)
    return w * (1 - lr * weight_decay), m, v


def _decay_divided(w, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * (m_hat + weight_decay * w) / (np.sqrt(v_hat) + eps), m, v


ADAMW_MISTAKES = [
    Mistake(
        "L2 in the gradient",
        (
            of_adam(decay=lambda w, g, lr, wd: (w, g + wd * w, 0.0)),
            of_adam(decay=lambda w, g, lr, wd: (w, g + 2 * wd * w, 0.0)),
        ),
        "The decay is part of the gradient: Adam with an L2 penalty. Both averages see it, and "
        "the division undoes its size: every weight shrinks by about lr. What does 'decoupled' "
        "keep apart?",
    ),
    Mistake(
        "no decay",
        of_adam(),
        "This is Adam: the weights do not decay. With no gradient at all, what should happen to w?",
    ),
    Mistake(
        "weights grow",
        of_adam(decay=lambda w, g, lr, wd: (w, g, -lr * wd * w)),
        "The decay has the wrong sign: without any gradient your weights grow. Which way is 0?",
    ),
    Convention(
        "decay without lr",
        of_adam(decay=lambda w, g, lr, wd: (w, g, wd * w)),
        "The decay is not multiplied by lr, as in the paper of Loshchilov and Hutter, where a "
        "schedule scales both: not wrong, but 0.01 then takes 1 % at every step. Ours, as in "
        "PyTorch, takes lr·weight_decay·w.",
    ),
    Mistake(
        "decay after the step",
        _then_decay,
        "The weights decay after Adam has moved them, so the step decays too. Both should be taken "
        "from the same w, the one you were given.",
    ),
    Mistake(
        "decay of the gradient",
        of_adam(decay=lambda w, g, lr, wd: (w, g, lr * wd * g)),
        "The decay is a share of the gradient, so it is plain descent beside Adam. What should "
        "shrink when there is no gradient at all?",
    ),
    Mistake(
        "lr twice in the decay",
        of_adam(decay=lambda w, g, lr, wd: (w, g, lr * lr * wd * w)),
        "The step is right, and lr enters the decay twice: outside the bracket and inside. Which "
        "of the two does the bracket need?",
    ),
    Mistake(
        "a factor of 2",
        (
            of_adam(decay=lambda w, g, lr, wd: (w, g, 2 * lr * wd * w)),
            of_adam(decay=lambda w, g, lr, wd: (w, g, 0.5 * lr * wd * w)),
        ),
        "The step is right, and the decay is off by a factor of 2. A penalty of weight_decay·w² "
        "would bring a 2 along; there is no penalty here.",
    ),
    Mistake(
        "decay is divided",
        _decay_divided,
        "The decay is divided by √v̂ along with the average: weights with steep gradients decay "
        "least. It should shrink every weight by the same share; where does its bracket end?",
    ),
    Mistake(
        "a constant decay",
        (
            of_adam(decay=lambda w, g, lr, wd: (w, g, lr * wd)),
            of_adam(decay=lambda w, g, lr, wd: (w, g, lr * wd * np.sign(w))),
        ),
        "Every weight loses the same amount, a small one as much as a large one. Decay is a share "
        "of the weight: of what should weight_decay be taken?",
    ),
    Mistake(
        "only the decay",
        of_adam(
            step=lambda w, up, down, lr, eps, g: w,
            decay=_decoupled,
        ),
        "The weights decay and nothing else happens: Adam's own step is missing.",
    ),
    *shared(decay=_decoupled),
]

EXERCISES = [
    Exercise(
        name="adam_step",
        signature="adam_step(w, m, v, t, g, lr, beta1, beta2, eps)",
        reference=adam_step,
        mistakes=shared(),
        probes=adam_probes,
        hints=[
            "Two averages that forget: m of the gradients with β₁, v of their squares with β₂.",
            "Both begin at 0 and are too small at first: after t steps they hold the share "
            "1 − β^t. Divide by it, in new names.",
            "The step is lr · m̂ over (√v̂ + ε). Hand back w and the averages without correction.",
        ],
        returns=("w", "m", "v"),
    ),
    Exercise(
        name="adamw_step",
        signature="adamw_step(w, m, v, t, g, lr, beta1, beta2, eps, weight_decay)",
        reference=adamw_step,
        mistakes=ADAMW_MISTAKES,
        probes=lambda: [*adam_probes(0.1), *adam_probes(0.7)[1:3]],
        hints=[
            "Adam's step as it was; the gradient and both averages know nothing of the decay.",
            "The decay takes the share lr · weight_decay of the w you were given.",
            "lr multiplies a sum: m̂/(√v̂ + ε) plus weight_decay · w.",
        ],
        returns=("w", "m", "v"),
    ),
]
