"""One JupyterLab for all browser tests, on a copy of the notebooks; a fresh page for each."""

import contextlib
import pathlib
import shutil

import pytest

from .lab import browser_page, chromium, jupyter_lab, stop_kernels

NOTEBOOKS = pathlib.Path(__file__).parent.parent.parent / "notebooks"


@pytest.fixture(scope="session")
def root(tmp_path_factory):
    """The folder that the server shows: a copy of the notebooks."""
    root = tmp_path_factory.mktemp("root")
    shutil.copytree(NOTEBOOKS, root / "notebooks")
    return root


@pytest.fixture(scope="session")
def lab(root):
    if chromium() is None:
        pytest.skip("no Chromium or Chrome is installed, so nothing can be seen in a browser")
    with jupyter_lab(root) as address:
        yield address


@contextlib.contextmanager
def watched(lab):
    """A page and the list of its complaints: errors, and requests to anywhere but the server."""
    complaints = []
    with browser_page() as page:
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("console", lambda m: m.type == "error" and complaints.append(f"console: {m.text}"))
        page.on(
            "request",
            lambda request: (
                request.url.startswith((lab, "data:", "blob:"))
                or complaints.append(f"request: {request.url}")
            ),
        )
        yield page, complaints
    stop_kernels(lab)


@pytest.fixture
def page(lab):
    """A fresh page; its test fails where the page has a complaint."""
    with watched(lab) as (page, complaints):
        yield page
    assert complaints == []
