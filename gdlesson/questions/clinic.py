"""Questions on lesson clinic: can you tell what is wrong?"""

import numpy as np

from ..checking.questions import Choice, Match, Misconception, Number, Order, Question, exchanged
from ..descent import descend
from ..optimizers import Adam, GradientDescent
from ..problems import LinearRegression
from ..schedules import step_decay
from ..surfaces import quadratic
from . import patients

FAULTS = ("diverging", "slow", "frozen", "noisy")
RATE, STEPS, ROWS = 0.05, 60, 40


def _draw_runs(rng):
    return {
        "data": int(rng.integers(1000)),
        "every": int(rng.choice([4, 5, 6])),
        "slow": float(rng.choice([0.002, 0.003, 0.004])),
    }


def _line(data):
    """A line through noisy points; x is standardised, so both curvatures are 2."""
    rng = np.random.default_rng(data)
    x = rng.standard_normal(ROWS)
    x = (x - x.mean()) / x.std()
    return LinearRegression(x, 2 * x + 1 + 0.5 * rng.standard_normal(ROWS))


def _fault_curves(data, every, slow):
    line = _line(data)
    steady = GradientDescent(RATE)
    paths = {
        "diverging": descend(line, GradientDescent(1.01), steps=STEPS),
        "slow": descend(line, GradientDescent(slow), steps=STEPS),
        "frozen": descend(
            line, steady, steps=STEPS, schedule=lambda t: step_decay(1, t, 0.5, every)
        ),
        "noisy": descend(line, steady, steps=STEPS, batches=line.batches(1, data)),
    }
    lowest = line.f(line.closed_form())
    return {key: path.loss - lowest for key, path in paths.items()}


faults_from_curves = Question(
    name="faults_from_curves",
    lesson="clinic",
    section="Explore",
    text="Four runs fit the same line and do not reach the minimum, each for a different reason. "
    "The curves show the loss above the minimum. Which curve belongs to which reason?",
    draw=_draw_runs,
    kind=Match(
        {
            "diverging": "all rows at each step, lr above the stability limit",
            "slow": "all rows at each step, lr constant and far too small",
            "frozen": "all rows at each step, lr halved every {every} steps",
            "noisy": "one row at each step, lr constant",
        }
    ),
    misconceptions=(
        Misconception(
            "noise floor and freezing exchanged",
            exchanged("noisy", "frozen"),
            "You exchanged the run on single rows and the one whose lr is halved. Both come to a "
            "level. Which of the two still makes steps late in the run, so that its loss jumps?",
        ),
        Misconception(
            "freezing and a small learning rate exchanged",
            exchanged("frozen", "slow"),
            "You exchanged the two slow runs. With a constant lr the loss is multiplied by the "
            "same factor at each step: which line is that on a log scale?",
        ),
        Misconception(
            "noise and divergence exchanged",
            exchanged("noisy", "diverging"),
            "You exchanged the run on single rows and the one above the stability limit. Which of "
            "the two moves away from the minimum, further with each step?",
        ),
        Misconception(
            "slow and diverging exchanged",
            exchanged("slow", "diverging"),
            "You gave the growing loss to the smallest lr. Can a very short step against the "
            "gradient make the loss larger?",
        ),
    ),
    hint="How long are the steps of each run, early and late? And in which run does chance decide "
    "about the step?",
    work=lambda data, every, slow: {"rate": RATE},
    curves=_fault_curves,
    solution="Above the stability limit the loss grows. With a constant small lr it falls along a "
    "straight line on a log scale. With an lr that is halved again and again it falls at first, "
    "then the steps become too short and it stays at a level, without jumps. On single rows it "
    "falls and then jumps about at the noise floor. So the curves are {answer}.",
)


def _draw_clock(rng):
    return {
        "beta1": float(rng.choice([0.5, 0.75, 0.8, 0.9])),
        "beta2": float(rng.choice([0.96, 0.99, 0.9975, 0.999, 0.9996])),
    }


