"""Mutants: a definition with a small slip anywhere in it, and with a second slip after the first.

A slip is made in the definition's syntax tree and undone, because to copy a tree takes ten times
as long as to compile it. Standard library only.
"""

import ast
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial

from . import rewrites
from .rewrites import filled, forms

USUAL = (0, 1, 0.9, 0.99, 0.999, 0.1, 0.01, 0.001, 0.5, 1e-8)  # constants in place of names
TURNS = 10**4  # that a call may take in its loops, because a slip can make a loop endless
TURN = "next(_turns)"
OWNERS = ast.Attribute, ast.Subscript  # whose value is no number


@dataclass(frozen=True, eq=False)
class Change:
    """One slip: `holder.field`, or its entry `index`, becomes `new`.

    statement: where the slip is. rank: 0 for the likeliest. note: the slip in words, where the
    line itself would not show it.
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
        old = getattr(self.holder, self.field)
        if self.index is None:
            setattr(self.holder, self.field, value)
        else:
            old[self.index], old = value, old[self.index]
        return old


class Mutants:
    """The slips in a definition and the functions they make.

    source: the text of the definition. reference: the function whose module it belongs to.
    original: the text before an edit; a slip in a line that was edited is likelier than others.
    Raises SyntaxError or ValueError where the text is no definition.
    """

    def __init__(self, source, reference, original=None):
        self.tree, self.reference = ast.parse(source), reference
        (self.function,) = self.tree.body
        if not isinstance(self.function, ast.FunctionDef):
            raise ValueError("only a definition has mutants")
        known = set(map(ast.dump, _simple_lines(ast.parse(original or source))))
        self.edited = [line for line in _simple_lines(self.tree) if ast.dump(line) not in known]
        self.parameters = [argument.arg for argument in self.function.args.args]
        names = (node for node in ast.walk(self.function) if isinstance(node, ast.Name))
        stored = [node.id for node in names if isinstance(node.ctx, ast.Store)]
        self.reassigned = {*self.parameters} & {*stored}
        self.names = [name for name in dict.fromkeys([*self.parameters, *stored]) if name != "_"]
        self.added = []  # statements of ours, in which there are no slips
        for loop in ast.walk(self.function):
            if isinstance(loop, (ast.While, ast.For)):
                loop.body[:0] = self._ours(TURN)
        olds = (f"{_old(name)} = {name}" for name in sorted(self.reassigned))
        first = "\n".join(["pass", *olds, f"_turns = iter(range({TURNS}))"])
        self.function.body[:0] = self._ours(first)

    def _ours(self, text):
        lines = ast.parse(text).body
        self.added += lines
        return lines

    @contextmanager
    def _made(self, changes):
        """Make changes, one after the other, for the time of a `with` block."""
        old = [change.swap(change.new) for change in changes]
        try:
            yield
        finally:
            for change, value in zip(reversed(changes), reversed(old), strict=True):
                change.swap(value)

    def make(self, *changes):
        """Compile the function with these changes; None where there is no such function."""
        names = {}
        with self._made(changes), suppress(SyntaxError, ValueError, TypeError):
            exec(compile(self.tree, "<mutant>", "exec"), self.reference.__globals__, names)
        return names.get(self.function.name)

    def lines(self, made, shown):
        """Statements with a change as text, each once; or what is missing, in words.

        made: all changes. shown: those whose statements are wanted.
        """
        with self._made(made):
            in_order = sorted(shown, key=lambda change: change.statement.lineno)
            return list(dict.fromkeys(c.note or _line(c.statement) for c in in_order))

    def changes(self, *made, most=5):
        """The changes up to the rank `most` that can follow those already made, likeliest first."""
        with self._made(made):
            return sorted(self._changes(most), key=lambda change: change.rank)

    def _changes(self, most):
        for holder in ast.walk(self.function):
            for field in ("body", "orelse"):
                body = getattr(holder, field, None)
                for i, statement in enumerate(body if isinstance(body, list) else ()):
                    if statement not in self.added:
                        changes = _of_statement(holder, field, body, i)
                        yield from (change for change in changes if change.rank <= most)
                        yield from self._of_expressions(statement, most)
        for name in self.parameters:
            for rank, new in forms(rewrites.OF_ARGUMENTS, filled(name), most):
                (line,) = ast.parse(f"{name} = {ast.unparse(new)}").body
                note = f"a rule with `{ast.unparse(new)}` in place of `{name}`"
                yield Change(self.function, "body", 0, line, line, rank, note)

    def _of_expressions(self, statement, most):
        likelier = 3 if statement in self.edited else 0
        for parent, field, index, node in _expressions(statement):
            for found in (rewrites.rewritten, partial(self._of_value, parent, field)):
                for rank, new in found(node, most + likelier):
                    rank = max(0, rank - likelier)
                    yield Change(parent, field, index, new, statement, rank)

    def _of_value(self, parent, field, node, most):
        """Yield (rank, expression) for another value in place of an expression that has one."""
        if isinstance(node, ast.Name) and node.id not in self.names:
            return
        if field == "func" or isinstance(node, (ast.Constant, ast.Slice, ast.Tuple)):
            return
        if getattr(node, "attr", None) == "dtype":  # 2 * dtype would double an array in each step
            return
        name = isinstance(node, ast.Name)
        if name and node.id in self.reassigned:
            yield 1, filled(_old(node.id))
        if name and most >= 4:
            owner = getattr(getattr(parent, "func", None), "value", None)
            others = {*self.names} - {node.id, getattr(owner, "id", "")}  # no list goes into itself
            yield from ((4, filled(other)) for other in self.names if other in others)
        if isinstance(parent, ast.For) or (isinstance(parent, OWNERS) and field == "value"):
            return
        if name and most >= 5:
            yield from ((5, filled(repr(value))) for value in USUAL)
        if isinstance(parent, ast.Slice) or getattr(getattr(parent, "func", 0), "id", 0) == "range":
            yield from forms(rewrites.OFF_BY_ONE, node, most)
            return
        yield from forms(rewrites.WRONG_VALUES, node, most)
        if not (isinstance(parent, ast.BinOp) and isinstance(parent.op, (ast.Mult, ast.Div))):
            yield from forms(rewrites.FACTORS, node, most)  # of a product, not of its factors
            for other in self.names:
                yield from forms(((4, f"{other} * _", f"_ / {other}"),), node, most)


def _simple_lines(tree):
    """The statements that contain no other statements."""
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.stmt))
    return [statement for statement in statements if not hasattr(statement, "body")]


def _of_statement(holder, field, body, i):
    """Yield the changes that leave a statement out or put it in another place."""
    statement = body[i]
    nothing, leave = (ast.copy_location(line(), statement) for line in (ast.Pass, ast.Break))

    def replaced(new, rank, note="", by=1):
        new = [*body[:i], *new, *body[i + by :]]
        return Change(holder, field, None, new, statement, rank, note)

    if not isinstance(statement, ast.Return):
        yield replaced([nothing], 1, f"a rule without {called(statement)}")
    if i + 1 < len(body) and not isinstance(body[i + 1], ast.Return):
        order = f"a rule with {called(body[i + 1])} before {called(statement)}"
        yield replaced([body[i + 1], statement], 2, order, by=2)
    if isinstance(statement, ast.For):
        once = ast.For(**{**vars(statement), "body": [*statement.body, leave]})
        yield replaced([once], 2, "a loop that ends after its first turn")
    if isinstance(statement, ast.If):
        yield replaced(statement.body, 2, "a rule without one of its conditions")
    sides = (statement.targets[0], statement.value) if isinstance(statement, ast.Assign) else ()
    if sides and all(isinstance(side, ast.Tuple) for side in sides):
        pairs = list(zip(statement.targets[0].elts, statement.value.elts, strict=True))
        for order in (pairs, pairs[::-1]):
            lines = [ast.copy_location(ast.Assign([name], part), statement) for name, part in order]
            first = ast.unparse(order[0][0])
            yield replaced(lines, 1, f"a rule that uses the new {first} for the rest")


def _expressions(parent):
    """Yield (parent, field, index, node) for the expressions of a statement, not of inner ones."""
    for field, value in ast.iter_fields(parent):
        for index, node in enumerate(value) if isinstance(value, list) else ((None, value),):
            if not isinstance(node, ast.AST) or isinstance(node, ast.stmt):
                continue
            stored = isinstance(getattr(node, "ctx", None), ast.Store)
            if isinstance(node, ast.expr) and not stored and not isinstance(parent, ast.Expr):
                yield parent, field, index, node
            if not stored:
                yield from _expressions(node)


def _old(name):
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


def _line(statement):
    """A statement as a line of text; of a loop or a branch its first line."""
    text = ast.unparse(statement).splitlines()[0]
    if isinstance(statement, ast.Assign) and len(set(text.split(" = "))) == 1:
        return f"a rule without {called(statement)}"
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Tuple):
        text = text.replace(ast.unparse(value), ast.unparse(value)[1:-1])
    return text.replace(" ** ", "**")
