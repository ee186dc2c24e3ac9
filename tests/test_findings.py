"""What a check finds without a list of mistakes: arguments, rules, lines, cases, two at once."""

import numpy as np
import pytest

from gdlesson import optimizers
from gdlesson.checking import explain
from gdlesson.checking.exercise import Exercise, Mistake, edit
from gdlesson.checking.explain import Search
from gdlesson.checking.mutants import Mutants
from gdlesson.checking.partly import property_of_right_calls, property_of_right_entries
from gdlesson.checking.probes import Call, Steps, scattered
from gdlesson.exercises import catalogue as exercises


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A search that is not cut short on a busy machine."""
    monkeypatch.setattr(explain, "SECONDS", 5)


def check(name):
    return exercises()[name].check


# --- an exercise of this test's own, without known mistakes


def ema(w, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return w - lr * np.sqrt(np.abs(m)), m


def _ema_probes():
    zeros, g = np.zeros(3), scattered(3, 0.1, 9, 1)
    return [
        Steps((np.ones(1), np.zeros(1)), [(np.array([4.0]), 0.1, 0.9)] * 3),
        Steps((scattered(3, 0.5, 5, 2), zeros), [(g, 0.2, 0.7), (-2 * g, 0.3, 0.6)]),
        Steps((scattered(50, 1, 9, 3), scattered(50, 1, 9, 4)), [(scattered(50), 0.4, 0.8)] * 2),
    ]


def plain(*mistakes):
    return Exercise("ema", "ema(w, m, g, lr, beta)", ema, mistakes, _ema_probes, (), ("w", "m"))


# --- arguments


def test_an_argument_without_effect_is_named_with_the_constant_in_its_place():
    def adam(w, m, v, t, g, lr, beta1, beta2, eps):
        m, v = 0.8 * m + (1 - 0.8) * g, beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - 0.8**t), v / (1 - beta2**t)
        return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v

    feedback = check("adam_step")(adam)
    assert feedback.mistake == "beta1 is ignored"
    assert "`beta1` has no effect on your result. Your numbers are those for `beta1 = 0.8`" in (
        feedback.message
    )
    rate = check("momentum_step")(lambda w, v, g, lr, beta: (w - 0.02 * (n := beta * v + g), n))
    assert (rate.mistake, "lr = 0.02" in rate.message) == ("lr is ignored", True)
    rounds = check("gradient_descent")(
        lambda grad, w0, lr, steps: exercises()["gradient_descent"].reference(grad, w0, lr, 17)
    )
    assert (rounds.mistake, "steps = 17" in rounds.message) == ("steps is ignored", True)


def test_two_arguments_without_effect():
    def form(w, m, g, lr, beta):
        m = 0.9 * m + 0.1 * g
        return w - 0.01 * np.sqrt(np.abs(m)), m

    feedback = plain().check(form)
    assert feedback.mistake == "lr and beta are ignored"
    assert "Your numbers are those for `lr = 0.01` and `beta = 0.9`," in feedback.message


def test_an_argument_without_effect_and_a_slip():
    def form(w, m, g, lr, beta):
        m = beta * m + (1 - beta) * g
        return w + 0.1 * np.sqrt(np.abs(m)), m

    feedback = plain().check(form)
    assert feedback.mistake == "lr is ignored and this line"
    assert "`lr` has no effect on your result. Your numbers are those of `return w + lr" in (
        feedback.message
    )
    known = Mistake("uphill", edit(("w - lr", "w + lr")), "It goes uphill. Why?")
    assert plain(known).check(form).mistake == "lr is ignored and uphill"


def test_an_argument_without_effect_is_named_where_nothing_explains_the_rest(monkeypatch):
    monkeypatch.setattr(explain, "SECONDS", 0.1)
    feedback = plain().check(lambda w, m, g, lr, beta: (np.cos(w) - lr * np.tan(m * g), m * g / 7))
    assert feedback.mistake == "beta is ignored"
    assert "Your numbers are those" not in feedback.message


def test_a_result_that_never_changes():
    f = Exercise("f", "f(a, b)", lambda a, b: a * b, [], lambda: [Call(2.0, 3.5), Call(1.5, 7.0)])
    assert f.check(lambda a, b: 4.25).mistake == "a constant result"


def test_what_only_looks_ignored_is_not(monkeypatch):
    """The size of g has no effect on its sign; the sign has."""
    monkeypatch.setattr(explain, "SECONDS", 0.1)
    feedback = plain().check(lambda w, m, g, lr, beta: (w - lr * np.tanh(np.sign(g) - beta), m))
    assert feedback.mistake != "g is ignored"


def test_arguments_that_have_changed_places():
    adam = exercises()["adam_step"]

    def swapped(w, m, v, t, g, lr, beta1, beta2, eps):
        return adam.reference(w, m, v, t, g, eps, beta1, beta2, lr)

    feedback = adam.check(swapped)
    assert feedback.mistake == "lr and eps exchanged"
    assert "`lr` and `eps` have changed places in your function." in feedback.message


# --- other rules


@pytest.mark.parametrize(
    "name, rule, called",
    [
        ("adagrad_step", lambda w, s, g, lr, eps: (w - lr * np.sign(g), s), "sign of the gradient"),
        (
            "adagrad_step",
            lambda w, s, g, lr, eps: (w - lr * (n := 0.9 * s + g), n),
            "heavy-ball momentum with β = 0.9",
        ),
        ("momentum_step", lambda w, v, g, lr, beta: (w - lr * g / np.linalg.norm(g), v), "normal"),
        ("nesterov_step", lambda w, v, grad, lr, beta: (w - lr * np.sign(grad(w)), v), "sign"),
        (
            "adam_step",
            lambda w, m, v, t, g, lr, b1, b2, eps: (
                w - lr * g / (np.sqrt(n := b2 * v + (1 - b2) * g**2) + eps), m, n,
            ),
            "RMSProp",
        ),
        (
            "rmsprop_step",
            lambda w, s, g, lr, rho, eps: (w - lr * (n := rho * s + (1 - rho) * g), n),
            "momentum in its averaging form",
        ),
    ],
)  # fmt: skip
def test_another_methods_rule_has_its_name(name, rule, called):
    feedback = check(name)(rule)
    assert feedback.mistake.startswith("another rule: ") and called in feedback.mistake
    assert feedback.message.startswith(f"This is {feedback.mistake[14:]}, but ")
    assert " is asked for. " in feedback.message


def test_the_answer_to_another_exercise():
    feedback = check("cosine_decay")(lambda lr0, t, T: 0.5 * lr0)
    assert "answer to" not in feedback.message
    f = Exercise("f", "f(a, b)", lambda a, b: a * b, [], lambda: [Call(2.0, 3.5), Call(1.5, 7.0)])
    f.others = lambda: [("half", lambda a: np.exp(a))]
    assert f.check(lambda a, b: np.exp(a)).message.startswith("This is the answer to half, but f")


# --- lines


@pytest.mark.parametrize(
    "form, text",
    [
        (lambda w, m, g, lr, beta: (w - lr * np.sqrt(np.abs(n := beta * m + (1 - beta) * g**2)), n),
         "`m = beta * m + (1 - beta) * g**2`"),
        (lambda w, m, g, lr, beta: (w - lr * np.abs(n := beta * m + (1 - beta) * g), n),
         "`return w - lr * np.abs(m), m`"),
        (lambda w, m, g, lr, beta: (w - lr * np.sqrt(np.abs(m)), beta * m + (1 - beta) * g),
         "`return w - lr * np.sqrt(np.abs(old_m)), m`"),
        (lambda w, m, g, lr, beta: (w - lr * np.sqrt(np.abs(beta * m + (1 - beta) * g)), m),
         "`return w - lr * np.sqrt(np.abs(m)), old_m`"),
        (lambda w, m, g, lr, beta: (w - lr * np.sqrt(np.abs(n := beta * m + 1 - beta * g)), n),
         "`m = beta * m + (1 - beta * g)`"),
    ],
)  # fmt: skip
def test_one_slip_in_a_line_shows_the_line_as_the_learner_has_it(form, text):
    feedback = plain().check(form)
    assert (feedback.status, feedback.mistake) == ("mistake", "this line")
    assert feedback.message.startswith(f"Your numbers are those of {text}.")
    assert "With w = [1], m = [0], g = [4], lr = 0.1, beta = 0.9 your function gives" in (
        feedback.message
    )


@pytest.mark.parametrize(
    "form, text",
    [
        (lambda p, n, g, rate, b: (p - rate * np.sqrt(np.abs(n)), b * n + (1 - b) * g),
         "`return p - rate * np.sqrt(np.abs(old_n)), n`. (Here old_"),
        (lambda w, g, m, lr, beta: (w - lr * np.abs(n := beta * g + (1 - beta) * m), n),
         "`return w - lr * np.abs(g), g`"),
    ],
)  # fmt: skip
def test_a_line_is_shown_in_the_learners_names_of_the_arguments(form, text):
    assert plain().check(form).message.startswith(f"Your numbers are those of {text}")


def test_a_name_that_would_be_read_as_another_is_not_used():
    def f(x):
        y = x * x
        return 2 * y

    exercise = Exercise("f", "f(x)", f, [], lambda: [Call(3.5), Call(-1.25), Call(7.0)])
    assert "`y = x + x`" in exercise.check(lambda y: 4 * y).message


def test_a_line_that_is_missing_is_not_shown():
    def f(x):
        y = x * x
        y = y + 1
        return 2 * y

    exercise = Exercise("f", "f(x)", f, [], lambda: [Call(3.5), Call(-1.25), Call(7.0)])
    message = exercise.check(lambda x: 2 * x * x).message
    assert message.startswith("Your numbers are those of a rule without the line that sets y.")


def test_two_slips_in_lines():
    def form(w, m, g, lr, beta):
        m = beta * m - (1 - beta) * g
        return w - lr * np.abs(m), m

    feedback = plain().check(form)
    assert feedback.mistake == "these lines"
    assert "`m = beta * m - (1 - beta) * g` and `return w - lr * np.abs(m), m`" in feedback.message


def test_two_slips_in_one_line():
    feedback = plain().check(
        lambda w, m, g, lr, beta: (w + lr * np.abs(n := beta * m + (1 - beta) * g), n)
    )
    assert feedback.message.startswith("Your numbers are those of `return w + lr * np.abs(m), m`.")


def test_a_known_mistake_and_a_slip_in_a_line():
    uphill = Mistake("uphill", edit(("w - lr", "w + lr")), "It goes uphill. Why?")
    feedback = plain(uphill).check(
        lambda w, m, g, lr, beta: (
            w + lr * np.sqrt(np.abs(n := beta * m + (1 - beta) * g**2)),
            n,
        )
    )
    assert feedback.mistake == "uphill and this line"
    assert feedback.message.startswith(
        "Two things differ from the rule. It goes uphill. Your numbers are those of `m = "
    )


def test_a_slip_in_a_function_that_changes_its_arguments():
    def form(w, m, g, lr, beta):
        m *= beta
        m += g
        return w - lr * np.sqrt(np.abs(m)), m

    feedback = plain().check(form)
    assert feedback.mistake == "this line and changes its arguments"
    assert "`m = beta * m + g`" in feedback.message
    assert feedback.message.endswith(
        "It also changes the array m that is passed in: where does it do so?"
    )


def test_without_its_sources_a_check_still_works(monkeypatch):
    def no_source(fn):
        raise OSError("could not get source code")

    uphill = Mistake("uphill", edit(("w - lr", "w + lr")), "It goes uphill. Why?")
    stays = Mistake("stays", lambda w, m, g, lr, beta: (w, m), "w stays. Why?")
    exercise = plain(uphill, stays)
    monkeypatch.setattr("inspect.getsource", no_source)
    assert exercise.check(ema).status == "passed"
    assert exercise.check(lambda w, m, g, lr, beta: (w, m)).mistake == "stays"
    wrong = exercise.check(lambda w, m, g, lr, beta: (w + lr * np.sqrt(np.abs(m)), m))
    assert wrong.status == "mistake"


def test_a_slip_for_each_value():
    """w follows one m, and another is returned."""
    feedback = plain().check(
        lambda w, m, g, lr, beta: (
            w - lr * np.sqrt(np.abs(beta * m + (1 - beta) * g)),
            beta * m + (1 - beta) * np.abs(g),
        )
    )
    assert feedback.mistake == "this line"


def test_loops_are_changed_too_and_those_without_an_end_are_left():
    def count(x, limit):
        n = 0
        while x < limit:
            x = 2 * x
            n = n + 1
        return n

    exercise = Exercise(
        "count", "count(x, limit)", count, [],
        lambda: [Call(1.0, 10.0), Call(0.3, 200.0), Call(5.0, 5.0), Call(3.0, 7e4), Call(1.5, 3.0)],
    )  # fmt: skip

    def inclusive(x, limit):
        n = 0
        while x <= limit:
            x, n = 2 * x, n + 1
        return n

    assert "`while x <= limit:`" in exercise.check(inclusive).message
    assert exercise.check(lambda x, limit: 99).status == "mistake"


def test_a_list_that_grows_in_its_own_loop_has_an_end_too():
    def grow(values):
        seen = []
        for value in values:
            seen.append(value)
        return len(seen)

    mutants = Mutants(
        "def grow(values):\n    seen = []\n    for value in values:\n        seen.append(value)\n"
        "    return len(seen)\n",
        grow,
    )
    ends = 0
    for change in mutants.changes():
        try:
            mutants.make(change)([1.0, 2.0])
        except StopIteration:
            ends += 1
        except Exception:
            continue
    assert ends > 0


def test_no_list_is_put_into_itself():
    """NumPy follows such a list until the memory is full."""
    source = "def path(w):\n    path = []\n    path.append(w)\n    return path\n"
    mutants = Mutants(source, lambda w: w)
    lines = {line for change in mutants.changes() for line in mutants.lines([change], [change])}
    assert "path.append(-w)" in lines and "path.append(path)" not in lines


def test_no_array_doubles_in_each_step():
    """NumPy reads 2 * dtype as pairs of numbers, so that a path grows until the memory is full."""
    source = "def path(w):\n    return w.astype(w.dtype)\n"
    mutants = Mutants(source, lambda w: w)
    lines = {mutants.lines([change], [change])[0] for change in mutants.changes()}
    assert "return 2 * w.astype(w.dtype)" in lines
    assert not [line for line in lines if "* w.dtype" in line]


def test_changes_are_undone(monkeypatch):
    monkeypatch.setattr(explain, "SECONDS", 0.3)
    exercise = plain()
    exercise.check(lambda w, m, g, lr, beta: (w * 3, m + 1))
    again = exercise.mutants().make()
    w, m, g = np.array([1.0]), np.array([2.0]), np.array([3.0])
    assert np.array_equal(again(w, m, g, 0.1, 0.9), ema(w, m, g, 0.1, 0.9))


def test_a_few_whole_numbers_are_not_explained_by_two_slips():
    f = Exercise(
        "f", "f(a, b)", lambda a, b: 2 * a + b, [], lambda: [Call(2, 3), Call(4, 1), Call(7, 7)]
    )
    feedback = f.check(lambda a, b: {2: 5, 4: 0, 7: 1}[a])
    assert feedback.mistake != "these lines"


# --- cases


CALLS = [(np.array(x, dtype=float), t) for x, t in (([1], 1), ([2, 3], 1), ([4], 2), ([5, 0], 3))]


@pytest.mark.parametrize(
    "right, text",
    [
        ([1, 1, 0, 0], "t = 1"),
        ([1, 0, 1, 0], "x has one entry"),
        ([1, 0, 0, 1], None),
        ([1, 1, 1, 1], None),
        ([0, 0, 0, 0], None),
    ],
)
def test_cases_that_are_right_have_a_property(right, text):
    assert property_of_right_calls(("x", "t"), CALLS, right) == text


def test_entries_that_are_right_have_a_property():
    g = scattered(40, 1e-3, 1e3, 1)
    calls = [(g, 0.1), (-3 * g, 0.2)]
    signs = [args[0] > 0 for args in calls]
    assert property_of_right_entries(("g", "lr"), calls, signs) == "g is positive"
    small = [np.abs(args[0]) < 10 for args in calls]
    assert "|g| is at most" in property_of_right_entries(("g", "lr"), calls, small)
    first = [np.arange(40) == 0, np.arange(40) == 0, np.arange(40) == 0]
    calls = [*calls, (g[::-1], 0.3)] * 2
    assert property_of_right_entries(("g", "lr"), calls, first * 2) == "in the first coordinate"
    last = [mask[::-1] for mask in first]
    assert property_of_right_entries(("g", "lr"), calls, last * 2) == "in the last coordinate"


def test_right_only_for_the_first_examples_or_gradients_of_some_size(monkeypatch):
    monkeypatch.setattr(explain, "SECONDS", 0.5)

    def head(w, b, x, y):
        r = w * x[:3] + b - y[:3]
        return 2 * np.mean(r * x[:3]), 2 * np.mean(r)

    assert check("mse_gradient")(head).mistake == "right only if x has at most 3 entries"

    def clipped(w, v, g, lr, beta):
        v = beta * v + np.clip(g, -100, 100)
        return w - lr * v, v

    feedback = check("momentum_step")(clipped)
    assert "no entry of g is larger than" in feedback.mistake

    def one(w, v, g, lr, beta):
        v = beta * v + g
        w = np.array(w, dtype=float)
        w[0] -= lr * v[0]
        return w, v

    feedback = check("momentum_step")(one)
    assert feedback.mistake == "right only if w has one entry"
    assert "v is right in every case." in feedback.message


# --- nothing wrong is called right: the messages that issue 16 lists


def _unexplained(monkeypatch):
    monkeypatch.setattr(Search, "slips", lambda self: None)
    monkeypatch.setattr(Search, "ignored", lambda self: None)


def test_a_value_that_agrees_by_accident_is_not_called_right(monkeypatch):
    """In the first probe the sum of r·x equals twice its mean, so that dw seems to be right."""
    _unexplained(monkeypatch)

    def mean_and_mean(x, y):
        return np.mean(x), np.mean(y)

    two, many = np.array([3.0, -3.0]), scattered(9, 1, 5)
    f = Exercise(
        "f", "f(x, y)", mean_and_mean, [],
        lambda: [Call(two, np.array([1.0, 2.0])), Call(many, 2 * many)], (), ("dx", "dy"),
    )  # fmt: skip
    assert "dx is right" not in f.check(lambda x, y: (np.sum(x), np.sum(y))).message
    right = f.check(lambda x, y: (np.mean(x), np.sum(y))).message
    assert "dx is right in every case." in right


def test_a_state_that_is_right_in_the_first_step_alone_is_not_called_right(monkeypatch):
    _unexplained(monkeypatch)
    message = check("adagrad_step")(
        lambda w, s, g, lr, eps: (w - lr * g / np.sqrt(s + g**2 + eps), np.maximum(s, g**2))
    ).message
    assert "s is right" not in message


def test_a_case_that_is_right_by_accident_is_not_called_right(monkeypatch):
    """With every = 12 the wrong rule happens to agree, at one t."""
    _unexplained(monkeypatch)
    message = check("step_decay")(
        lambda lr0, t, drop, every: lr0 * drop ** (t // every + (t == 9))
    ).message
    assert not message.startswith("Right")


def test_a_factor_is_not_read_into_what_is_shifted(monkeypatch):
    _unexplained(monkeypatch)
    descend = exercises()["gradient_descent"].reference
    message = check("gradient_descent")(
        lambda grad, w0, lr, steps: np.concatenate([p := descend(grad, w0, lr, steps), p[-1:]])[1:]
    ).message
    assert " times what it should be" not in message


def test_what_is_expected_and_what_came_are_attributed(monkeypatch):
    _unexplained(monkeypatch)
    f = Exercise("f", "f(a)", lambda a: 3 * a, [], lambda: [Call(2.0), Call(5.0)])
    message = f.check(lambda a: a * a + 1).message
    assert message.startswith("With a = 2, the answer should be 6, and your function gives 5.")


# --- methods, by the package's own optimizers


def _step(optimizer, state=lambda m, v, t: (m, v, t - 1), own=slice(2), use_eps=True):
    """adam_step by an optimizer of the package. own: its state that is returned as m and v."""

    def adam_step(w, m, v, t, g, lr, beta1, beta2, eps):
        more = {"eps": eps} if use_eps else {}
        w, new = optimizer(lr=lr, beta1=beta1, beta2=beta2, **more).step(w, state(m, v, t), g)
        return (w, *(new[own] if isinstance(new, tuple) else (new, v)))

    return adam_step


def _adadelta(w, m, v, t, g, lr, beta1, beta2, eps):
    w, (s, u) = optimizers.AdaDelta(lr, beta2, eps).step(w, (v, m), g)
    return w, u, s


def _nadam_as_in_ruders_overview(w, m, v, t, g, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    ahead = beta1 * m_hat + (1 - beta1) * g / (1 - beta1**t)
    return w - lr * ahead / (np.sqrt(v_hat) + eps), m, v


def _adabelief(w, m, v, t, g, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * (g - m) ** 2
    return w - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def _centred(w, m, v, t, g, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return w - lr * g / np.sqrt(v - m**2 + eps), m, v


@pytest.mark.parametrize(
    "form, called",
    [
        (_step(optimizers.NAdam), "NAdam"),
        (_nadam_as_in_ruders_overview, "NAdam"),
        (_step(optimizers.AdaMax), "AdaMax"),
        (_step(optimizers.AMSGrad, lambda m, v, t: (m, v, v, t - 1), slice(0, 3, 2)), "AMSGrad"),
        (_step(optimizers.Lion, lambda m, v, t: m, use_eps=False), "Lion"),
        (_adadelta, "AdaDelta"),
        (_adabelief, "AdaBelief"),
        (_centred, "centred RMSProp with ε inside the root"),
    ],
)
def test_optimizers_of_the_package_are_known_where_adam_is_asked_for(form, called):
    feedback = check("adam_step")(form)
    assert feedback.mistake == f"another rule: {called}"
    assert feedback.message.startswith(f"This is {called}, but Adam is asked for. ")


def _from_residual(residual, reduce=np.mean):
    def gradient(w, b, x, y):
        r = residual(w * x + b, y)
        return reduce(r * x), reduce(r)

    return gradient


@pytest.mark.parametrize(
    "residual, called",
    [
        (lambda z, y: 1 / (1 + np.exp(-z)) - y, "logistic regression"),
        (lambda z, y: np.clip(z - y, -1, 1), "the Huber loss"),
        (lambda z, y: np.where(y * z < 1, -y, 0), "the hinge loss"),
        (lambda z, y: np.where(y * z <= 0, -y, 0), "the perceptron with labels −1 and 1"),
        (lambda z, y: np.tanh(z - y), "the log-cosh loss"),
    ],
)
def test_gradients_of_other_losses_are_known(residual, called):
    for name in ("mse_gradient", "errata_regression_gradient"):
        assert check(name)(_from_residual(residual)).mistake == (
            f"another rule: the gradient of {called}"
        )
    summed = check("mse_gradient")(_from_residual(residual, np.sum))
    assert summed.mistake == f"another rule: the gradient of {called}"


def test_a_gradient_with_a_penalty_is_known():
    def ridge(w, b, x, y):
        r = w * x + b - y
        return 2 * np.mean(r * x) + 2 * 0.1 * w, 2 * np.mean(r)

    assert check("mse_gradient")(ridge).mistake.endswith("0.2·w added (an L2 penalty)")


@pytest.mark.parametrize(
    "name, form, called",
    [
        ("step_decay", lambda lr0, t, drop, every: lr0 / np.sqrt(1 + t), "a decay like 1/√t"),
        ("step_decay", lambda lr0, t, drop, every: lr0 / (1 + t / every), "a decay like 1/t"),
        ("step_decay", lambda lr0, t, drop, every: lr0 * min(1, t / every), "a warm-up"),
        ("cosine_decay", lambda lr0, t, T: lr0 * (1 - t / T) ** 2, "polynomial decay"),
        ("cosine_decay", lambda lr0, t, T: lr0 * np.exp(-t / T), "exponential decay"),
        ("cosine_decay", lambda lr0, t, T: lr0, "a constant step size"),
        ("derivative", lambda f, x, h=1e-5: (-3 * f(x) + 4 * f(x + h) - f(x + 2 * h)) / (2 * h),
         "a forward difference with three points"),
        ("numerical_gradient", lambda f, w, h=1e-5: np.array(
            [(f(w + h * e) - 2 * f(w) + f(w - h * e)) / h**2 for e in np.eye(len(w))]),
         "the second derivative"),
    ],
)  # fmt: skip
def test_other_schedules_and_differences_are_known(name, form, called):
    assert check(name)(form).mistake == f"another rule: {called}"


def test_another_rule_whose_state_is_lost_is_two_slips():
    feedback = check("momentum_step")(
        lambda w, v, g, lr, beta: (w - lr * (beta * v + (1 - beta) * g), v)
    )
    assert feedback.mistake == "averaging form and the velocity is not kept"


# --- what a message must not claim


def test_arguments_are_marked_as_names():
    message = check("step_decay")(lambda lr0, t, drop, every: lr0 * drop ** (t // 12)).message
    assert message.startswith("`every` has no effect") and "should `every` enter?" in message


def test_no_case_is_right_only_where_the_answer_is_a_copy(monkeypatch):
    monkeypatch.setattr(explain, "SECONDS", 0.2)

    def off(grad, w0, lr, steps):
        path = [np.array(w0, dtype=float)]
        for _ in range(steps):
            path.append(path[-1] - 1.37 * lr * np.tanh(grad(path[-1])))
        return np.array(path)

    assert check("gradient_descent")(off).mistake is None


def test_a_constant_result_is_not_paired_with_a_slip():
    assert check("steps_needed")(lambda lr, L, tol: 20).mistake == "a constant result"


def test_no_line_computes_with_a_loop_itself():
    source = "def f(w):\n    for _ in range(len(w)):\n        w = w - 1\n    return w\n"
    mutants = Mutants(source, lambda w: w)
    lines = " ".join(
        line for change in mutants.changes() for line in mutants.lines([change], [change])
    )
    assert "np.sign(range" not in lines and "_ *" not in lines and "- _" not in lines


def test_a_factor_comes_before_pairs_and_no_change_undoes_an_edit():
    feedback = check("gd_step")(lambda w, g, lr: w - 0.1 * lr * g)
    assert feedback.mistake == "0.1 times as large"


def test_of_a_table_rows_are_counted(monkeypatch):
    monkeypatch.setattr(explain, "SECONDS", 0.2)

    def last(w, b, X, y):
        for i in range(len(y)):
            e = 0.5 * (1 + np.tanh((X[i] @ w + b) / 2)) - y[i]
            dw, db = X[i] * e, e
        return dw, db

    assert check("logistic_gradient")(last).mistake == "right only if X has one row"


def test_one_example_that_is_right_is_not_to_be_tried_alone(monkeypatch):
    monkeypatch.setattr(explain, "SECONDS", 0.2)

    def slower(w, b, x, y, lr, rng):
        for k, i in enumerate(rng.permutation(len(x))):
            r = w * x[i] + b - y[i]
            w, b = w - lr / (1 + k) * 2 * r * x[i], b - lr / (1 + k) * 2 * r
        return w, b

    message = check("sgd_epoch")(slower).message
    assert message.startswith("With one example alone your result is right. ")
    assert message.endswith("before it comes to the second example?")


def test_a_slip_next_to_one_that_stops_is_named_too():
    feedback = check("cosine_decay")(lambda lr0, t, T: 0.5 * lr0 * (1 - np.cos(np.pi * (T / t))))
    assert feedback.mistake == "climbs and t and T swapped"


def test_an_argument_without_effect_is_named_for_a_count(monkeypatch):
    count = exercises()["count_minima"].reference
    feedback = check("count_minima")(
        lambda grad, starts, lr, steps, tol: count(grad, starts, lr, steps, 1e-3)
    )
    assert feedback.mistake == "tol is ignored"


@pytest.mark.parametrize(
    "name, form, limit",
    [
        ("steps_needed",
         lambda lr, L, tol: min(exercises()["steps_needed"].reference(lr, L, tol), 100),
         "never larger than 100"),
        ("step_decay", lambda lr0, t, drop, every: max(lr0 * drop ** (t // every), 0.01),
         "never smaller than 0.01"),
        ("gd_step", lambda w, g, lr: np.clip(w - lr * g, -50, 50), "never larger than 50 in size"),
    ],
)  # fmt: skip
def test_results_that_are_cut_off_are_named_by_their_limit(monkeypatch, name, form, limit):
    monkeypatch.setattr(explain, "SECONDS", 0.3)
    assert check(name)(form).mistake == limit


def _rmsprop_of_pytorch_with_momentum(w, m, v, t, g, lr, beta1, beta2, eps):
    v = beta2 * v + (1 - beta2) * g**2
    m = beta1 * m + g / (np.sqrt(v) + eps)
    return w - lr * m, m, v


def _yogi(w, m, v, t, g, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = v - (1 - beta2) * np.sign(v - g**2) * g**2
    return w - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def _path(rule):
    def descend(grad, w0, lr, steps):
        path, v = [np.array(w0, dtype=float)], 0.0
        for t in range(1, steps + 1):
            w, v = rule(path[-1], v, grad, lr, t)
            path.append(w)
        return np.array(path)

    return descend


@pytest.mark.parametrize(
    "name, form, called",
    [
        ("adam_step", _rmsprop_of_pytorch_with_momentum, "RMSProp with momentum"),
        ("adam_step", _yogi, "Yogi"),
        ("gd_step", lambda w, g, lr: w - lr * (g + 0.01 * w),
         "gradient descent with weight decay"),
        ("gd_step", lambda w, g, lr: w - lr * g / (np.sqrt(g**2) + 1e-8),
         "descent with each coordinate divided by its own size"),
        ("rmsprop_step",
         lambda w, s, g, lr, rho, eps: (w - lr * g / (n := np.maximum(rho * s, np.abs(g))), n),
         "AdaMax without momentum"),
        ("gradient_descent", _path(lambda w, v, grad, lr, t: (w - lr * 0.99**t * grad(w), v)),
         "gradient descent with a step size that falls by a percent in each step"),
        ("gradient_descent", _path(lambda w, v, grad, lr, t: (
            w - lr * (n := 0.9 * v + grad(w - lr * 0.9 * v)), n)),
         "Nesterov's method with β = 0.9"),
        ("gradient_descent", _path(lambda w, s, grad, lr, t: (
            w - lr * grad(w) / (np.sqrt(n := s + grad(w) ** 2) + 1e-8), n)), "AdaGrad"),
    ],
)  # fmt: skip
def test_more_update_rules_are_known(name, form, called):
    assert check(name)(form).mistake == f"another rule: {called}"
