"""Read a number as people type it: 0.36, 0,36, 9/25, 2e-3, 2·10⁻³, 1/√2, 36 %. NumPy only."""

import ast
import math
import operator
import re
import unicodedata

LONGEST = 60  # characters; nobody needs more for one number

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "·": "*", "⋅": "*", "×": "*", "∙": "*",
                        "÷": "/", "⁄": "/", "∕": "/", "^": "**", "’": "'", "\u00a0": " ",
                        "٫": "."})  # fmt: skip
_FUNCTIONS = {"sqrt": math.sqrt, "exp": math.exp, "ln": math.log, "log10": math.log10}
_CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e}
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


def read_number(text, unit=""):
    """The number that a text means, as a float.

    Decimal commas, fractions, powers of ten, roots, digits of any script and the unit itself are
    understood; a percent sign divides by 100 unless the unit is percent.
    Raises ValueError with one sentence for anything else, also for a number that is not finite.
    """
    text = unicodedata.normalize("NFC", str(text)).strip()
    if not text:
        raise ValueError("Type a number, for example 0.25.")
    if len(text) > LONGEST:
        raise ValueError(f"Type one number of at most {LONGEST} characters.")
    shown = text if text.isprintable() else ascii(text)
    plain, divisor = _without_unit(_ascii(text), unit)
    try:
        value = _evaluate(_python(plain)) / divisor
    except ZeroDivisionError:
        raise ValueError(f"{shown} divides by zero: type a number, for example 0.25.") from None
    except OverflowError:
        raise ValueError(f"{shown} is too large to be the answer: type a smaller number.") from None
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError) as error:
        raise ValueError(_complaint(error, shown, unit)) from None
    if isinstance(value, complex) or not math.isfinite(value):
        raise ValueError(f"{shown} is not a finite number: type one such as 0.25.")
    return value


class _Unclear(ValueError):
    """A text that can be read in two ways; its message is for the learner."""


def _complaint(error, shown, unit):
    if isinstance(error, _Unclear):
        return str(error)
    of = f" (in {unit})" if unit else ""
    return f"Type one number{of}, for example 0.25, 1/4 or 2e-3; {shown} could not be read as one."


def _ascii(text):
    """The text with signs and digits of any script as Python writes them."""
    text = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+", lambda m: "**(" + m[0].translate(_RAISED) + ")", text)
    text = re.sub(  # ½ and its relatives are one character
        r"(\d*)([¼-¾⅐-⅞])",
        lambda m: f"({m[1] or 0}+{unicodedata.normalize('NFKC', m[2]).replace('⁄', '/')})",
        text,
    )
    text = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _without_unit(text, unit):
    """The text without its unit, and what its number is divided by."""
    text = text.strip()
    if text.endswith("%"):
        return text[:-1], 1 if unit == "%" else 100
    match = re.fullmatch(r"(.*[\d.)\s])([^\W\d_]+)", text, re.DOTALL)
    if unit and match and match[2].casefold().rstrip("s") == unit.casefold().rstrip("s"):
        return match[1], 1
    return text, 1


def _python(text):
    """A number in the form of a Python expression."""
    text = text.strip().casefold().removesuffix(".")
    text = re.sub(r"^.*?[=≈~]\s*", "", text)  # w = 3
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3})+", text):
        raise _Unclear(
            f"{text} can be read in two ways: write {text.replace(',', '')} for the large number, "
            f"or {text.replace(',', '.')} with a decimal point."
        )
    text = re.sub(r"(?<=\d)['\s](?=\d{3}(\D|$))", "", text)  # 1'000, 1 000
    if text.count(",") > 1 or ("," in text and "." in text):
        text = re.sub(r",(?=\d{3}(\D|$))", "", text)  # 1,000.5
    text = re.sub(r"(?<=\d),(?=\d)|^,(?=\d)", ".", text)
    text = re.sub(r"√\s*(\d+\.?\d*)", r"sqrt(\1)", text).replace("√", "sqrt")
    text = re.sub(r"(?<=\d)\s*x\s*(?=10\*\*)", "*", text)  # 2 x 10**-3
    text = re.sub(r"(?<=[\d)])\s*(?=(sqrt|pi|π|exp|ln)\b|\()", "*", text)  # 2√2, 3(4)
    return text.replace("log10*(", "log10(")


def _evaluate(text):
    """The value of an arithmetic expression: numbers, + − · / powers, and a few functions."""

    def value(node):
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return float(number)
            case ast.Name(id=name) if name in _CONSTANTS:
                return _CONSTANTS[name]
            case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
                return _OPERATORS[type(op)](value(operand))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return _OPERATORS[type(op)](value(left), value(right))
            case ast.Call(func=ast.Name(id=name), args=[one], keywords=[]) if name in _FUNCTIONS:
                return _FUNCTIONS[name](value(one))
        raise ValueError(f"no number: {ast.dump(node)[:40]}")

    return value(ast.parse(text, mode="eval").body)
