"""Exercises of lesson 05: the gradient of the mean squared error of a line, standardised data."""

import numpy as np

from ..checking.exercise import Convention, Exercise, Mistake, edit, either
from ..checking.probes import Call, scattered


def mse_gradient(w, b, x, y):
    r = w * x + b - y
    dw = 2 * np.mean(r * x)
    db = 2 * np.mean(r)
    return dw, db


def probes():
    """Lines and points: from 1 to 150 examples, b = 0 first, whole numbers, a perfect line."""
    x, y = np.array([1.0, 2.0, 4.0]), np.array([2.0, 3.0, 7.0])
    return [
        Call(0.5, 0.0, x, y),
        Call(0.5, 1.5, x, y),
        Call(-1.2, 0.7, [0.01, 30.0, -1.0, 0.0, 2.5], [5.0, 1.0, 0, -3.0, 2.0]),
        Call(3, -1, [3, 1, 4, 1], [2, 7, 1, 8]),
        Call(1.5, -0.5, [-3.0], [6.5]),
        Call(1.5, -1.0, [1.0, 20.0, 400.0], [0.5, 29.0, 599.0]),
        Call(20.0, 3.5, [50.37, -8.071], [-600.7, 900.1]),
        Call(0.8, 0.4, scattered(60, 1e-3, 3, 1), scattered(60, 0.1, 5, 2)),
        Call(-250.0, 0.03, scattered(150, 1e-8, 1e3, 3), scattered(150, 1e-8, 1e6, 4)),
    ]


