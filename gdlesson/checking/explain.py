"""Explain a wrong answer that is no single known mistake. Imports NumPy only.

In this order: another method's rule, arguments without effect, one slip in a line of the
reference, two known mistakes, and two slips of any kind. An explanation is a function that agrees
with the learner's numbers at every probe.
"""

import inspect
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from .agreement import Agreement
from .arguments import constants, exchanged, fixed, without_effect
from .methods import methods
from .mistakes import Edit, Mistake
from .mutants import Mutants
from .probes import describe
from .runner import parameters_of
from .slips import argument_slip, constant_slip, exchange_slip, line_slip, rule_slip
from .time_limit import guarded
from .wording import difference

SECONDS = 0.8  # of computing for the whole search: all pairs of slips are too many
PATIENCE = 0.4  # seconds for the learner's function with other arguments, which may never return


@dataclass(frozen=True, eq=False)
class Slip:
    """One way to go wrong: a known mistake, or a change of the reference, and its function.

    rank: 0 for the likeliest. mutants: of the function in which the changes are made: for a known
    mistake those of the edited reference, without any change so far.
    """

    function: Callable
    rank: int
    mutants: Mutants | None
    changes: tuple = ()
    known: Mistake | None = None


class Search(Agreement):
    """What explains the run of a learner's function on an exercise's probes."""

    def __init__(self, exercise, fn, theirs, cases, past_errors=False):
        super().__init__(exercise, theirs, cases, past_errors)
        self.fn, self.deadline = fn, float("inf")

    def slips(self):
        """Return the one or two slips that explain all numbers together, or None."""
        _ = self.unused
        # A line that agrees with a few words proves little.
        lines = () if self.exercise.words else ((self.one_line, 0.5), (self.one_factor, 1))
        mistakes = ((self.two_mistakes, 0.75),)
        began = time.thread_time()
        for search, share in (
            (self.two_forms, 1),
            (self.another_rule, 1),
            (self.arguments_without_effect, 1),
            (self.exchanged_arguments, 1),
            (self.another_exercise, 1),
            *((*mistakes, *lines) if self.too_few_numbers else (*lines, *mistakes)),
            (self.another_rule_for_the_point, 1),
            (self.a_slip_and_an_argument, 1),
            (self.one_for_each_value, 1),
            (self.two_slips, 1),
        ):
            self.deadline = began + share * SECONDS
            if slips := search():
                return slips
        return None

    def ignored(self):
        """The arguments that have no effect, without a claim about the rest; or None."""
        if len(self.unused) == len(self.exercise.parameters):
            return constant_slip()
        return argument_slip(self._names(self.unused)) if self.unused else None

    # --- one slip

    def two_forms(self):
        """Two forms of one known mistake together, which are that mistake."""
        found = self._first(self.exercise.pairs(of_one=True))
        return found and found[:1]

    def another_rule(self):
        """The rule of another method, and the state that belongs to it."""
        for method, words, function, own in self.rules:
            if all(k in self.right or self.explains_value(function, k) for k in own):
                return (self._rule_slip(method + words),)
        return None

    def another_rule_for_the_point(self):
        """The rule of another method, whatever is returned besides the point."""
        return (self._rule_slip("".join(self.rules[0][:2])),) if self.rules else None

    def arguments_without_effect(self):
        """The reference with constants in place of the arguments that have no effect."""
        if not self._some_are_unused(3):
            return None
        choices = constants(self._calls, self.unused)
        values = self._first((v, fixed(self.exercise.reference, v)) for v in choices)
        return (self._argument_slip(values),) if values else None

    def exchanged_arguments(self):
        """Two arguments that have changed places."""
        args = self.cases[0].args if self.cases else ()
        places = self._first(exchanged(self.exercise.reference, args))
        return (exchange_slip(self._names(places)),) if places else None

    def another_exercise(self):
        """The answer to another exercise, where all its arguments are here."""
        parameters = self.exercise.parameters
        for name, reference in self.exercise.others():
            wanted = list(inspect.signature(reference).parameters)
            if set(wanted) <= set(parameters):
                places = [parameters.index(parameter) for parameter in wanted]
                if self.agrees(lambda *args, f=reference, at=places: f(*(args[i] for i in at))):
                    return (rule_slip(f"the answer to {name}", self.exercise.name),)
        return None

    def one_line(self):
        """A single change of the reference."""
        change = self._first(self.exercise.changed)
        return (self._line(self.exercise.mutants(), [change]),) if change else None

    def one_factor(self):
        """One wrong value that is everywhere so many times what it should be."""
        if not self.cases or len(self.right) + 1 < len(self.exercise.returns):
            return None
        name, message = difference(self.cases, self.exercise.parameters)
        found = name and name.endswith("times as large") and not name.startswith("−")
        return (Mistake(name, (), message),) if found and not self.too_few_numbers else None

    # --- two slips

    def two_mistakes(self):
        """Two known mistakes at once."""
        return self._first(self.exercise.pairs())

    def a_slip_and_an_argument(self):
        """A single slip, with constants for the arguments that have no effect."""
        if not self._some_are_unused(2) or self.too_few_numbers:
            return None
        choices = list(constants(self._calls, self.unused))
        found = self._first(
            ((values, slip), fixed(slip.function, values))
            for slip in self._slips(most=2)
            for values in choices
        )
        return (self._argument_slip(found[0]), self._mistake(found[1])) if found else None

    def one_for_each_value(self):
        """Where several values are returned: a slip that explains one, and another for the rest."""
        wrong = [k for k in range(len(self.exercise.returns)) if k not in self.right]
        if not self.cases or len(self.exercise.returns) < 2 or self.too_few_numbers:
            return None
        found = {}
        for slip in self._slips():
            for k in wrong:
                if k not in found and self.explains_value(slip.function, k):
                    found[k] = slip
            if len(found) == len(wrong) or self.late:
                break
        if wrong and len(found) == len(wrong):
            return tuple(dict.fromkeys(self._mistake(slip) for slip in found.values()))[:2]
        return next(filter(None, map(self._with_another, found.values())), None)

    def two_slips(self):
        """Two slips anywhere, the likeliest first."""
        slips = [] if self.too_few_numbers else list(self._slips())
        for least, most in ((0, 0), (1, 1), (2, 3), (4, 5)):
            for slip in slips:
                if slip.rank <= most and (found := self._with_another(slip, least, most)):
                    return found
                if self.late:
                    return None
        return None

    def _with_another(self, slip, least=0, most=5):
        """This slip and another one after it, of which at least one has the rank `least`."""
        for change in slip.mutants.changes(*slip.changes, most=most) if slip.mutants else ():
            if self.late:
                return None
            changes = *slip.changes, change
            if max(slip.rank, change.rank) < least or not self.agrees(slip.mutants.make(*changes)):
                continue
            if slip.known:
                return slip.known, self._line(slip.mutants, changes)
            return self._named(slip.mutants, changes)
        return None

    def _named(self, mutants, changes):
        """Changes of the reference as mistakes: known ones, and a line for the others."""
        known = {change: self._known(mutants.make(change)) for change in changes}
        unknown = [change for change in changes if not known[change]]
        lines = [self._line(mutants, changes, unknown)] if unknown else []
        return *filter(None, known.values()), *lines

    def _known(self, function):
        """The known mistake that a function makes, or None."""
        run = self.exercise.start(function)
        for mistake in self.exercise.mistakes:
            if any(run.agrees(self.exercise.run(f)) for f in self.exercise.functions(mistake)):
                return mistake
        return None

    # --- what all of them share

    @property
    def late(self):
        """Whether the time for this search is over."""
        return time.thread_time() > self.deadline

    def _first(self, candidates):
        """The first of what is given as (explanation, function) whose function agrees, or None."""
        for explanation, function in candidates:
            if self.late:
                return None
            if self.agrees(function):
                return explanation
        return None

    def _some_are_unused(self, most):
        """Whether some arguments have no effect: at most so many, and not all of them."""
        return 0 < len(self.unused) <= min(most, len(self.exercise.parameters) - 1)

    @property
    def _calls(self):
        return [args for args, _ in self.theirs.calls]

    @cached_property
    def unused(self):
        """Indices of the arguments that have no effect on the learner's result."""
        found, error, _ = guarded(
            lambda: without_effect(self.exercise, self.fn, self._calls), PATIENCE
        )
        return () if error is not None else found

    @cached_property
    def rules(self):
        """The other methods whose first value is the learner's in every call."""
        if 0 in self.right or not self.cases:
            return []
        found = [rule for rule in methods(self.exercise) if self.explains_value(rule[2], 0)]
        return [rule for rule in found if rule[0] != self.exercise.method]

    def _slips(self, most=5):
        """Known mistakes, then changes of the reference up to a rank."""
        mutants = self.exercise.mutants
        for mistake in self.exercise.mistakes:
            for form, function in self.exercise.forms(mistake):
                edited = mutants(form) if isinstance(form, Edit) else None
                yield Slip(function, 0, edited, known=mistake)
        for change, function in self.exercise.changed:
            if change.rank <= most and function is not None:
                yield Slip(function, change.rank, mutants(), (change,))

    def _mistake(self, slip):
        return slip.known or self._line(slip.mutants, slip.changes)

    def _line(self, mutants, made, shown=None):
        """Changes as a `Mistake` that shows their lines, in the learner's names of arguments."""
        names = dict(zip(self.exercise.parameters, parameters_of(self.fn), strict=False))
        if {*names.values()} & ({*mutants.names} - {*mutants.parameters}):
            names = {}  # one of them has another meaning in these lines
        return line_slip(mutants.lines(made, shown or made), names)

    def _names(self, indices):
        return [self.exercise.parameters[i] for i in indices]

    def _argument_slip(self, values):
        names = self._names(values)
        used = zip(names, values.values(), strict=True)
        return argument_slip(names, [f"`{name} = {describe(value)}`" for name, value in used])

    def _rule_slip(self, rule):
        return rule_slip(rule, self.exercise.method or self.exercise.name)
