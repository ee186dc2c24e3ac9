"""Every small change that can be made in a definition, found in its syntax tree.

Another operator, name or number; a term, a call or a statement left out; brackets in another
place; two lines exchanged. Standard library only.
"""

import ast
from dataclasses import dataclass

from .expressions import OPERATORS, expressions, in_place, of_call, of_operation

USUAL = (0, 1, 0.9, 0.99, 0.999, 0.1, 0.01, 0.001, 0.5, 1e-8)  # constants in place of names
ALTERED = (  # what an argument may become, likeliest first
    ("{} + 1", "{} - 1"),
    ("2 * {}", "{} / 2", "-{}", "1 - {}"),
    ("{}**2", "np.sqrt({})", "np.abs({})", "np.sign({})", "{}[::-1]", "{}[:-1]", "{}[1:]"),
)
TURN = "next(_turns)"  # the first line of each loop's body, see `mutants`


@dataclass(frozen=True)
class Change:
    """One slip: `holder.field`, or its entry `index`, becomes `new`.

    statement: where the slip is. rank: 0 for the likeliest. note: the slip in words, where the
    line itself would show what the learner has left out.
    """

    holder: ast.AST
    field: str
    index: int | None
    new: object
    statement: ast.stmt
    rank: int
    note: str = ""

    def swap(self, value):
        """Put `value` in the place and return what was there."""
        if self.index is None:
            old = getattr(self.holder, self.field)
            setattr(self.holder, self.field, value)
        else:
            entries = getattr(self.holder, self.field)
            old, entries[self.index] = entries[self.index], value
        return old


def old_name(name):
    """The name of a parameter's value from before it is assigned."""
    return f"old_{name}"


def called(statement):
    """A statement in words: the line that sets v, a loop, a condition."""
    kinds = {ast.For: "the loop", ast.While: "the loop", ast.If: "the condition"}
    if type(statement) in kinds:
        return kinds[type(statement)]
    names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
    stored = [node.id for node in names if isinstance(node.ctx, ast.Store)]
    return f"the line that sets {' and '.join(stored or [node.id for node in names[:1]])}"