def _step_at_one(beta1, beta2):
    """The length of a step whose means are full, when t is 1."""
    g = np.ones(1)
    w, _ = Adam(1.0, beta1, beta2, eps=0.0).step(np.zeros(1), (g, g**2, 0), g)
    return float(-w[0])


epochs_for_updates = Question(
    name="epochs_for_updates",
    lesson="clinic",
    section="Round 3: methods with a memory",
    text="A program gives Adam the number of the epoch as t, so t = 1 during the whole first "
    "epoch. β₁ = {beta1}, β₂ = {beta2}, and ε is negligible. Late in this epoch, after very many "
    "equal gradients, how long is a step? Answer in units of lr.",
    draw=_draw_clock,
    answer=_step_at_one,
    kind=Number(),
    misconceptions=(
        Misconception(
            "t has no effect",
            lambda beta1, beta2: 1.0,
            "A step of lr would be right. Here m is divided by 1 − β₁ and v by 1 − β₂, although "
            "neither is too small any longer: what do these two divisions do to the step?",
        ),
        Misconception(
            "root of the second correction forgotten",
            lambda beta1, beta2: (1 - beta2) / (1 - beta1),
            "You divided by v̂, which is {v_hat} times v. The step divides by its root: by what "
            "factor is √v̂ too large?",
        ),
        Misconception(
            "only m corrected",
            lambda beta1, beta2: 1 / (1 - beta1),
            "m̂ is {m_hat} times as large as m. But v is corrected too: what does that do to the "
            "step?",
        ),
        Misconception(
            "only v corrected",
            lambda beta1, beta2: np.sqrt(1 - beta2),
            "√v̂ is {root} times as large as √v. But m is corrected too: what does that do to the "
            "step?",
        ),
        Misconception(
            "ratio upside down",
            lambda beta1, beta2: (1 - beta1) / np.sqrt(1 - beta2),
            "You exchanged the two corrections. Is m̂ in the numerator or in the denominator of "
            "the step? And is m̂ larger or smaller than m here?",
        ),
    ),
    hint="After many equal gradients m = g and v = g². What are m̂ and √v̂, when they are "
    "corrected with t = 1?",
    work=lambda beta1, beta2: {
        "rest1": 1 - beta1,
        "rest2": 1 - beta2,
        "m_hat": 1 / (1 - beta1),
        "v_hat": 1 / (1 - beta2),
        "root": 1 / np.sqrt(1 - beta2),
    },
    solution="By then m = g and v = g². With t = 1, m̂ = g/{rest1} = {m_hat} g, and "
    "√v̂ = |g|/√{rest2} = {root} |g|. So a step is {m_hat}/{root} = {answer} lr long, where a "
    "correct count of the updates gives 1 lr.",
)


# lr·L and n rows for which 1 + lr·L = n·lr·L − 1: both faults make w grow equally fast.
GROWTH = ((0.2, 11), (0.25, 9), (0.4, 6), (0.5, 5), (1.0, 3))


def _draw_values(rng):
    product, n = GROWTH[rng.integers(len(GROWTH))]
    L = int(rng.choice([2, 4, 5, 10]))
    factor = (1 + product) * (-1 if rng.integers(2) else 1)
    w = float(rng.choice([16, 20, 40]))
    values = {f"w{k}": float(f"{w * factor**k:.6g}") for k in range(3)}
    return {"n": n, "L": L, "lr": product / L} | values


EXPLANATIONS = {
    "sign": lambda n, L: -L,  # the curvature of what the faulty program descends on
    "sum": lambda n, L: n * L,
    "limit": lambda n, L: L,
}


def _explains(n, L, lr, w0, w1, w2):
    """The explanation whose run has the printed values."""

    def misfit(key):
        surface = quadratic(EXPLANATIONS[key](n, L))
        run = descend(surface, GradientDescent(lr), [w0], 2).w[:, 0]
        return np.abs(run - [w0, w1, w2]).max()

    return min(EXPLANATIONS, key=misfit)


