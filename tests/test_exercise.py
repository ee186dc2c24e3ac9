"""The check itself: hostile functions, and the feedback when nothing matches."""

import functools
import itertools
import random
import sys
import warnings

import numpy as np
import pytest

from gdlesson.checking.exercise import Exercise, Feedback, Mistake
from gdlesson.checking.explain import Search
from gdlesson.checking.probes import Call, Steps, describe, near
from gdlesson.exercises import catalogue as exercises


@pytest.fixture
def check():
    return exercises()["gd_step"].check


def test_a_body_still_to_be_written(check):
    def documented(w, g, lr):
        """To do."""

    def dots(w, g, lr): ...

    def passed(w, g, lr):
        pass

    def both(w, g, lr):
        """To do."""
        ...

    for fn in (documented, dots, passed, both):
        feedback = check(fn)
        assert feedback == Feedback("not yet", None, "Not yet: gd_step is still to be written.")
    without_source = {}
    exec("def gd_step(w, g, lr): ...", without_source)
    assert check(without_source["gd_step"]).status == "not yet"


def test_a_forgotten_return_is_a_mistake(check):
    def returns_none(w, g, lr):
        return None

    def bare(w, g, lr):
        return

    def forgot(w, g, lr):
        w = w - lr * g

    for fn in (returns_none, bare, forgot, lambda w, g, lr: None):
        assert (check(fn).status, check(fn).mistake) == ("mistake", "no return")


def test_what_is_no_function(check):
    class Step:
        def __init__(self, *args):
            self.args = args

    for thing in (np.array([1.0]), "w - lr * g", None, 3, Step, float, [1]):
        feedback = check(thing)
        assert feedback.status == "error" and "check(gd_step)" in feedback.message


def test_other_things_that_can_be_called_pass(check):
    class Step:
        def __call__(self, w, g, lr):
            return w - lr * g

    def any_number(*args):
        return args[0] - args[2] * args[1]

    def defaults(point, slope, rate=0.1, more=None):
        return point - rate * slope

    later = functools.partial(lambda k, w, g, lr: w - k * lr * g, 1)
    wrapped = functools.lru_cache(maxsize=None)(lambda x: x)
    assert wrapped(1) == 1
    for fn in (Step(), any_number, defaults, later, Step().__call__):
        assert check(fn).status == "passed"
    assert check(max).status in ("error", "mistake")
    assert check(np.add).status in ("error", "mistake")


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_a_function_raises_is_named_with_its_line(check, error):
    def gd_step(w, g, lr):
        step = lr * g
        raise error("no way", step.shape)

    feedback = check(gd_step)
    assert feedback.status == "error"
    assert error.__name__ in feedback.message
    assert 'in line 3 of your function, `raise error("no way", step.shape)`' in feedback.message
    assert "w = [2], g = [4], lr = 0.1" in feedback.message


def test_an_error_in_a_helper_is_told_where_the_function_called_it(check):
    def helper(w):
        return w["x"]

    def gd_step(w, g, lr):
        return helper(w)

    assert "in line 2 of your function, `return helper(w)`" in check(gd_step).message


def test_errors_that_cannot_even_be_told(check):
    class Mute(BaseException):
        def __str__(self):
            raise SystemExit

    def mute(w, g, lr):
        raise Mute

    def quits(w, g, lr):
        sys.exit()

    def asks(w, g, lr):
        return float(input("which way? "))

    def for_ever(w, g, lr):
        return for_ever(w, g, lr)

    assert "Mute" in check(mute).message
    assert "Python to quit" in check(quits).message
    assert "EOFError: input() waits" in check(asks).message
    assert "calls itself again and again" in check(for_ever).message


@pytest.mark.parametrize(
    "got, name",
    [
        ("a step", "not numbers"),
        ("1.6", "not numbers"),
        ({"w": 1.6}, "not numbers"),
        ({1.6}, "not numbers"),
        (print, "not numbers"),
        (object(), "not numbers"),
        (1 + 2j, "not numbers"),
        (np.array([1 + 2j]), "not numbers"),
        (np.array([None]), "not numbers"),
        (np.ma.array([1.6], mask=[True]), "nan"),
        ([[1.0], [2.0, 3.0]], "not numbers"),
        ((x for x in [1.6]), "not numbers"),
        (range(0), "wrong shape"),
        (np.zeros((2, 2)), "wrong shape"),
        (1.6, "wrong shape"),
        (np.array([np.nan]), "nan"),
    ],
)
def test_what_comes_back_is_something_else(check, got, name):
    feedback = check(lambda w, g, lr: got)
    assert (feedback.status, feedback.mistake) == ("mistake", name)