class Finder:
    """Finds the changes of a function, statement by statement."""

    def __init__(self, function):
        self.function = function
        self.parameters = [argument.arg for argument in function.args.args]
        names = (node for node in ast.walk(function) if isinstance(node, ast.Name))
        stored = [node.id for node in names if isinstance(node.ctx, ast.Store)]
        self.reassigned = {*self.parameters} & {*stored}
        every = dict.fromkeys([*self.parameters, *stored])
        self.names = [name for name in every if name != "_"]  # a loop's _ is no number

    def of_parameters(self):
        """Changes of an argument at the very beginning, in the place of the first statement."""
        for name in self.parameters:
            for rank, forms in enumerate(ALTERED, 1):
                for form in forms:
                    other = form.format(name)
                    line = ast.parse(f"{name} = {other}").body[0]
                    note = f"a rule with `{other}` in place of `{name}`"
                    yield Change(self.function, "body", 0, placed(line), line, rank, note)

    def of_body(self, holder, field="body", start=0):
        """Changes of a list of statements, from `start` on, and of everything in them."""
        body = getattr(holder, field)
        for i, statement in list(enumerate(body))[start:]:
            if ast.unparse(statement) == TURN:
                continue
            yield from self.of_statement(holder, field, body, i, statement)
            yield from self.of_statements([statement])

    def of_statements(self, statements, brought=()):
        """Changes inside each of these statements. brought: names that stay as they are."""
        for statement in statements:
            for parent, name, index, node in expressions(statement):
                if isinstance(parent, ast.Expr):  # the value of such a line is not used
                    continue
                if isinstance(node, ast.Name) and node.id in brought:
                    continue
                for rank, new in self.of_expression(parent, node):
                    yield Change(parent, name, index, placed(new), statement, rank)
                for rank, part, new in in_place(node):
                    yield Change(node, part, None, new, statement, rank)
            for inner in ("body", "orelse"):
                if getattr(statement, inner, None):
                    yield from self.of_body(statement, inner)

    def of_statement(self, holder, field, body, i, statement):
        def replaced(new, rank, note="", by=1):
            new = [*body[:i], *(placed(part) for part in new), *body[i + by :]]
            return Change(holder, field, None, new, statement, rank, note)

        if not isinstance(statement, ast.Return):
            missing = f"a rule without {called(statement)}"
            yield replaced([] if len(body) > 1 else [ast.Pass()], 1, missing)
        if i + 1 < len(body) and not isinstance(body[i + 1], ast.Return):
            order = f"a rule with {called(body[i + 1])} before {called(statement)}"
            yield replaced([body[i + 1], statement], 2, order, by=2)
        if isinstance(statement, ast.For):
            once = ast.copy_location(ast.For(**vars(statement)), statement)
            once.body = [*statement.body, ast.Break()]
            yield replaced([once], 2, "a loop that ends after its first turn")
        if isinstance(statement, ast.If):
            yield replaced(statement.body, 2, "a rule without one of its conditions")
            if statement.orelse:
                yield replaced(statement.orelse, 2, "a rule without one of its cases")
        if isinstance(statement, ast.AugAssign):
            target = statement.target
            yield replaced([ast.Assign([target], statement.value)], 2)
            for operator in OPERATORS.get(type(statement.op), ()):
                yield Change(statement, "op", None, operator(), statement, 1)
        if isinstance(statement, ast.Assign):
            target, value = statement.targets[0], statement.value
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs = list(zip(target.elts, value.elts, strict=True))
                for order in (pairs, pairs[::-1]):
                    lines = [ast.Assign([name], part) for name, part in order]
                    first = ast.unparse(order[0][0])
                    yield replaced(lines, 1, f"a rule that uses the new {first} for the rest")

    def of_expression(self, parent, node):
        """Yield (rank, expression to put in place of `node`)."""
        if isinstance(node, ast.BinOp):
            yield from of_operation(node)
        elif isinstance(node, ast.UnaryOp):
            yield 0, node.operand
        elif isinstance(node, ast.Call):
            yield from of_call(node)
        elif isinstance(node, ast.Tuple):
            for i in range(len(node.elts) - 1):
                entries = list(node.elts)
                entries[i : i + 2] = entries[i : i + 2][::-1]
                yield 1, ast.Tuple(entries, ast.Load())
            return
        elif isinstance(node, ast.Subscript):
            yield 3, node.value
        elif isinstance(node, ast.IfExp):
            yield 2, node.body
            yield 2, node.orelse
        elif isinstance(node, ast.Slice):
            for lower, upper in ((None, node.upper), (node.lower, None)):
                yield 3, ast.Slice(lower, upper, node.step)
            return
        elif isinstance(node, ast.Name):
            if node.id not in self.names:
                return
            yield from self.of_name(parent, node)
        elif isinstance(node, ast.Constant):
            return
        yield from self.wrapped(parent, node)

    def of_name(self, parent, node):
        if node.id in self.reassigned:
            yield 1, ast.Name(old_name(node.id), ast.Load())
        owner = getattr(getattr(parent, "func", None), "value", None)  # of path.append(w): path
        for other in self.names:
            if other not in (node.id, getattr(owner, "id", None)):  # no list is put into itself
                yield 4, ast.Name(other, ast.Load())
        if isinstance(parent, (ast.Call, ast.Subscript)) and node in (
            getattr(parent, "func", None), getattr(parent, "value", None)
        ):  # fmt: skip
            return  # no number is called, and none has entries
        for value in USUAL:
            yield 5, ast.Constant(value)

    def wrapped(self, parent, node):
        """The expression off by one, by a factor, by a sign, by a power."""
        if isinstance(parent, ast.For):  # what a loop runs over is no number
            return
        in_range = isinstance(parent, ast.Call) and getattr(parent.func, "id", "") == "range"
        near = 1 if in_range or isinstance(parent, ast.Slice) else 3
        one, two = ast.Constant(1), ast.Constant(2)
        yield near, ast.BinOp(node, ast.Sub(), one)
        yield near, ast.BinOp(node, ast.Add(), one)
        if isinstance(parent, ast.Slice) or in_range:
            return
        yield 3, ast.BinOp(node, ast.Pow(), two)
        yield 4, ast.BinOp(one, ast.Sub(), node)
        for name in ("abs", "sign", "sqrt", "sum", "mean"):
            function = ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load())
            yield 3, ast.Call(function, [node], [])
        if isinstance(parent, ast.BinOp) and isinstance(parent.op, (ast.Mult, ast.Div)):
            return  # a factor there is a factor of the whole product
        yield 1, ast.UnaryOp(ast.USub(), node)
        yield 2, ast.BinOp(two, ast.Mult(), node)
        yield 2, ast.BinOp(node, ast.Div(), two)
        for name in self.names:
            yield 4, ast.BinOp(ast.Name(name, ast.Load()), ast.Mult(), node)
            yield 4, ast.BinOp(node, ast.Div(), ast.Name(name, ast.Load()))


def placed(node):
    """The node with places in the source, which compiling asks for."""
    return ast.fix_missing_locations(node) if isinstance(node, ast.AST) else node
