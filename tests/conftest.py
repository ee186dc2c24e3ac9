"""For all tests: one thread for each process, because two processes share the tests."""

import os

import pytest

# Read when NumPy is loaded, here and in the kernels that run notebooks.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.fixture
def started(monkeypatch):
    """The command lines with which JupyterLab would have been started."""
    from gdlesson import starting

    lines = []
    monkeypatch.setattr(starting, "run", lambda line, environment: lines.append(line) or 0)
    monkeypatch.setattr(starting, "_has_browser", lambda: True)
    return lines
