"""Mutants: every small slip that can be made in a reference, found in its syntax tree.

A mutant is one change of the tree: another operator, name or number, a term, a call or a
statement left out, brackets in another place, two lines exchanged. Changes are made in place and
undone, because copying a tree takes ten times as long as compiling it. Standard library only.
"""

import ast
from dataclasses import dataclass

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
    "max": ("min", "sum", "mean"),
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
USUAL = (0.0, 1.0, 0.5, 0.9, 0.99, 0.999, 0.1, 0.01, 1e-8)
TURN = "next(_turns)"  # the first line of each loop's body: a changed loop may have no end


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


class made:
    """Make changes for the time of a `with` block."""

    def __init__(self, changes):
        self.changes = changes

    def __enter__(self):
        self.old = [change.swap(change.new) for change in self.changes]

    def __exit__(self, *error):
        for change, old in zip(reversed(self.changes), reversed(self.old), strict=True):
            change.swap(old)


class Mutants:
    """The changes of a definition, likeliest first, and the functions they make.

    source: the text of the definition. reference: the function whose module it belongs to.
    Raises SyntaxError or ValueError where the text is no definition.
    """

    def __init__(self, source, reference):
        self.tree = ast.parse(source)
        (self.function,) = self.tree.body
        if not isinstance(self.function, ast.FunctionDef):
            raise ValueError("only a definition has mutants")
        self._finder, self.limit, self._given = _Finder(self.function), 10**7, None
        self._globals = {**reference.__globals__, "_allowed_turns": self._allowed_turns}
        _count_turns(self.function)
        self._statements = list(self.function.body)
        first = [f"{_old(name)} = {name}" for name in sorted(self._finder.reassigned)]
        first = ast.parse("\n".join([*first, "_turns = _allowed_turns()"])).body
        self._first = [_placed(line) for line in first]
        self.function.body[:0] = self._first
        self.changes = self._sorted(self._finder.of_body(self.function, start=len(self._first)))

    def limit_turns(self, run):
        """Allow a changed function twice the turns of its loops that the unchanged one takes.

        run: calls the function it is given on everything that it will be called on.
        """
        self._given = []
        run(self.make())
        used = [self.limit - turns.__length_hint__() for turns in self._given]
        self.limit, self._given = 2 * max(used, default=0) + 100, None

    def _allowed_turns(self):
        turns = iter(range(self.limit))
        if self._given is not None:
            self._given.append(turns)
        return turns

    def _sorted(self, changes):
        return sorted(changes, key=lambda change: change.rank)

    def make(self, *changes):
        """Compile the function with these changes; None where there is no such function."""
        names = {}
        with made(changes):
            try:
                code = compile(self.tree, f"<{self.function.name}, changed>", "exec")
                exec(code, self._globals, names)
            except (SyntaxError, ValueError, TypeError):
                return None
        return names[self.function.name]

    def lines(self, *changes):
        """The changed statements as text, each once; or what is missing, in words."""
        with made(changes):
            return list(dict.fromkeys(change.note or _line(change.statement) for change in changes))

    def edited(self, source):
        """Return the change that turns the definition into an edited one, and the changes in it.

        Statements that the edit leaves alone are shared, so that their changes go with it. None
        where the edit takes statements away.
        """
        function = ast.parse(source).body[0]
        _count_turns(function)
        new, old = function.body, self._statements
        more = len(new) - len(old)
        if more < 0:
            return None, []
        same = [ast.dump(a) == ast.dump(b) for a, b in zip(new[more:], old, strict=True)]
        fresh = [*new[:more], *(b for b, alike in zip(new[more:], same, strict=True) if not alike)]
        lines = [a if alike else b for a, b, alike in zip(old, new[more:], same, strict=True)]
        body = [*self._first, *new[:more], *lines]
        inner = self._sorted(self._finder.of_statements(fresh))
        return Change(self.function, "body", None, body, self.function, 0), inner


def _count_turns(function):
    """Have each loop take one of the allowed turns at the beginning of its body."""
    for loop in ast.walk(function):
        if isinstance(loop, (ast.While, ast.For)):
            loop.body.insert(0, _placed(ast.parse(TURN).body[0]))


def _is_turn(statement):
    return isinstance(statement, ast.Expr) and ast.unparse(statement) == TURN


def _old(name):
    return f"old_{name}"


def _parameters(function):
    return [argument.arg for argument in function.args.args]


def _assigned(function):
    """Names that are assigned in a function, in order."""
    names = (n for n in ast.walk(function) if isinstance(n, ast.Name))
    return list(dict.fromkeys(n.id for n in names if isinstance(n.ctx, ast.Store)))