# fmt: off
MISTAKES = [
    Mistake("uphill is downhill", edit((" - y", " - y\n    r = -r")),
        "Both derivatives have the wrong sign. A gradient points in the direction in which the "
        "loss grows, and yours points downhill. Which of the prediction and y should be "
        "subtracted from the other?"),
    Mistake("sum for mean", edit(("mean(r * x)", "sum(r * x)"), ("mean(r)", "sum(r)")),
        "You take the sum over the examples instead of the mean. Twice as many examples then "
        "give a gradient that is twice as large, and the step size would have to change with it. "
        "What makes the result independent of the number of examples?"),
    Convention("half the squares", edit(("dw = 2 * ", "dw = "), ("db = 2 * ", "db = ")),
        "This is the gradient of half the mean squared error, ½ · mean((wx + b − y)²), which "
        "many courses use because the 2 cancels. It is not wrong, and it is half as large as "
        "ours. Our loss has no ½: dw = 2 · mean(r · x)."),
    Mistake("no x in the slope", edit(("r * x", "r")),
        "dw does not contain x. If w changes, the line moves far from x = 0 more than near it. "
        "By how much does wx + b change at x when w grows by 1?"),
    Mistake("x in both", edit(("mean(r)", "mean(r * x)")),
        "db contains x, as dw does. If b changes, the line moves by the same amount everywhere. "
        "By how much does wx + b change at x when b grows by 1?"),
    Mistake("b is left out", edit((" + b", "")),
        "The residual does not contain the intercept b. Your function is therefore right only "
        "for b = 0. What is the model's prediction at x = 0?"),
    Mistake("every x with every y",
        (edit(("w * x + b - y", "(w * x + b)[:, None] - y"), ("r * x", "r * x[:, None]")),
         edit(("w * x + b - y", "w * x + b - y[:, None]"), ("r * x", "r * x[:, None]"))),
        "Your residuals compare every prediction with every y, which makes n × n of them. This "
        "happens when one of the two arrays is a column and the other is not. Which shapes do "
        "your predictions and y have?"),
    Mistake(
        "absolute error",
        (
            edit(
                ("2 * np.mean(r * x)", "np.mean(np.sign(r) * x)"),
                ("2 * np.mean(r)", "np.mean(np.sign(r))"),
            ),
            edit(("w * x + b - y", "np.abs(w * x + b - y)")),
        ),
        "Your residuals have lost their size or their sign. Points above and below the line should "
        "pull in opposite directions, each in proportion to its distance. Which of the two is left "
        "in yours?",
    ),
    Mistake("the loss, not its slope",
        (edit(("2 * np.mean(r * x)", "np.mean(r**2)"), ("2 * np.mean(r)", "np.mean(r**2)")),
         edit(("mean(r * x)", "mean(r**2 * x)"), ("mean(r)", "mean(r**2)")),
         edit(("2 * np.mean(r * x)", "np.mean(r**2 * x)"), ("2 * np.mean(r)", "np.mean(r**2)"))),
        "Your result still contains the squared residuals. With {given} your function gives "
        "{got} instead of {expected}. What is the derivative of r² with respect to r?"),
    Mistake("2 in one of them", either(("dw = 2 * ", "dw = "), ("db = 2 * ", "db = ")),
        "Only one of dw and db contains the factor 2. Both are derivatives of the same squares. "
        "Where does the 2 come from, and what does it multiply?"),
    Mistake("one sign", either(("dw = 2", "dw = -2"), ("db = 2", "db = -2")),
        "One of dw and db has the wrong sign. One of the two parameters would then go uphill "
        "while the other goes downhill. Is the residual the same in both lines?"),
    Mistake("b taken away", edit((" + b", " - b")),
        "The residual subtracts b where the model adds it. Your function is therefore right only "
        "for b = 0. What is the model's prediction at x?"),
    Mistake("brackets",
        either(("r * x", "(w * x + b) * x - y"), ("r * x", "w * x + b - y * x"),
               ("2 * np.mean(r * x)", "2 * np.mean((w * x + b) * x) - np.mean(y * x)"),
               ("2 * np.mean(r)", "2 * np.mean(w * x + b) - np.mean(y)"),
               ("w * x + b - y", "w * x + b - y / 2")),
        "A factor multiplies only a part of the residual. With {given} your function gives {got} "
        "instead of {expected}. Where are the brackets that hold the whole residual together?"),
    Mistake("y in place of x", edit(("r * x", "r * y")),
        "In dw each residual is multiplied by its y. The derivative of the prediction wx + b "
        "belongs there. By how much does wx + b change when w grows by 1?"),
    Mistake("x twice", edit(("r * x", "r * x**2")),
        "In dw each residual is multiplied by x². The derivative of the prediction wx + b "
        "belongs there. By how much does wx + b change when w grows by 1?"),
    Mistake("divided by n − 1",
        either(("return dw, db", "c = len(x) / np.float64(len(x) - 1)\n    return c * dw, c * db"),
               ("return dw, db", "c = len(x) / max(len(x) - 1, 1)\n    return c * dw, c * db")),
        "You divide by n − 1, as in the variance of a sample. The loss is the mean over all n "
        "examples. How many numbers are added up in this mean?"),
    Mistake("divided by n twice",
        either(("return dw, db", "return dw / len(x), db / len(x)"),
               ("dw = ", "dw = 1 / len(x) * "), ("db = ", "db = 1 / len(x) * ")),
        "You divide by the number of examples twice. There is no difference for a single "
        "example, but with n examples the result is n times too small. By what does a mean "
        "already divide?"),
    Mistake("no mean", either(("np.mean(r * x)", "(r * x)"), ("np.mean(r)", "r")),
        "Your function returns a derivative for each example. The loss is one number, so it has "
        "one derivative with respect to w and one with respect to b. How do the examples become "
        "one number?"),
    Mistake("one example only",
        (edit(first="x, y = x[:1], y[:1]"), edit(first="x, y = x[-1:], y[-1:]"),
         edit(("return dw, db", "return dw / n, db / n"), first="n, x, y = len(x), x[:1], y[:1]")),
        "Your result uses only one of the examples. With a single example there is no "
        "difference. Is there a return inside a loop, or a value that every turn of the loop "
        "overwrites?"),
    Mistake("an example is left out",
        either((" - y", " - y\n    r[0] = 0"), (" - y", " - y\n    r[-1] = 0")),
        "One of the examples has no effect. A loop over n examples needs the indices from 0 to n "
        "− 1. With which index does yours begin, and with which does it end?"),
    Mistake("slopes swapped", edit(("return dw, db", "return db, dw")),
        "dw and db are returned in the wrong order. The derivative with respect to w comes "
        "first. Which of your two values contains x?"),
    Mistake("x outside the mean",
        either(("(r * x)", "(r) * x"), ("(r * x)", "(r) * np.mean(x)"),
               ("(r * x)", "(r) * np.sum(x)"), ("(r * x)", "(r) * x[-1]")),
        "x is outside the mean, so every residual is multiplied by the same number. Each "
        "residual belongs to its own x. In which order should you multiply and take the mean?"),
    Mistake("mean for one, sum for the other",
        either(("mean(r * x)", "sum(r * x)"), ("mean(r)", "sum(r)")),
        "One of dw and db is a mean over the examples and the other is a sum. They are then not "
        "derivatives of the same loss. Which of the two grows with the number of examples?"),
    Mistake("w in place of x",
        (edit(("r * x", "r * w")), edit(("r * x", "r * w"), ("mean(r)", "mean(r * b)"))),
        "In dw each residual is multiplied by w. The derivative of wx with respect to w is not "
        "w. By how much does wx change when w grows by 1?"),
    Mistake("no residual",
        either(("w * x + b - y", "w * x + b"), ("w * x + b - y", "-y"), ("- y", "+ y")),
        "You do not use the difference between the predictions and y. The gradient should be 0 "
        "where the line passes through all points. What should be compared with y?"),
]
# fmt: on


