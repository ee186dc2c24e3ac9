"""Small changes of an expression: what may be written in its place. Standard library only."""

import ast

OPERATORS = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.MatMult: (ast.Mult,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
CALLS = {
    "mean": ("sum", "median"),
    "sum": ("mean", "max"),
    "max": ("min", "sum", "mean", "len"),
    "min": ("max",),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "argmin": ("argmax",),
    "argmax": ("argmin",),
    "abs": ("sign",),
    "sign": ("abs",),
    "sqrt": ("square", "abs"),
    "cos": ("sin",),
    "sin": ("cos",),
    "exp": ("log",),
    "log": ("log2", "log10", "exp"),
    "std": ("var",),
    "var": ("std",),
    "floor": ("ceil",),
    "ceil": ("floor", "round"),
    "zeros_like": ("ones_like",),
    "norm": ("sum", "max"),
}


def of_operation(node):
    """Operands left out or exchanged, and brackets in another place."""
    left, right, op = node.left, node.right, node.op
    yield 0, left
    yield 0, right
    if isinstance(op, ast.Sub):
        yield 1, ast.UnaryOp(ast.USub(), right)
    if not isinstance(op, (ast.Add, ast.Mult)):
        yield 1, ast.BinOp(right, op, left)
    if isinstance(left, ast.BinOp):
        yield 1, ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right))
    if isinstance(right, ast.BinOp):
        yield 1, ast.BinOp(ast.BinOp(left, op, right.left), right.op, right.right)
        if isinstance(right.op, ast.Pow):
            power = ast.BinOp(left, op, right.left)
            yield 1, ast.BinOp(power, ast.Pow(), right.right)
    for inner, outer, first in ((left, right, True), (right, left, False)):
        if isinstance(inner, ast.Call) and len(inner.args) == 1:
            sides = (inner.args[0], outer) if first else (outer, inner.args[0])
            yield 1, ast.Call(inner.func, [ast.BinOp(sides[0], op, sides[1])], inner.keywords)


def of_call(node):
    """A call left out, its arguments exchanged, and brackets of it in another place."""
    if node.args:
        yield 0, node.args[0]
    for i in range(len(node.args) - 1):
        entries = list(node.args)
        entries[i : i + 2] = entries[i : i + 2][::-1]
        yield 2, ast.Call(node.func, entries, node.keywords)
    for i in range(len(node.keywords)):
        yield 2, ast.Call(node.func, node.args, [*node.keywords[:i], *node.keywords[i + 1 :]])
    if len(node.args) == 1 and isinstance(node.args[0], ast.BinOp):
        inner = node.args[0]

        def called(part):
            return ast.Call(node.func, [part], node.keywords)

        yield 1, ast.BinOp(called(inner.left), inner.op, inner.right)
        yield 1, ast.BinOp(inner.left, inner.op, called(inner.right))
        yield 1, ast.BinOp(called(inner.left), inner.op, called(inner.right))


def in_place(node):
    """Yield (rank, field, new value) for changes inside a node, which go with any other."""
    if isinstance(node, (ast.BinOp, ast.BoolOp)):
        for operator in OPERATORS.get(type(node.op), ()):
            yield 0, "op", operator()
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for operator in OPERATORS.get(type(node.ops[0]), ()):
            yield 0, "ops", [operator()]
    elif isinstance(node, ast.Attribute):
        for name in CALLS.get(node.attr, ()):
            yield 0, "attr", name
    elif isinstance(node, ast.Name):
        for name in CALLS.get(node.id, ()):
            yield 0, "id", name
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        number = node.value
        near = (number - 1, number + 1) if isinstance(number, int) else ()
        for value in dict.fromkeys((*near, number / 2, 2 * number, 1, 0, 10 * number, -number)):
            if value != number:
                yield 2 if value in near else 3, "value", value


def expressions(statement):
    """Yield (parent, field, index, node) for the expressions of a statement, not of inner ones."""
    waiting = [statement]
    while waiting:
        parent = waiting.pop()
        for field, value in ast.iter_fields(parent):
            entries = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
            for index, node in entries:
                if isinstance(node, (ast.comprehension, ast.keyword)):
                    waiting.append(node)
                if not isinstance(node, ast.expr) or isinstance(
                    getattr(node, "ctx", None), ast.Store
                ):
                    continue
                if not isinstance(node, ast.Lambda):
                    yield parent, field, index, node
                waiting.append(node)
