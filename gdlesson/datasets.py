"""Three small data sets that are part of the package. Imports NumPy only; nothing is fetched.

Each comes as a dictionary, column → array. Sources and licences: data/SOURCES.md.
"""

import numpy as np


def penguins():
    """333 penguins of three species, every row complete.

    Strings: species (Adelie, Chinstrap, Gentoo), island, sex (female, male). Floats:
    bill_length_mm, bill_depth_mm, flipper_length_mm, body_mass_g. Each of shape (333,).
    Source: Gorman, Williams & Fraser 2014, PLoS ONE 9(3): e90081; palmerpenguins. Licence CC0 1.0.
    """
    columns = _columns("penguins.csv")
    words = ("species", "island", "sex")
    return {k: np.array(v, str if k in words else float) for k, v in columns.items()}


def digits():
    """600 handwritten digits: pixels (600, 64) floats from 0 to 16, label (600,) integers.

    A row of pixels is an 8 × 8 image by rows. Source: Alpaydin & Kaynak 1998, UCI Machine
    Learning Repository, doi 10.24432/C50P49. Licence CC BY 4.0.
    """
    with opened("digits600.csv") as file:
        table = np.loadtxt(file, delimiter=",")
    return {"pixels": table[:, :-1], "label": table[:, -1].astype(int)}


def engel():
    """235 Belgian working-class households in 1857: income and foodexp, both in francs a year.

    Floats of shape (235,). Source: Engel 1857; Koenker & Bassett 1982. Public domain.
    """
    return {k: np.array(v, float) for k, v in _columns("engel.csv").items()}


def standardise(X):
    """Shift and scale each column to mean 0 and standard deviation 1; return (Z, mean, scale).

    X: (n,) or (n, k); mean and scale: () or (k,). The way back is Z * scale + mean; new rows take
    (new − mean) / scale. A constant column has scale 1 and becomes 0. The deviation divides by n.
    Raises ValueError for no rows, another number of axes, or numbers that are not finite.
    """
    X = np.asarray(X, float)
    if X.ndim not in (1, 2) or X.size == 0 or not np.isfinite(X).all():
        got = f"shape {X.shape}" if np.isfinite(X).all() else "inf or nan among them"
        raise ValueError(f"X must hold finite numbers in shape (n,) or (n, k), got {got}")
    mean, scale = X.mean(0), X.std(0)
    constant = X.max(0) == X.min(0)
    mean, scale = np.where(constant, X[0], mean), np.where(constant, 1.0, scale)
    return (X - mean) / scale, mean, scale


def _columns(name):
    """A table with a header as lists of strings by column."""
    with opened(name) as file:
        header, *rows = [line.rstrip("\n").split(",") for line in file]
    return dict(zip(header, zip(*rows, strict=True), strict=True))


def opened(name):
    """Open a file of data/ for reading, wherever the package is installed."""
    from importlib.resources import files  # imported here because it is slow to import

    return (files("gdlesson") / "data" / name).open(encoding="utf-8")
