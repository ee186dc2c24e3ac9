"""Questions: how replies are read, judged and named, whatever they are."""

import itertools
import math
import time

import pytest
from sample_questions import (
    CHOICE,
    COUNT,
    MATCH,
    NUMBER,
    ORDER,
    SAMPLES,
    SEVERAL,
    question,
    typed,
)

from gdlesson.checking.kinds import Choice, Number
from gdlesson.checking.numerals import read_number
from gdlesson.checking.questions import Attempt

each = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)

READ = {
    "0.36": 0.36, " 0.36 ": 0.36, "0,36": 0.36, ",36": 0.36, ".36": 0.36, "36 %": 0.36,
    "9/25": 0.36, "1/3": 1 / 3, "−2": -2, "–2": -2, "+2": 2, "2e-3": 2e-3, "2E−3": 2e-3,
    "2·10⁻³": 2e-3, "2 x 10^-3": 2e-3, "2×10**-3": 2e-3, "10^6": 1e6, "√2": math.sqrt(2),
    "2√2": 2 * math.sqrt(2), "1/√2": 1 / math.sqrt(2), "sqrt(2)/2": math.sqrt(2) / 2,
    "(1 - 0.4)^2": 0.36, "0.6²": 0.36, "½": 0.5, "1½": 1.5, "⅓": 1 / 3, "1'000": 1000,
    "1 000": 1000, "1,000.5": 1000.5, "1,234,567.0": 1234567, "٣٫٥": 3.5, "１／４": 0.25,
    "π": math.pi, "w = 3": 3, "≈0.5": 0.5, "3.": 3, "e": math.e, "ln(2)": math.log(2), "3(4)": 12,
}  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_numbers_are_read_as_people_type_them(text):
    assert read_number(text) == pytest.approx(READ[text], rel=1e-12)


def test_a_unit_may_be_typed_and_a_percent_sign_divides():
    assert read_number("12 steps", "steps") == read_number("12steps", "steps") == 12
    assert read_number("1 step", "steps") == 1
    assert read_number("5 %", "%") == 5 and read_number("5 %", "ms") == 0.05
    with pytest.raises(ValueError, match=r"one number \(in steps\)"):
        read_number("12 ms", "steps")


@pytest.mark.parametrize("text", ["1,234", "12,345"])
def test_a_comma_that_can_be_read_in_two_ways_is_asked_about(text):
    with pytest.raises(ValueError, match="can be read in two ways"):
        read_number(text)


class NoText:
    def __str__(self):
        raise RuntimeError("no text")

    __repr__ = __iter__ = __len__ = __str__