def test_what_is_an_array_in_all_but_name_passes(check):
    class Series:
        def __init__(self, values):
            self.values = values

        def __array__(self, dtype=None, copy=None):
            return np.asarray(self.values, dtype)

    assert check(lambda w, g, lr: Series(w - lr * g)).status == "passed"
    assert check(lambda w, g, lr: np.ma.array(w - lr * g)).status == "passed"


def test_objects_that_answer_nothing_are_refused_and_raise_nothing(check):
    class Silent:
        def __getattribute__(self, name):
            raise SystemExit

        def __call__(self, w, g, lr):
            return w - lr * g

    class Broken:
        def __array__(self, dtype=None, copy=None):
            raise SystemExit

        __len__ = __iter__ = __repr__ = __array__

    silent = check(Silent())  # pytest asks what it is given in an assert
    broken = check(lambda w, g, lr: Broken())
    batches = exercises()["minibatches"].check(lambda *args: Broken())
    assert (silent.status, broken.status, batches.status) == ("passed", "error", "error")


def test_more_memory_than_there_is(check):
    assert "MemoryError" in check(lambda w, g, lr: np.zeros(10**15)).message


def test_what_a_function_sets_is_put_back(check):
    def sets(w, g, lr):
        np.random.seed(0)
        random.seed(0)
        np.seterr(all="raise")
        sys.setrecursionlimit(sys.getrecursionlimit() + 1)
        return w - lr * g

    np.random.seed(3)
    random.seed(3)
    numpys, pythons, depth = np.random.get_state(), random.getstate(), sys.getrecursionlimit()
    errors = np.geterr()
    assert check(sets).status == "passed"
    assert np.array_equal(np.random.get_state()[1], numpys[1])
    assert random.getstate() == pythons
    assert (np.geterr(), sys.getrecursionlimit()) == (errors, depth)


def test_batches_without_an_end():
    check = exercises()["minibatches"].check

    def for_ever(X, y, batch_size, rng):
        while True:
            yield X[:batch_size], y[:batch_size]

    assert check(for_ever).mistake == "no end"
    assert check(lambda X, y, size, rng: itertools.repeat((X, y))).mistake == "no end"
    assert check(lambda X, y, size, rng: itertools.count()).mistake == "no pairs"


def test_generators_and_coroutines(check):
    def yields(w, g, lr):
        yield w - lr * g

    async def waits(w, g, lr):
        return w - lr * g

    for fn in (yields, waits):
        assert "computes nothing until it is used" in check(fn).message


def test_how_many_values_come_back():
    check = exercises()["momentum_step"].check
    alone = check(lambda w, v, g, lr, beta: w - lr * (beta * v + g))
    three = check(lambda w, v, g, lr, beta: (w, v, g))
    assert alone.mistake == three.mistake == "number of values"
    assert "should return 2 values, w and v, and yours returns 3" in three.message


def test_another_number_of_parameters(check):
    for fn in (lambda w, g: w, lambda w, g, lr, beta: w, lambda w, *, g, lr: w, lambda: 0):
        feedback = check(fn)
        assert feedback.status == "error" and "called with (w, g, lr)" in feedback.message


def test_changed_arguments(check):
    def in_place(w, g, lr):
        w = np.asarray(w)
        if w.dtype.kind == "f":
            w -= lr * g
            return w
        return w - lr * g

    def gradient_too(w, g, lr):
        step = w - lr * g
        g[:] = 0
        return step

    assert (
        check(in_place).mistake == "changes its arguments" and "array w" in check(in_place).message
    )
    assert "array g" in check(gradient_too).message

    def astray(w, g, lr):
        w += 100
        return w

    assert check(in_place).message.startswith("The numbers are right, and your function changes")
    assert check(astray).message.startswith("The numbers are not all right, and your function")

    def stops_at_whole_numbers(w, g, lr):
        w -= lr * g
        return w

    assert check(stops_at_whole_numbers).mistake == "changes its arguments"