def standardise(x):
    if np.min(x) == np.max(x):
        return np.zeros(len(x))
    return (x - np.mean(x)) / np.std(x)


def _column_probes():
    """Columns of 1 to 200 numbers, large, tiny and whole ones, and three that are constant."""
    flippers = [181.0, 193.0, 210.0, 222.0]
    return [
        Call(flippers),
        Call([2.0, 4.0]),
        Call([7, 1, 4, 1, 9]),
        Call([-3.0, 0.5, 2.25, 40.0, -8.0, 1.0]),
        Call([3e-5, 8e-5, 1e-5]),
        Call([4.0, 4.0, 4.0], note="a constant column"),
        Call([-2, -2], note="a constant column of whole numbers"),
        Call([6.5], note="a single number"),
        Call(scattered(200, 1e-3, 1e6, 5), note="200 numbers"),
    ]


CENTRED, DEVIATION, WHOLE = "x - np.mean(x)", "np.std(x)", "(x - np.mean(x)) / np.std(x)"
ZEROS, CONSTANT = "np.zeros(len(x))", "np.min(x) == np.max(x)"
RANGE = "(np.max(x) - np.min(x))"
SMALL = ("1e-12", "1e-10", "1e-9", "1e-8", "1e-7", "1e-6", "1e-5", "1e-3")