TEXTS = [
    "", " ", "\t\n", "x", "a", "A", "b)", "(c)", "h", "ab", "a b", "a,b;c", "b a c", "cab", "none",
    "None", "and", "a and b", "A B C", "C B A", "AAA", "a" * 10_000, "1" * 59, "1" * 61,
    "9**9**9**9", "9^9^9", "10**400", "1e999", "2**-99999", "0**-1", "1/0", "0/0", "√-1", "√√√16",
    "(-1)**0.5", "(-8)^(1/3)", "nan", "inf", "-inf", "∞", "NaN", "1e308*10", "exp(999)", "ln(0)",
    "log10(-1)", "1j", "(" * 29 + "1" + ")" * 29, "(" * 500, ")" * 50, "[" * 50, "{" * 50, "-" * 59,
    "1" + "+1" * 29, "1;2", "1\n2", "1 2", "1 2 3", "1,2,3", "--1", "+-+1", "0x10", "0b1", "1_000",
    "1e", "e1", "e", "pi", "π", "ππ", "٣", "३", "๓", "𝟛", "²", "⁻¹", "½½", "Ⅳ", "㉈", "0,5", "0.5.5",
    "0..5", ".", ",", "-", "%", "%%", "5%%", "°", "5°", "12 steps", "12 step", "12 stepss", "12 ms",
    "0.36 m", "$5", "€ 5", "5,-", "😀", "5 😀", "👩‍👩‍👧", "<b>1</b>", "<script>a()</script>", "&lt",
    "'; DROP TABLE", "${7*7}", "{answer}", "{0}", "{a.__class__}", "%s%n", "\\", "\\x00", "\x00",
    "0.5\x00", "\x1b[31m1", "\x07", "\u202e1", "\u200b1", "1\u200b", "\ufeff1", "\u00a01", "\ud800",
    "1\ud800", "\U0010ffff", "é" * 59, "e\u0301" * 40, "Z" + "\u0300" * 58, "i", "İ", "ß", "True",
    "False", "import os", "__import__('os')", "().__class__", "lambda: 1", "a=1", "a:=1", "x if 1",
    "[1]", "(1,)", "1,", "{1}", "1 or 2", "not 1", "~1", "1//2", "5%2", "1<<99", "1@2", "sqrt",
    "sqrt()", "sqrt(1,2)", "sqrt(x=1)", "exp(exp(exp(9)))", "sin(1)", "abs(-1)", "round(1.5)",
    "1 if 1 else 2", "f(2)", "2(3", "\"1\"", "'1'", "b'1'", "1 # comment", "..." , "…", "?", "idk",
]  # fmt: skip
OTHERS = [
    None, ..., True, False, 0, 1, -1, 0.5, 12, 10**400, -(10**400), float("nan"), float("inf"), 1j,
    b"", b"0.5", b"a", bytearray(b"a"), [], [None], ["a"], ["a", "a"], ["a", "b", "c"], [["a"]],
    [1, 2], (), ("c", "b", "a"), set(), {"x"}, frozenset({"a"}), {}, {"a": 1}, {1: "a", "b": 2},
    {"slow": "slow"}, {"slow": [], "fast": {}, "grows": None},
    {"slow": "slow", "fast": "slow", "grows": "grows"}, range(3), iter("abc"), object(), int,
    len, NoText(), NoText, [NoText()], {"slow": NoText()}, ValueError("a"),
]  # fmt: skip
HOSTILE = [*TEXTS, *OTHERS]


def test_there_are_more_than_500_hostile_replies():
    assert len(HOSTILE) * len(SAMPLES) > 500 and len({type(s.kind) for s in SAMPLES}) == 5


def timed(posed, reply):
    began = time.process_time()
    posed.judge(reply)
    return time.process_time() - began


@each
def test_any_reply_gets_one_sentence_at_once(sample):
    posed = sample.pose(1)
    for reply in HOSTILE:
        feedback, seconds = posed.judge(reply), min(timed(posed, reply) for _ in range(3))
        assert feedback.status in ("passed", "mistake", "not yet", "error")
        message = feedback.message
        assert message.isprintable() and 5 < len(message) < 200, (ascii(message), type(reply))
        assert message.endswith((".", "?")) and seconds < 0.05, (message, seconds)


@pytest.mark.parametrize(
    "reply", ["9**9**9**9", "(" * 500, "b'1'", "1 2", "True", "{answer}", "😀"]
)
def test_what_is_no_number_is_not_called_wrong(reply):
    assert NUMBER.pose(1).judge(reply).status == "error"


@each
def test_the_right_answer_typed_is_right_and_misconceptions_are_named(sample):
    for seed in range(20):
        posed = sample.pose(seed)
        assert posed.judge(typed(posed, posed.answer)).status == "passed"
        for name, wrong, message in posed.wrong:
            feedback = posed.judge(typed(posed, wrong))
            assert (feedback.status, feedback.mistake) == ("mistake", name)
            assert feedback.message == message


def test_what_is_neither_gets_the_hint():
    feedback = NUMBER.pose(1).judge("77")
    assert (feedback.status, feedback.mistake) == ("mistake", None)
    assert feedback.message == "77 is not right. A hint."


def test_slips_of_sign_and_percent_are_named_for_any_number():
    posed = NUMBER.pose(1)
    assert posed.judge(str(-posed.answer)).mistake == "sign"
    assert posed.judge(str(100 * posed.answer)).mistake == "percent"
    assert posed.judge(f"{100 * posed.answer} %").status == "passed"
    assert COUNT.pose(1).judge("1200").mistake is None