def test_what_is_printed_is_kept_short_and_shown(check, capsys):
    def talks(w, g, lr):
        print("w is", w)
        print("to err", file=sys.stderr)
        sys.stdout.write("x" * 5000)
        return w - lr * g

    assert check(talks).status == "passed"
    out, err = capsys.readouterr()
    assert out.startswith("w is [2.]\nto err\n") and len(out) < 2100 and err == ""

    def shuts(w, g, lr):
        sys.stdout.close()
        return w - lr * g

    check(shuts)
    print("still here")
    assert "still here" in capsys.readouterr().out


def test_warnings_do_not_leak(check):
    def loud(w, g, lr):
        warnings.warn("careful", stacklevel=1)
        np.array([1.0]) / np.zeros(1)
        np.exp(np.array([1e9]))
        return w - lr * g

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert check(loud).status == "passed"
    assert caught == []


def test_a_ctrl_c_in_the_reference_spoils_nothing():
    calls = []

    def reference(w, g):
        calls.append(w)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return w + g

    f = _exercise([Call(1.0, 2.0), Call(3.0, 4.0)], reference)
    with pytest.raises(KeyboardInterrupt):
        f.check(lambda w, g: w)
    assert f.check(lambda w, g: w + g).message == "Passed: f agrees in 2 places."
    assert f.check(lambda w, g: w + g if w < 2 else 0).status == "mistake"


def test_a_known_answer_is_asked_only_as_far_as_it_agrees():
    asked = []

    def known(w, g):
        asked.append(w)
        return w

    f = _exercise(
        [Call(w, 2.0) for w in (1.0, 2.0, 3.0)], lambda w, g: g, [Mistake("w", known, "W.")]
    )
    assert f.check(lambda w, g: 5.0).mistake == "g is ignored"
    assert set(asked) == {1.0}
    assert f.check(lambda w, g: w).mistake == "w"
    assert set(asked) == {1.0, 2.0, 3.0}


# --- what is said, and how


def _exercise(probes, reference, mistakes=(), returns=("the answer",), signature="f(w, g)"):
    return Exercise("f", signature, reference, mistakes, lambda: probes, ["Look."], returns)


def _unexplained(monkeypatch):
    """Without the search for what explains the numbers: the difference is described."""
    monkeypatch.setattr(Search, "slips", lambda self: None)
    monkeypatch.setattr(Search, "ignored", lambda self: None)


def test_the_first_difference_is_attributed_and_names_only_what_is_right_everywhere(monkeypatch):
    _unexplained(monkeypatch)
    momentum = exercises()["momentum_step"].check
    cubed = momentum(lambda w, v, g, lr, beta: (w - lr * g - lr * beta**3 * v, beta * v + g))
    assert "w should change by −0.19, and yours changes by −0.1729." in cubed.message
    assert "v is right in every case." in cubed.message
    assert cubed.mistake == "right only if v is 0"
    mse = exercises()["mse_gradient"].check
    half_b = mse(
        lambda w, b, x, y: (2 * np.mean((w * x + b / 2 - y) * x), 2 * np.mean(w * x + b / 2 - y))
    )
    assert half_b.message.startswith(
        "Your function is right where b = 0, and in no other case that was tried. With "
    )
    f = _exercise([Call(np.array([1.0, 2.0]), 3.0), Call(np.ones(2), 2.0)], lambda w, g: w * g)
    message = f.check(lambda w, g: w * g + [0, 1]).message
    assert "the answer should be [3, 6], and your function gives [3, 7]." in message
    message = f.check(lambda w, g: [w * g]).message
    assert "should have shape (2,), and yours has shape (1, 2). The numbers are right. " in message
    message = f.check(lambda w, g: (w * g)[0]).message
    assert "no axes (one number). It is the first number alone." in message
    message = f.check(lambda w, g: (w * g)[:1]).message
    assert "What is there is right, but there is too little of it." in message
    assert "the answer is infinite. Which line" in f.check(lambda w, g: w * np.inf).message
    message = f.check(lambda w, g: (w * g)[::-1]).message
    assert "In every wrong case the answer has its numbers in the opposite order." in message


