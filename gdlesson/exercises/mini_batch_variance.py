"""Exercise of lesson 07: how noisy the mean of a batch is."""

from ..checking.exercise import Convention, Exercise, Mistake, edit, either
from ..checking.probes import Call


def variance_of_batch(sigma2, B, n):
    return sigma2 / B * (1 - B / n)


def _variance_probes():
    return [
        Call(6.0, 32, 333),
        Call(4.0, 1, 10),
        Call(9.0, 3, 12),
        Call(2.5, 128, 333),
        Call(0.5, 7, 8, note="a batch of almost all examples"),
        Call(3.0, 333, 333, note="a batch of all examples"),
        Call(250.0, 64, 50_000),
        Call(1e-4, 2, 5, atol=1e-18),
        Call(7, 2, 6, note="whole numbers"),
    ]


ONE, SHARE = "sigma2 / B", "(1 - B / n)"

# fmt: off
VARIANCE_MISTAKES = [
    Convention("sigma2 with n in its denominator",
        either((SHARE, "((n - B) / (n - 1))")),
        "This is right for a σ² that has n in its denominator, as np.var computes it. It is not "
        "wrong, but our σ² has n − 1 there, and then the factor is 1 − B/n. For n = 333 the two "
        "differ by 0.3 %."),
    Mistake("with replacement",
        edit((f"{ONE} * {SHARE}", ONE)),
        "This is the variance with replacement, where n has no effect. Here no example is drawn "
        "twice. With {given} the answer should be {expected}, and yours is {got}. How large is "
        "the variance of a batch that contains all examples?"),
    Mistake("the spread, not the variance",
        either((f"{ONE} * {SHARE}", f"({ONE} * {SHARE}) ** 0.5")),
        "You return the square root of the variance, which is the standard deviation. With {given} "
        "the variance is {expected}. Which of your operations takes the root?"),
    Mistake("proportional to one over the square root of B", edit((ONE, "sigma2 / B**0.5")),
        "Your variance is divided by √B. It is the standard deviation that is divided by √B. By "
        "what is the variance divided?"),
    Mistake("divided by B squared", edit((ONE, "sigma2 / B**2")),
        "You divide by B². The mean divides the sum by B, so its variance is divided by B², but "
        "the variance of the sum grows with B. What remains of B²?"),
    Mistake("the sum, not the mean", edit((ONE, "sigma2 * B")),
        "This is the variance of the sum of the batch. The gradient of a batch is the mean. By "
        "what is the variance of a sum divided if the sum is divided by B?"),
    Mistake("not divided by B", edit((f"{ONE} * {SHARE}", f"sigma2 * {SHARE}")),
        "You do not divide by B. With {given} the answer should be {expected}, and yours is {got}. "
        "How does the variance change if a batch has twice as many examples?"),
    Mistake("divided by n", edit((ONE, "sigma2 / n")),
        "You divide by n, the number of all examples. The mean is taken over the batch. How many "
        "examples does it have?"),
    Mistake("divided by B − 1",
        either((ONE, "sigma2 / max(B - 1, 1)"), (ONE, "sigma2 / (B - 1 or 1)")),
        "You divide by B − 1. That denominator estimates σ² from a sample; here σ² is given. With "
        "{given} the answer should be {expected}, and yours is {got}. By what does a mean of B "
        "numbers divide their sum?"),
    Mistake("the share that is drawn", edit((SHARE, "(B / n)")),
        "Your factor is B/n, the share of the examples in the batch. With it, larger batches have "
        "no less noise. Which factor is 0 when the batch contains all examples?"),
    Mistake("n over B", either((SHARE, "(1 - n / B)"), (SHARE, "(n / B - 1)")),
        "Your factor contains n/B, which is at least 1. A variance is never negative. Which "
        "fraction is the share of the examples that is drawn?"),
    Mistake("plus for minus", edit((SHARE, "(1 + B / n)")),
        "Your factor is 1 + B/n, so it is above 1. Without replacement there is less noise than "
        "with it. Which factor is 0 when B = n?"),
    Mistake("root of the factor", edit((SHARE, f"{SHARE} ** 0.5")),
        "You take the square root of 1 − B/n. The standard deviation contains this root. With "
        "{given} the variance is {expected}, and yours is {got}. Which power of the factor belongs "
        "to the variance?"),
    Mistake("square of the factor", edit((SHARE, f"{SHARE} ** 2")),
        "You square the factor 1 − B/n. With {given} the variance is {expected}, and yours is "
        "{got}. How many times does the factor appear in the formula?"),
    Mistake("one example for the batch", edit((SHARE, "(1 - 1 / n)")),
        "Your factor is 1 − 1/n, which is right for a batch of one example only. With {given} the "
        "answer should be {expected}, and yours is {got}. Which share of the examples does a batch "
        "of B leave out?"),
    Mistake("the number that is left out",
        edit((SHARE, "(n - B)")),
        "Your factor n − B is a number of examples. The formula needs a share, between 0 and 1. "
        "By what must n − B be divided?"),
    Mistake("sigma2 squared again", edit((ONE, "sigma2**2 / B")),
        "You square sigma2, but it is σ² already. With {given} the answer "
        "should be {expected}, and yours is {got}. Which power of sigma2 is needed?"),
    Mistake("n − 1 in the factor", either((SHARE, "(1 - B / (n - 1))")),
        "Your factor is 1 − B/(n − 1). The n − 1 is already in σ². How large should the factor be "
        "for a batch that contains all examples, B = n, and how large is yours?"),
    Mistake("missing brackets", edit((f"{ONE} * {SHARE}", f"{ONE} * 1 - B / n")),
        "You subtract B/n from σ²/B, because Python multiplies before it subtracts. B/n should be "
        "subtracted from 1. Which brackets are missing?"),
    Mistake("brackets in the wrong place", edit((SHARE, "((1 - B) / n)")),
        "Your factor is (1 − B)/n, because Python computes what is in brackets first. A variance "
        "is never negative. Which part should be divided by n?"),
    Mistake("whole division",
        either((ONE, "sigma2 // B"), (SHARE, "(1 - B // n)")),
        "Your division cuts off decimals. In Python // rounds down to a whole number. Which "
        "operator divides exactly?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="variance_of_batch",
        signature="variance_of_batch(sigma2, B, n)",
        reference=variance_of_batch,
        mistakes=VARIANCE_MISTAKES,
        probes=_variance_probes,
        hints=[
            "With replacement the variance would be sigma2 / B.",
            "Without replacement, multiply by the share of the examples that the batch leaves out.",
            "This share is 1 − B / n.",
        ],
    ),
]
