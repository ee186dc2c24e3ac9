"""Every public class, function and method of the core has a docstring."""

import importlib
import inspect

import pytest

CORE = ("descent", "optimizers", "schedules", "surfaces", "problems", "datasets", "benchmark")


def public(module):
    """Names and objects that a module defines for others, with the methods of its classes."""
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(thing) or inspect.isfunction(thing):
            yield name, thing
        if inspect.isclass(thing):
            for attribute, method in inspect.getmembers(thing, inspect.isfunction):
                if not attribute.startswith("_"):
                    yield f"{name}.{attribute}", method
            for attribute, method in inspect.getmembers(thing, lambda m: isinstance(m, property)):
                yield f"{name}.{attribute}", method


@pytest.mark.parametrize("name", CORE)
def test_the_core_is_documented(name):
    module = importlib.import_module(f"gdlesson.{name}")
    for called, thing in public(module):
        text = inspect.getdoc(thing)
        assert text, called
        assert len(text.splitlines()[0]) > 15, called