def test_a_factor_is_named_where_it_holds_everywhere(monkeypatch):
    _unexplained(monkeypatch)
    f = _exercise([Call(2.0, 3.0), Call(5.0, -1.0), Call(0.0, 4.0)], lambda w, g: w * g)
    three = f.check(lambda w, g: 0.3 * w * g)
    assert "Everywhere the answer is 0.3 times what it should be." in three.message
    assert three.mistake == "0.3 times as large"
    sign = f.check(lambda w, g: -w * g)
    assert sign.mistake == "the sign"
    assert "Everywhere the answer has the right size and the wrong sign." in sign.message
    assert "everywhere" not in f.check(lambda w, g: w * g / g).message.lower()
    step = exercises()["momentum_step"].check
    third = step(lambda w, v, g, lr, beta: (w - lr / 3 * (n := beta * v + g), n))
    assert third.message == (
        "With w = [2], v = [0], g = [1], lr = 0.1, beta = 0.9, w should change by −0.1, and yours "
        "changes by −0.03333. v is right in every case. Everywhere the step is 0.3333 times what "
        "it should be. Which part of your function makes the difference?"
    )


def test_of_a_table_the_first_wrong_row_is_shown(monkeypatch):
    _unexplained(monkeypatch)
    table = np.arange(12.0).reshape(4, 3)
    f = _exercise([Call(1.0, 2.0)], lambda w, g: table)
    bent = f.check(lambda w, g: table + 0.25 * (table > 7)).message
    assert "row 2 of the answer should be [6, 7, 8], and your function gives [6, 7, 8.25]" in bent
    turned = f.check(lambda w, g: table.T).message
    assert "shape (3, 4). The numbers are right, but rows and columns have changed" in turned


def test_what_is_wrong_with_an_order_has_a_name():
    def epoch(order):
        def form(w, b, x, y, lr, rng):
            for i in order(len(x), rng):
                r = w * x[i] + b - y[i]
                w, b = w - 2 * lr * r * x[i], b - 2 * lr * r
            return w, b

        return exercises()["sgd_epoch"].check(form).mistake

    assert epoch(lambda n, rng: np.random.permutation(n)) == "not from rng"
    assert epoch(lambda n, rng: [*range(1, n), 0]) == "the same order again"
    assert epoch(lambda n, rng: np.random.default_rng(0).permutation(n)) == "the same order again"

    def batches(order):
        def form(X, y, size, rng):
            rows = order(len(X), rng)
            return [(X[rows[i : i + size]], y[rows[i : i + size]]) for i in range(0, len(X), size)]

        return exercises()["minibatches"].check(form).mistake

    assert batches(lambda n, rng: np.random.permutation(n)) == "not from rng"
    assert batches(lambda n, rng: np.roll(np.arange(n), 3)) == "the same order again"
    assert batches(lambda n, rng: rng.integers(0, n, n)) == "with replacement"


def test_a_single_example_has_one_order_and_is_described_by_its_numbers(monkeypatch):
    _unexplained(monkeypatch)
    check = exercises()["sgd_epoch"].check

    def half(w, b, x, y, lr, rng):
        for i in rng.permutation(len(x)):
            r = w * x[i] + b - y[i]
            w, b = w - lr / 2 * r * x[i], b - lr / 2 * r
        return w, b

    message = check(half).message
    assert message.startswith("With w = 0.5, b = 0.2, x = [3], y = [2], ")
    assert "w should be 0.68, and your function gives 0.545." in message


def test_numbers_that_look_alike_are_shown_apart(monkeypatch):
    _unexplained(monkeypatch)
    f = _exercise([Call(1.0, 2.0)], lambda w, g: 10.0625)
    rounded = f.check(lambda w, g: 10.062).message
    assert "should be 10.0625, and your function gives 10.062. In every wrong case the" in rounded
    f = _exercise([Steps((np.array([2.0]),), [(np.array([0.4]),)])], lambda w, g: w - g)
    single = f.check(lambda w, g: (w - g).astype(np.float32))
    assert "should change by −0.4, and yours changes by −0.399999976. In ev" in single.message
    f = _exercise([Call(1.0, 2.0)], lambda w, g: 10.0625)
    assert "digits agree" not in f.check(lambda w, g: 10.08).message


def test_what_is_remembered_is_named_before_the_point_that_follows_from_it(monkeypatch):
    _unexplained(monkeypatch)
    check = exercises()["adagrad_step"].check
    message = check(
        lambda w, s, g, lr, eps: (w - lr * g / (np.sqrt(s + 3 * g**2) + eps), s + 3 * g**2)
    ).message
    assert "s should be 16, and your function gives 48." in message


def test_a_step_that_all_but_cancels_the_point_is_compared_to_its_digits():
    start = (np.array([0.3]),)
    f = _exercise([Steps(start, [(np.array([0.3]),)])], lambda w, g: w - g * (1 - 1e-9))
    assert f.check(lambda w, g: w - (g - g * 1e-9)).status == "passed"
    assert f.check(lambda w, g: w - g * (1 - 2e-9)).status == "mistake"


