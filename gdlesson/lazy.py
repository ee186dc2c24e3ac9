"""A catalogue whose entries are imported when they are asked for. Standard library only."""

from collections.abc import Callable, Iterator, Mapping


class LazyCatalogue(Mapping):
    """A read-only mapping from name to entry that loads an entry on first access.

    names: in their order. load: takes a name and returns its entry.
    Raises KeyError for an unknown name.
    """

    def __init__(self, names: tuple, load: Callable):
        self._names, self._load, self._loaded = tuple(names), load, {}

    def __getitem__(self, name):
        if name not in self._names:
            raise KeyError(f"unknown name {name!r}; known are {', '.join(self._names)}")
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def __iter__(self) -> Iterator:
        return iter(self._names)

    def __len__(self):
        return len(self._names)
