"""What learners write in place of an expression, as a table in Python's own syntax.

In a pattern a single letter stands for any expression and every other name for itself.
Standard library only.
"""

import ast
from functools import cache
from itertools import product
from types import MappingProxyType

OPERATORS = "+", "-", "*", "/", "**", "//", "%", "@"
OTHER_OPERATORS = {
    "+": "-", "-": "+", "*": "/ +", "/": "*", "**": "*", "//": "/ %", "%": "//", "@": "*",
    "<": "<= >", "<=": "< >=", ">": ">= <", ">=": "> <=", "==": "!=", "!=": "==",
    "and": "or", "or": "and",
}  # fmt: skip
OTHER_FUNCTIONS = {
    "mean": "sum median", "sum": "mean max", "max": "min sum mean len", "min": "max",
    "maximum": "minimum", "minimum": "maximum", "argmin": "argmax", "argmax": "argmin",
    "abs": "sign", "sign": "abs", "sqrt": "square abs", "cos": "sin", "sin": "cos", "exp": "log",
    "log": "log2 log10 exp", "std": "var", "var": "std", "floor": "ceil", "ceil": "floor round",
    "zeros_like": "ones_like", "linalg.norm": "sum max",
}  # fmt: skip

REWRITES = (  # rank (0 for the likeliest), pattern, what is written in its place
    *((0, f"a {op} b", *(f"a {other} b" for other in others.split()))
      for op, others in OTHER_OPERATORS.items()),
    *((0, f"{np}{name}", *(f"{np}{other}" for other in others.split()))
      for name, others in OTHER_FUNCTIONS.items() for np in ("", "np.")),
    # something left out
    *((0, f"a {op} b", "a", "b") for op in OPERATORS),
    (0, "-a", "a"),
    (0, "not a", "a"),
    *((0, call, "a") for call in ("f(a)", "f(a, b)", "f(a, b, c)")),
    *((2, f"f(a, {keyword}=b)", "f(a)", "a") for keyword in ("axis", "dtype")),
    (2, "a if b else c", "a", "c"),
    (3, "a[b]", "a"),
    (3, "a[b:c]", "a[b:]", "a[:c]"),
    # something exchanged
    *((1, f"a {op} b", f"b {op} a") for op in OPERATORS if op not in "+*"),
    (1, "a - b", "-b"),
    (1, "(a, b)", "(b, a)"),
    (1, "(a, b, c)", "(b, a, c)", "(a, c, b)"),
    (2, "f(a, b)", "f(b, a)"),
    (2, "f(a, b, c)", "f(b, a, c)", "f(a, c, b)"),
    # brackets in another place
    *((1, f"(a {one} b) {two} c", f"a {one} (b {two} c)")
      for one, two in product(OPERATORS, OPERATORS)),
    *((1, f"a {one} (b {two} c)", f"(a {one} b) {two} c")
      for one, two in product(OPERATORS, OPERATORS)),
    *((1, f"f(a) {op} b", f"f(a {op} b)") for op in OPERATORS),
    *((1, f"a {op} f(b)", f"f(a {op} b)") for op in OPERATORS),
    *((1, f"f(a {op} b)", f"f(a) {op} b", f"a {op} f(b)", f"f(a) {op} f(b)") for op in OPERATORS),
)  # fmt: skip
OFF_BY_ONE = ((1, "_ + 1", "_ - 1"),)
FACTORS = ((1, "-_"), (2, "2 * _", "_ / 2"))
WRONG_VALUES = (
    (3, "_ + 1", "_ - 1", "_**2"),
    (3, *(f"np.{name}(_)" for name in ("abs", "sign", "sqrt", "sum", "mean"))),
    (4, "1 - _"),
)
OF_ARGUMENTS = (*FACTORS, *WRONG_VALUES, (3, "_[::-1]", "_[:-1]", "_[1:]"))


def rewritten(node, most):
    """Yield (rank, expression) up to a rank for what may be written in place of an expression."""
    for rank, pattern, replacements in _by_root().get(_root(node), ()):
        if rank <= most and _matches(pattern, node, found := {}):
            for text in replacements:
                yield rank, filled(text, found)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        n = node.value
        near = [n - 1, n + 1] if isinstance(n, int) else []
        for value in dict.fromkeys((*near, n / 2, 2 * n, 1, 0, 10 * n, -n)):
            if value != n and (rank := 2 if value in near else 3) <= most:
                yield rank, filled(repr(value))


def forms(table, node, most):
    """Yield (rank, expression) up to a rank for a table in which a node takes the place of _."""
    for rank, *texts in table:
        for text in texts if rank <= most else ():
            yield rank, filled(text, {"_": node})


def filled(text, found=MappingProxyType({})):
    """The expression of a text, with other expressions in place of its names. found: by name."""
    return _Filler(found).visit(ast.parse(text, mode="eval").body)


class _Filler(ast.NodeTransformer):
    def __init__(self, found):
        self.found = found

    def visit_Name(self, node):
        return self.found.get(node.id, node)


@cache
def _by_root():
    """The table by the root of its patterns, so that few patterns are tried for each node."""
    table = {}
    for rank, text, *replacements in REWRITES:
        pattern = ast.parse(text, mode="eval").body
        table.setdefault(_root(pattern), []).append((rank, pattern, replacements))
    return table


def _root(node):
    return type(node), type(getattr(node, "op", None))


def _matches(pattern, node, found):
    """Whether a node has the form of a pattern. found: receives the expressions by letter."""
    if isinstance(pattern, ast.Name) and len(pattern.id) == 1:
        found[pattern.id] = node
        return True
    if isinstance(pattern, list):
        return len(pattern) == len(node) and all(
            _matches(*pair, found) for pair in zip(pattern, node, strict=True)
        )
    if not isinstance(pattern, ast.AST):
        return pattern == node
    return type(pattern) is type(node) and all(
        _matches(getattr(pattern, field), getattr(node, field), found) for field in pattern._fields
    )
