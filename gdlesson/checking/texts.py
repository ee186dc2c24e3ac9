"""Fill numbers into the texts of questions. Standard library only."""

import string

from ..formatting import minus, significant, vector


class _Formatter(string.Formatter):
    def format_field(self, value, spec):
        if isinstance(value, str) or value is None:
            return str(value)
        if spec:
            return minus(format(value, spec))
        if hasattr(value, "__len__"):
            return vector(value, 4)
        if float(value).is_integer() and abs(value) < 1e15:
            return minus(f"{int(value)}")
        return significant(float(value), 4)


def filled(template, values):
    """The template with its {names} replaced; numbers in the one style of the course.

    Raises KeyError for a name that `values` does not have.
    """
    return _Formatter().vformat(template, (), values)