def test_an_answer_with_many_digits_may_be_rounded_to_two():
    number = Number()
    assert number.same(0.13, 2 / 15) and number.same(1.1, 1.0603)
    assert not number.same(0.12, 2 / 15) and not number.same(1.0, 1.0603)
    assert not number.same(0.14, 0.135) and not number.same(100, 105)  # these are exact
    assert number.confusable(1.063, 1.118) and not number.confusable(1.063, 1.168)


def test_a_tolerance_is_relative_and_a_count_is_exact():
    assert Number(tolerance=0.02).same(0.3654, 0.36) and not Number().same(0.368, 0.36)
    assert COUNT.pose(0).judge("12 steps").status == "passed"
    assert COUNT.pose(0).judge("12.1").status == "mistake"
    assert Number(tolerance=0, absolute=0.5).same(0.4, 0)


def test_a_choice_is_made_by_letter_key_or_text():
    posed = CHOICE.pose(0)
    letter = next(c for c, key in posed.kind.letters.items() if key == "two")
    for reply in (letter, letter.upper(), f"{letter})", f"({letter})", "two", "two & three"):
        assert posed.judge(reply).status == "passed", reply
    assert posed.judge("g").message == "Answer with a letter from a to c; got g."


def test_choices_are_in_another_order_for_another_seed():
    assert len({tuple(CHOICE.pose(seed).kind.options) for seed in range(30)}) == 6
    assert len({tuple(ORDER.pose(seed).kind.options) for seed in range(30)}) == 1


def test_several_may_be_none_and_have_no_order():
    posed = SEVERAL.pose(0)
    replies = ("a c", "c a", "ca", "C, A", "a and c", ["c", "a"], {"x", "z"})
    assert {posed.judge(reply).status for reply in replies} == {"passed"}
    assert posed.judge("none").message == "none of them is not right. A hint."
    assert posed.judge("c").message == "What you chose is right, but not complete. A hint."
    assert posed.judge("a b").message == "Not all that you chose is right. A hint."


def test_an_order_names_each_once():
    posed = ORDER.pose(0)
    for reply in ("c b a", "cba", "C, B, A", ("high", "middle", "low")):
        assert posed.judge(reply).status == "passed"
    assert "Name each of a, b and c once" in posed.judge("a b").message
    assert posed.judge("a b b").status == posed.judge("a b c c").status == "error"


def test_every_assignment_of_curves_is_judged():
    posed = MATCH.pose(0)
    statuses = [posed.judge(" ".join(p)).status for p in itertools.permutations("ABC")]
    assert sorted(statuses) == ["mistake"] * 5 + ["passed"]
    for letter, key in posed.kind.letters.items():
        factor = {"slow": 0.9, "fast": 0.5, "grows": 1.1}[key]
        assert posed.curves[letter][1] == pytest.approx(factor)


def test_a_question_whose_answers_coincide_is_refused():
    wrong = [("the same", lambda: 1), ("another", lambda: 2)]
    bad = question("bad", Number(), lambda: 1, wrong)
    with pytest.raises(ValueError, match="bad: in 200 draws two answers always coincided"):
        bad.pose(0)


def test_an_attempt_ends_with_the_second_mistake_or_the_right_answer():
    attempt = Attempt(NUMBER, seed=3)
    assert attempt.reply("what?").status == "error" and attempt.mistakes == 0
    assert attempt.reply("77").status == "mistake" and attempt.solution == ""
    attempt.reply("78")
    assert attempt.finished and attempt.mistakes == 2
    assert attempt.solution == f"The answer is {attempt.posed.answer}."
    attempt.reply(str(attempt.posed.answer))
    assert attempt.mistakes == 2  # an answer after the solution changes nothing
    attempt.again()
    assert attempt.posed.seed == 4 and not attempt.finished and attempt.solution == ""
    assert attempt.reply(str(attempt.posed.answer)).status == "passed" and attempt.finished


def test_without_a_seed_the_numbers_are_random():
    assert len({Attempt(NUMBER).posed.seed for _ in range(20)}) > 15


def test_keys_of_options_are_longer_than_the_letters_that_a_learner_types():
    with pytest.raises(ValueError, match="longer than a letter, got a and c"):
        Choice({"a": "yes", "c": "no", "other": "maybe"})