fault_from_values = Question(
    name="fault_from_values",
    lesson="clinic",
    section="Explore",
    text="The loss is a mean over {n} rows. It is a parabola in w with curvature {L} and its "
    "minimum at 0. Descent with lr = {lr} prints w = {w0}, {w1}, {w2}. What is wrong?",
    draw=_draw_values,
    answer=_explains,
    kind=Choice(
        {
            "sign": "The step has the wrong sign",
            "sum": "The gradient is a sum over the rows instead of a mean",
            "limit": "The program is right, but lr is above the stability limit",
        }
    ),
    misconceptions=(
        Misconception(
            "changes of side not considered",
            lambda **numbers: {"sign": "sum", "sum": "sign"}[_explains(**numbers)],
            "With this fault w would grow equally fast, but look at the signs of the values: what "
            "does 1 − lr·L become with each of the faults, and is it negative?",
        ),
        Misconception(
            "every divergence blamed on the learning rate",
            lambda **numbers: "limit",
            "lr·L is {product}, so lr is below the limit 2/L. By what factor does each step "
            "really multiply w?",
        ),
    ),
    hint="By what factor does each step multiply w? Compare it with 1 − lr·L for the right "
    "gradient, for one with the wrong sign, and for one that is {n} times as large.",
    work=lambda n, L, lr, w0, w1, w2: {
        "product": lr * L,
        "factor": w1 / w0,
        "good": 1 - lr * L,
        "sign": 1 + lr * L,
        "sum": 1 - n * lr * L,
    },
    solution="Each step multiplies w by {w1}/{w0} = {factor}. The right program would have the "
    "factor 1 − lr·L = 1 − {product} = {good}. The wrong sign gives 1 + {product} = {sign}, and a "
    "sum over {n} rows gives 1 − {n} · {product} = {sum}. So the answer is {answer}.",
)


PROGRAMS = {"right": 1, "half": 0.5, "twice": 2, "uphill": -1}  # factors of the gradient


def _draw_programs(rng):
    L = int(rng.choice([2, 4, 5, 10]))
    return {"L": L, "lr": round(float(rng.choice([0.7, 0.75, 1.4, 1.5, 1.6])) / L, 4)}


def _by_loss(L, lr):
    def loss(key):
        surface = quadratic(PROGRAMS[key] * L)
        return descend(surface, GradientDescent(lr), [1.0], 20).last[0] ** 2

    return tuple(sorted(PROGRAMS, key=loss))


order_of_faults = Question(
    name="order_of_faults",
    lesson="clinic",
    section="Round 1: gradients and data",
    text="Four programs run 20 steps of descent with lr = {lr} on a parabola with curvature "
    "L = {L}. Order them by the loss at the end, lowest first.",
    draw=_draw_programs,
    answer=_by_loss,
    kind=Order(
        {
            "right": "no fault",
            "half": "the gradient is half as large as it should be",
            "twice": "the gradient is twice as large as it should be",
            "uphill": "the gradient has the wrong sign",
        }
    ),
    misconceptions=(
        Misconception(
            "larger steps are always faster",
            lambda L, lr: ("twice", "right", "half", "uphill"),
            "You put the largest step against the gradient first. With a doubled gradient the "
            "factor is 1 − 2·lr·L = {twice}: is its size smaller than that of 1 − lr·L?",
        ),
        Misconception(
            "a short step harms less than a long one",
            lambda L, lr: ("right", "half", "twice", "uphill"),
            "You put the right gradient first, then the halved and then the doubled one. But with "
            "lr·L = {product}, which sizes do 1 − lr·L, 1 − ½·lr·L and 1 − 2·lr·L have?",
        ),
        Misconception(
            "order reversed",
            lambda L, lr: _by_loss(L, lr)[::-1],
            "This is the order from the highest loss to the lowest. Which program belongs first?",
        ),
    ),
    hint="By what factor does each program multiply the distance at each step? The size of this "
    "factor decides.",
    work=lambda L, lr: {key: 1 - c * lr * L for key, c in PROGRAMS.items()} | {"product": lr * L},
    solution="With lr·L = {product}, a step multiplies the distance by {right} with the right "
    "gradient, by {half} with half of it, by {twice} with twice as much, and by {uphill} with the "
    "wrong sign. The smaller the size of the factor, the lower the loss: {answer}.",
)