def _reassigned(function):
    return set(_parameters(function)) & set(_assigned(function))


def _line(statement):
    """A statement as a line of text; of a loop or a branch its first line."""
    text = ast.unparse(statement).splitlines()[0]
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Tuple):
        text = text.replace(ast.unparse(value), ast.unparse(value)[1:-1])
    return text.replace(" ** ", "**")


def _called(statement):
    """A statement in words: the line that sets v, a loop, a condition."""
    kinds = {ast.For: "the loop", ast.While: "the loop", ast.If: "the condition"}
    if type(statement) in kinds:
        return kinds[type(statement)]
    names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
    stored = [node.id for node in names if isinstance(node.ctx, ast.Store)]
    return f"the line that sets {' and '.join(stored or [node.id for node in names[:1]])}"


class _Finder:
    """Finds the changes of a function, statement by statement."""

    def __init__(self, function):
        self.function = function
        self.parameters = _parameters(function)
        self.names = list(dict.fromkeys([*self.parameters, *_assigned(function)]))
        self.reassigned = _reassigned(function)

    def of_body(self, holder, field="body", start=0):
        """Changes of a list of statements, from `start` on, and of everything in them."""
        body = getattr(holder, field)
        for i, statement in list(enumerate(body))[start:]:
            if _is_turn(statement):
                continue
            yield from self.of_statement(holder, field, body, i, statement)
            yield from self.of_statements([statement])

    def of_statements(self, statements):
        """Changes inside each of these statements."""
        for statement in statements:
            for parent, name, index, node in _expressions(statement):
                if isinstance(parent, ast.Expr):  # the value of such a line is not used
                    continue
                for rank, new in self.of_expression(parent, node):
                    yield Change(parent, name, index, _placed(new), statement, rank)
                for rank, part, new in _in_place(node):
                    yield Change(node, part, None, new, statement, rank)
            for inner in ("body", "orelse"):
                if getattr(statement, inner, None):
                    yield from self.of_body(statement, inner)

    def of_statement(self, holder, field, body, i, statement):
        def replaced(new, rank, note="", by=1):
            new = [*body[:i], *(_placed(part) for part in new), *body[i + by :]]
            return Change(holder, field, None, new, statement, rank, note)

        if not isinstance(statement, ast.Return):
            missing = f"a rule without {_called(statement)}"
            yield replaced([] if len(body) > 1 else [ast.Pass()], 1, missing)
        if i + 1 < len(body) and not isinstance(body[i + 1], ast.Return):
            order = f"a rule with {_called(body[i + 1])} before {_called(statement)}"
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
            yield from _of_operation(node)
        elif isinstance(node, ast.UnaryOp):
            yield 0, node.operand
        elif isinstance(node, ast.Call):
            yield from _of_call(node)
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
            yield from self.of_name(node)
        elif isinstance(node, ast.Constant):
            return
        yield from self.wrapped(parent, node)

    def of_name(self, node):
        if node.id in self.reassigned:
            yield 1, ast.Name(_old(node.id), ast.Load())
        for other in self.names:
            if other != node.id:
                yield 4, ast.Name(other, ast.Load())
        for value in USUAL:
            yield 5, ast.Constant(value)

    def wrapped(self, parent, node):
        """The expression off by one, by a factor, by a sign, by a power."""
        in_range = isinstance(parent, ast.Call) and getattr(parent.func, "id", "") == "range"
        near = 1 if in_range or isinstance(parent, ast.Slice) else 3
        one, two = ast.Constant(1), ast.Constant(2)
        yield near, ast.BinOp(node, ast.Sub(), one)
        yield near, ast.BinOp(node, ast.Add(), one)
        if isinstance(parent, ast.Slice) or in_range:
            return
        yield 1, ast.UnaryOp(ast.USub(), node)
        yield 2, ast.BinOp(two, ast.Mult(), node)
        yield 2, ast.BinOp(node, ast.Div(), two)
        yield 3, ast.BinOp(node, ast.Pow(), two)
        yield 4, ast.BinOp(one, ast.Sub(), node)
        for name in ("abs", "sign", "sqrt", "sum", "mean"):
            yield (
                3,
                ast.Call(ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), [node], []),
            )
        for name in self.names:
            yield 4, ast.BinOp(ast.Name(name, ast.Load()), ast.Mult(), node)
            yield 4, ast.BinOp(node, ast.Div(), ast.Name(name, ast.Load()))


def _of_operation(node):
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


def _of_call(node):
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


def _in_place(node):
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


def _expressions(statement):
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


def _placed(node):
    """The node with places in the source, which compiling asks for."""
    return ast.fix_missing_locations(node) if isinstance(node, ast.AST) else node