def test_a_trajectory_feeds_back_what_was_returned():
    seen = []

    def f(w, g):
        seen.append(float(w[0]))
        return w + g

    exercise = _exercise([Steps((np.array([1.0]),), [(1.0,), (2.0,), (3.0,)])], lambda w, g: w + g)
    assert exercise.check(f).status == "passed"
    assert seen == [1.0, 2.0, 4.0]


def test_a_mistake_that_stops_is_named_too():
    def by_zero(w, g):
        raise ZeroDivisionError

    f = _exercise([Call(1.0, 2.0)], lambda w, g: w, [Mistake("stops", by_zero, "It stops.")])
    assert f.check(lambda w, g: 1 // 0).mistake == "stops"


def test_feedback_is_frozen_and_its_html_is_escaped_and_the_same_every_time(check):
    feedback = check(lambda w, g, lr: "<script>")
    with pytest.raises(AttributeError):
        feedback.status = "passed"
    assert repr(feedback) == feedback.message
    assert "<script>" not in feedback._repr_html_() and "&lt;script&gt;" in feedback._repr_html_()
    assert feedback._repr_html_() == check(lambda w, g, lr: "<script>")._repr_html_()
    assert "<b>Passed.</b> gd_step agrees" in check(lambda w, g, lr: w - lr * g)._repr_html_()


def test_hints_grow_and_the_last_one_stays(capsys):
    exercise = _exercise([], lambda w, g: w)
    exercise.hints = ("one", "two")
    for _ in range(3):
        exercise.hint()
    assert capsys.readouterr().out == "one\ntwo\ntwo\n"


# --- errors


@pytest.mark.parametrize(
    "fn, name, question",
    [
        (lambda w, g, lr: w - lr * g[7], "IndexError", "Which entries are there?"),
        (lambda w, g, lr: w - lr * slope, "NameError", "Which line gives this name its value?"),  # noqa: F821
        (lambda w, g, lr: w - lr * (1 // 0), "ZeroDivisionError", "is the denominator 0?"),
        (lambda w, g, lr: w - np.zeros(7) @ g, "ValueError", "Which shapes do the arrays"),
        (lambda w, g, lr: w.step(g), "AttributeError", "is the value before the dot?"),
        (lambda w, g, lr: w - lr["g"], "TypeError", "Of which type is each value"),
    ],
)
def test_an_error_has_its_name_and_a_question_that_leads_on(check, fn, name, question):
    feedback = check(fn)
    assert (feedback.status, feedback.mistake) == ("error", name)
    assert "in line 1 of your function" in feedback.message or "lambda" in feedback.message
    assert f"{name}: " in feedback.message and feedback.message.endswith("?")
    assert question in feedback.message


def test_an_error_about_whole_numbers_asks_for_a_new_array(check):
    def cuts(w, g, lr):
        new = w.copy()
        new -= lr * g
        return new

    feedback = check(cuts)
    assert feedback.status == "error" and "whole numbers holds no decimals" in feedback.message


def test_the_text_of_an_error_is_not_cut_inside_a_word(check):
    def talks(w, g, lr):
        raise ValueError("gradient " * 60)

    assert "gradient …" in check(talks).message


def test_numbers_are_written_as_in_readouts():
    assert describe(1e-8) == "1e-08" and describe(-6123.0) == "−6123"
    assert describe(np.array([-2.5e-5, 6.1e7])) == "[−2.5e-05, 6.1e+07]"
    assert describe(np.array([np.nan, -np.inf])) == "[nan, −inf]"


def test_numbers_agree_as_numpy_compares_them_one_by_one():
    values = [0.0, 1e-13, 1.0, 1 + 1e-10, 1 + 1e-8, -1.0, 1e300, np.inf, -np.inf, np.nan]
    pairs = np.array(list(itertools.product(values, values, [1e-12, 1e-7])))
    a, b, atol = pairs.T  # an array of tolerances, next to numbers that are not finite
    expected = [np.isclose(x, y, rtol=1e-9, atol=t, equal_nan=True) for x, y, t in pairs]
    assert near(a, b, atol).tolist() == expected
    assert near(a, b, 1e-12).tolist() == np.isclose(a, b, 1e-9, 1e-12, equal_nan=True).tolist()