DATA_SETS = 30  # from which a question draws, so that a run is computed once for each


def _draw_data(rng):
    return {"data": int(rng.integers(DATA_SETS))}


def _runs(*names):
    """The curves of a question: losses of these patients, each on the data drawn."""
    return lambda data: {name: getattr(patients, name)(data) for name in names}


round_of_gradients = Question(
    name="round_of_gradients",
    lesson="clinic",
    section="Round 1: gradients and data",
    text="Four programs use all rows at each step and a constant learning rate; without its slip "
    "each would lower its loss. The curves show the loss above the minimum. Which curve belongs "
    "to which slip?",
    draw=_draw_data,
    kind=Match(
        {
            "double": "the gradient has a wrong constant factor",
            "sign": "each step goes uphill",
            "stray": "the gradient becomes 0 at a wrong place",
            "uncentred": "the gradient is right, but κ is large",
        }
    ),
    misconceptions=(
        Misconception(
            "wrong sign and doubled gradient exchanged",
            exchanged("double", "sign"),
            "You exchanged the two that grow. With a factor that is too large the steps still go "
            "downhill, and only along the direction with the largest curvature are they too long. "
            "What does the loss then do at first?",
        ),
        Misconception(
            "wrong gradient and slow descent exchanged",
            exchanged("stray", "uncentred"),
            "You exchanged the curve that is level and the one that still falls. With a large κ "
            "descent is slow, but the gradient is right. Does such a descent stop?",
        ),
        Misconception(
            "wrong sign and wrong gradient exchanged",
            exchanged("sign", "stray"),
            "You exchanged the program that climbs and the one that stops too early. Can the loss "
            "fall at first if each step goes uphill?",
        ),
        Misconception(
            "doubled and wrong gradient exchanged",
            exchanged("double", "stray"),
            "You exchanged the program that diverges and the one that stops too early. Which of "
            "the two has steps that are too long?",
        ),
    ),
    hint="Which slips let the loss grow from the first step on, which later, and which not at all?",
    curves=_runs("double", "sign", "stray", "uncentred"),
    solution="If each step goes uphill, the loss grows from the first step on (patient 2, its "
    "residual). A gradient that is too large acts like a larger learning rate: the loss falls "
    "until the direction in which the steps are above the stability limit takes over (patient 1, "
    "the divisor). If the gradient is 0 at a wrong place, descent stops there (patient 3, the "
    "means). With a large κ descent is slow, but does not stop (patient 4, the last line). So the "
    "curves are {answer}.",
)

round_of_training = Question(
    name="round_of_training",
    lesson="clinic",
    section="Round 2: batches, schedules, stopping",
    text="Four programs learn to tell three species apart, with a softmax. The curves show the "
    "validation loss; a curve ends at the step whose parameters are kept, or where the loss is no "
    "finite number any more. Which curve belongs to which slip?",
    draw=_draw_data,
    kind=Match(
        {
            "pairs": "the labels belong to other rows",
            "frozen": "the steps become too short too soon",
            "last": "the parameters of a wrong epoch are kept (and the model overfits)",
            "overflow": "a number becomes too large for the computer",
        }
    ),
    misconceptions=(
        Misconception(
            "frozen and mixed labels exchanged",
            exchanged("pairs", "frozen"),
            "You exchanged the two that learn little. With labels of other rows there is nothing "
            "to learn, but the steps do not become shorter. Which curve still moves at the end?",
        ),
        Misconception(
            "overfitting and freezing exchanged",
            exchanged("last", "frozen"),
            "You exchanged the level curve and the one that rises again. If the steps become so "
            "short that nothing moves any more, can the validation loss rise?",
        ),
        Misconception(
            "overfitting and overflow exchanged",
            exchanged("last", "overflow"),
            "You exchanged the two that end early. Early stopping ends some epochs after the "
            "lowest loss. Which of the two curves has a lowest loss before its end?",
        ),
        Misconception(
            "mixed labels and overfitting exchanged",
            exchanged("pairs", "last"),
            "You exchanged the program with the labels of other rows and the one that overfits. "
            "Which of the two learns something before its validation loss rises?",
        ),
    ),
    hint="Ask of each curve: does the program learn at first, does it still move at the end, and "
    "why does the curve end where it does?",
    curves=_runs("pairs", "frozen", "last", "overflow"),
    solution="With labels of other rows the loss only moves up and down around that of a guess, "
    "ln 3 = 1.1 (patient 5, the last line). When the steps soon become too short to count, it "
    "falls and then stays level (patient 6, the exponent). When a late epoch is kept, the curve "
    "passes its lowest point and rises again (patient 7, a return). With eˢ of a score above 709 "
    "the loss is infinite or not a number, so this curve breaks off while it falls (patient 8, "
    "the first line). So the curves are {answer}.",
)