# fmt: off
COLUMN_MISTAKES = [
    Mistake("only centred", edit((WHOLE, f"({CENTRED})")),
        "Your function subtracts the mean, and it does not change the scale. The curvature along "
        "w is then 2·mean(x²), which is 392 for the penguins. By what should the centred column "
        "be divided?"),
    Mistake("only scaled", edit((WHOLE, f"x / {DEVIATION}")),
        "Your function divides by the standard deviation, and it does not subtract the mean. w "
        "and b then still compensate each other. What should the mean of the result be?"),
    Convention("n − 1 in the deviation",
        (edit((DEVIATION, "np.std(x, ddof=1)")),
         edit((DEVIATION, "np.std(x, ddof=1)"), (CONSTANT, "np.std(x, ddof=1) == 0")),
         edit((DEVIATION, "(np.std(x) * np.sqrt(len(x) / (len(x) - 1)))"))),
        "Your standard deviation divides by n − 1, as for a sample in statistics. It is not "
        "wrong, and for many examples the difference is small. We divide by n, so that the mean "
        "of the squares of the result is exactly 1."),
    Mistake("min–max scaling", edit((WHOLE, f"(x - np.min(x)) / {RANGE}")),
        "This is min–max scaling, which maps the column onto the range from 0 to 1. It is "
        "another common method, but its result does not have mean 0. Which two numbers describe "
        "the middle and the spread of a column here?"),
    Mistake("divided by the range", edit((DEVIATION, RANGE)),
        "You divide by the range, the largest number minus the smallest. This is called mean "
        "normalisation, and its result does not have standard deviation 1. Which measure of "
        "spread should be in the denominator?"),
    Mistake("divided by the largest",
        (edit((WHOLE, "x / np.max(np.abs(x))")), edit((DEVIATION, "np.max(np.abs(x))")),
         edit((DEVIATION, "np.max(np.abs(x - np.mean(x)))")), edit((WHOLE, "x / np.max(x)"))),
        "You divide by the largest number of the column. One unusual penguin then decides the "
        "scale of all. Which measure of spread uses every number of the column?"),
    Mistake("variance for the deviation", edit((DEVIATION, "np.var(x)")),
        "You divide by the variance, the square of the standard deviation. With {given} your "
        "function gives {got} instead of {expected}. In which unit is the variance of a column in "
        "mm?"),
    Mistake("multiplied", edit((") / ", ") * ")),
        "You multiply by the standard deviation. A column with a large spread then gets a larger "
        "one. What is the standard deviation of c·x, if that of x is s?"),
    Mistake("brackets",
        (edit((WHOLE, "x - np.mean(x) / np.std(x)")), edit((WHOLE, "x / np.std(x) - np.mean(x)"))),
        "Only a part of the difference is divided by the standard deviation. With {given} your "
        "function gives {got} instead of {expected}. Which brackets make the subtraction come "
        "first?"),
    Mistake("sign",
        either((CENTRED, "np.mean(x) - x"), (CENTRED, "x + np.mean(x)")),
        "The difference from the mean has a wrong sign. The result of a flipper that is longer "
        "than the average should be positive, and the average flipper should become 0. What is "
        "subtracted from what?"),
    Mistake("a constant column divides by 0",
        edit((CONSTANT, "False")),
        "A constant column makes your function divide by 0. Its standard deviation is 0, and the "
        "result of 0/0 is not a number. What should your function return for it, and how can it "
        "recognise such a column?"),
    Mistake("constant column",
        either((ZEROS, "x"), (ZEROS, "1.0 * x"), (ZEROS, "np.ones(len(x))"), (ZEROS, "0.0"),
               (ZEROS, "np.zeros(len(x) + 1)"), (ZEROS, "x / np.max(x)")),
        "A constant column is not returned as zeros. Every number of it is the average, so each "
        "one is 0 away from it. What is a zero for each number of x?"),
    Convention("a small number in the denominator",
        tuple(edit((DEVIATION, f"(np.std(x) + {small})")) for small in SMALL),
        "You add a small number to the standard deviation, so that nothing is divided by 0. Many "
        "programs do this, and it is not wrong, but it changes a column of very small numbers. "
        "We return zeros for a constant column, and divide the others by the deviation itself."),
    Mistake("median", edit((CENTRED, "x - np.median(x)")),
        "You subtract the median instead of the mean. The two differ when the numbers are not "
        "symmetric. With which of them is the mean of the result 0?"),
    Mistake("smallest subtracted", edit((CENTRED, "x - np.min(x)")),
        "You subtract the smallest number instead of the mean. The result then has no negative "
        "numbers, and its mean is not 0. Which number lies in the middle of the column?"),
    Mistake("mean distance", edit((DEVIATION, "np.mean(np.abs(x - np.mean(x)))")),
        "You divide by the mean distance from the mean. The standard deviation is the square "
        "root of the mean of the squares. Which function of NumPy computes it?"),
    Mistake("mean square without centring", edit((DEVIATION, "np.sqrt(np.mean(x**2))")),
        "You divide by the root of mean(x²) of the column before centring. That is the standard "
        "deviation only for a column with mean 0. From where should the squares be measured?"),
    Mistake("unit length", either((DEVIATION, "np.linalg.norm(x - np.mean(x))"),
                                  (DEVIATION, "np.sqrt(np.sum((x - np.mean(x)) ** 2))")),
        "You divide by the square root of the sum of the squares, not of their mean. The result "
        "then becomes smaller with every example that is added. What is missing under the root?"),
    Mistake("one number", either(
            (WHOLE, "(x[0] - np.mean(x)) / np.std(x)"),
            (WHOLE, "np.mean((x - np.mean(x)) / np.std(x))"), (WHOLE, "np.std(x)")),
        "Your function returns one number for the whole column. Each penguin has its own "
        "distance from the average. Which shape should the result have?"),
]
# fmt: on

EXERCISES = [
    Exercise(
        name="mse_gradient",
        signature="mse_gradient(w, b, x, y)",
        reference=mse_gradient,
        mistakes=MISTAKES,
        probes=probes,
        hints=[
            "Begin with the residuals r = wx + b − y, the prediction minus y for each example.",
            "The derivative of r² is 2r, times the derivative of r: x with respect to w, and 1 "
            "with respect to b.",
            "dw is 2 · mean(r · x), and db is 2 · mean(r).",
        ],
        returns=("dw", "db"),
    ),
    Exercise(
        name="standardise",
        signature="standardise(x)",
        reference=standardise,
        mistakes=COLUMN_MISTAKES,
        probes=_column_probes,
        hints=[
            "np.mean(x) is the mean of the column, and np.std(x) its standard deviation, with n.",
            "Subtract the mean from x first, and divide the difference by the standard deviation.",
            "A constant column has np.min(x) == np.max(x). Return np.zeros(len(x)) for it.",
        ],
        returns=("the column",),
    ),
]
