"""Mutants: functions made of a reference with one small change, or with two.

Changes are made in place and undone, because copying a tree takes ten times as long as compiling
it. Standard library only.
"""

import ast
from collections import Counter
from contextlib import contextmanager

from .changes import TURN, Change, Finder, called, old_name, placed


@contextmanager
def made(changes):
    """Make changes for the time of a `with` block: of a whole body first, then of its parts."""
    changes = sorted(changes, key=lambda change: not isinstance(change.new, list))
    old = [change.swap(change.new) for change in changes]
    try:
        yield
    finally:
        for change, value in zip(reversed(changes), reversed(old), strict=True):
            change.swap(value)


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
        self._finder, self.limit, self._given = Finder(self.function), 10**7, None
        self._globals = {**reference.__globals__, "_allowed_turns": self._allowed_turns}
        _count_turns(self.function)
        self._statements = list(self.function.body)
        first = [f"{old_name(name)} = {name}" for name in sorted(self._finder.reassigned)]
        first = ast.parse("\n".join(["pass", *first, "_turns = _allowed_turns()"])).body
        self._first = [placed(line) for line in first]
        self.function.body[:0] = self._first
        inside = self._finder.of_body(self.function, start=len(self._first))
        self.changes = _by_rank([*inside, *self._finder.of_parameters()])

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
            lines = [change.note or _line(change.statement) for change in changes]
        return list(dict.fromkeys(lines))

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
        brought = _names(new) - _names(old)  # with such a name changed, the edit might be undone
        inner = _by_rank(self._finder.of_statements(fresh, brought))
        return Change(self.function, "body", None, body, self.function, 0), inner


def _by_rank(changes):
    return sorted(changes, key=lambda change: change.rank)


def _names(statements):
    """How many times each name is read in these statements."""
    names = (node for line in statements for node in ast.walk(line) if isinstance(node, ast.Name))
    return Counter(name.id for name in names if isinstance(name.ctx, ast.Load))


def _count_turns(function):
    """Have each loop take one of the allowed turns at the beginning of its body."""
    for loop in ast.walk(function):
        if isinstance(loop, (ast.While, ast.For)):
            loop.body.insert(0, placed(ast.parse(TURN).body[0]))


def _line(statement):
    """A statement as a line of text; of a loop or a branch its first line."""
    text = ast.unparse(statement).splitlines()[0]
    if isinstance(statement, ast.Assign) and len(set(text.split(" = "))) == 1:
        return f"a rule without {called(statement)}"
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Tuple):
        text = text.replace(ast.unparse(value), ast.unparse(value)[1:-1])
    return text.replace(" ** ", "**")