def _draw_valley(rng):
    sides = rng.choice([-1.0, 1.0], 2)
    return {
        "n": int(rng.choice([15, 20, 25])),
        "w1": float(sides[0] * rng.choice([4.0, 4.5, 5.0])),
        "w2": float(sides[1] * rng.choice([2.5, 3.0, 3.5])),
    }


def _valley_curves(n, w1, w2):
    w = np.array([w1, w2])
    return {
        "behind": patients.behind(w),
        "clock": patients.clock(w, n),
        "drift": patients.drift(w),
        "no_root": patients.no_root(w),
    }


round_of_memories = Question(
    name="round_of_memories",
    lesson="clinic",
    section="Round 3: methods with a memory",
    text="Four methods start at ({w1}, {w2}) in a valley with the curvatures 10 and 20 and the "
    "lowest loss 0. Each has a slip. Which curve belongs to which slip?",
    draw=_draw_valley,
    kind=Match(
        {
            "behind": "Nesterov's method, with the gradient at a wrong point",
            "clock": "Adam, in which something begins again every {n} steps",
            "drift": "AdaGrad, with a constant push at each step",
            "no_root": "AdaGrad, divided by a number that is far too large",
        }
    ),
    misconceptions=(
        Misconception(
            "counter and drift exchanged",
            exchanged("clock", "drift"),
            "You exchanged the two that fall. A constant push at each step balances the gradient "
            "at a fixed place near the minimum. Which curve becomes level?",
        ),
        Misconception(
            "missing root and drift exchanged",
            exchanged("no_root", "drift"),
            "You exchanged the two level curves. AdaGrad's first step should be lr = 1 long in "
            "each coordinate. Can a program with far shorter steps come near the minimum?",
        ),
        Misconception(
            "look-ahead and counter exchanged",
            exchanged("behind", "clock"),
            "You exchanged the method that swings and the one with kinks. In which curve is "
            "something repeated every {n} steps?",
        ),
        Misconception(
            "missing root and counter exchanged",
            exchanged("no_root", "clock"),
            "You exchanged the level curve and the one with kinks. Which of the two slips makes "
            "all steps far too short, and which makes some of them longer than others?",
        ),
    ),
    hint="Which slip makes the steps too short, which repeats something, which pushes w always to "
    "the same side, and which makes a swing larger?",
    work=lambda n, w1, w2: {"g1": abs(10 * w1), "g2": abs(20 * w2)},
    curves=_valley_curves,
    solution="With the gradient at a wrong point the swings become larger and larger here "
    "(patient 9, the first line). When Adam's count begins again, its next steps are longer than "
    "those before, so the curve has kinks at equal distances (patient 10, the corrections). A "
    "constant push balances the gradient near the minimum, so this curve becomes level (patient "
    "11, the step). Divided by s, the first step is lr/|g| instead of lr, and here |g| is {g1} "
    "and {g2}, so this loss falls only a little (patient 12). So the curves are {answer}.",
)


QUESTIONS = (
    faults_from_curves,
    epochs_for_updates,
    fault_from_values,
    order_of_faults,
    round_of_gradients,
    round_of_training,
    round_of_memories,
)
