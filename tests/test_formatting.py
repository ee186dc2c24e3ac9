"""Numbers and lists as readouts write them."""

import numpy as np
import pytest

from gdlesson.formatting import (
    bracketed,
    decimals,
    first_step,
    listed,
    minus,
    percent,
    plural,
    sentence,
    significant,
    step_size,
    step_text,
    vector,
)


@pytest.mark.parametrize(
    "share, text",
    [
        (0, "0 %"),
        (1e-7, "1e-05 %"),
        (0.003, "0.3 %"),
        (0.5, "50 %"),
        (0.9996, "99.96 %"),
        (0.999999, "99.9999 %"),
        (1 - 1e-9, "almost 100 %"),
        (1 - 1e-15, "100 %"),
        (1, "100 %"),
        (1.1, "110 %"),
    ],
)
def test_a_share_is_never_100_percent_of_less_nor_0_percent_of_more(share, text):
    assert percent(share) == text
    assert percent(np.float64(share)) == text


def test_numbers_begin_with_a_true_minus_sign_and_exponents_are_as_in_python():
    assert [significant(x) for x in (0.04132, -20.44, 6116, -2.5e-5)] == [
        "0.0413", "−20.4", "6.12e+03", "−2.5e-05",
    ]  # fmt: skip
    assert significant(6116, 2) == "6.1e+03" and significant(-0.0) == "0"
    assert significant(float("inf")) == significant(float("nan")) == "beyond all numbers"
    assert [decimals(x) for x in (1.2, -3, -0.001)] == ["1.20", "−3.00", "0.00"]
    assert minus("x-y = -2.5e-05, (-3)") == "x-y = −2.5e-05, (−3)"
    assert [step_size(lr) for lr in (0.05, 1 / 13)] == ["0.050", "0.0769"]


def test_points_factors_counts_and_lists():
    assert vector([1, -2]) == "(1.00, −2.00)" and vector([-0.001]) == "0.00"
    assert vector([1e5]) == "1.0e+05" and vector([-1234.5, 2], digits=2) == "(−1.2e+03, 2)"
    assert bracketed("−0.50") == "(−0.50)" and bracketed("0.50") == "0.50"
    assert (plural(1, "step"), plural(2, "step")) == ("1 step", "2 steps")
    assert [listed(names) for names in (["w"], ["w", "v"], ["w", "v", "s"])] == [
        "w", "w and v", "w, v and s",
    ]  # fmt: skip


def test_steps_of_a_path():
    class path:
        w, g = np.array([[2.0, 1.0], [2.2, 0.5]]), np.array([[-2.0, 5.0]])

    numbers = "(2.00, 1.00) − 0.100 · (−2.00, 5.00) = (2.20, 0.50)"
    assert first_step(path, 0.1) == (
        f"First step: *w* ← *w* − *lr* · ∇*f* = {numbers}", f"First step: *w* ← {numbers}",
        f"*w* ← {numbers}",
    )  # fmt: skip
    assert step_text(1) == "Step {step} of {steps}: w = {0}, loss {1:g}."
    assert step_text(2, "f {2}") == "Step {step} of {steps}: w = ({0}, {1}), f {2}."


def test_a_sentence_has_one_full_stop():
    for text in ("This is right: 0.3", "This is right: “curve A”"):
        assert sentence(text) == f"{text}."
    for text in ("This is right: “It grows.”", "It grows."):
        assert sentence(text) == text
