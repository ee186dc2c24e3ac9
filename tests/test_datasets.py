"""The data travel in the package and are what they say."""

from importlib.resources import files

import numpy as np
import pytest

from gdlesson import digits, engel, penguins, standardise


def test_penguins():
    data = penguins()
    words = ["species", "island", "sex"]
    numbers = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
    assert set(data) == {*words, *numbers}
    assert all(values.shape == (333,) for values in data.values())
    assert all(data[name].dtype == float for name in numbers)
    species, counts = np.unique(data["species"], return_counts=True)
    assert dict(zip(species, counts, strict=True)) == {
        "Adelie": 146,
        "Chinstrap": 68,
        "Gentoo": 119,
    }
    assert set(data["sex"]) == {"female", "male"}
    assert 170 < data["flipper_length_mm"].min() < data["flipper_length_mm"].max() < 235


def test_digits():
    data = digits()
    assert data["pixels"].shape == (600, 64) and data["label"].shape == (600,)
    assert data["pixels"].min() == 0 and data["pixels"].max() == 16
    assert (np.unique(data["label"]) == np.arange(10)).all()
    assert data["label"].dtype.kind == "i"


def test_engel():
    data = engel()
    assert data["income"].shape == data["foodexp"].shape == (235,)
    assert (data["foodexp"] < data["income"]).all()


def test_sources_and_licences_travel_with_the_data():
    text = (files("gdlesson") / "data" / "SOURCES.md").read_text(encoding="utf-8")
    for name in ("penguins.csv", "digits600.csv", "engel.csv", "CC0", "CC BY 4.0"):
        assert name in text


@pytest.mark.parametrize("shape", [(50,), (50, 3)])
def test_standardise_and_back(shape):
    X = np.random.default_rng(0).normal(100, 7, shape)
    Z, mean, scale = standardise(X)
    assert Z.mean(0) == pytest.approx(np.zeros(shape[1:]), abs=1e-13)
    assert Z.std(0) == pytest.approx(np.ones(shape[1:]))
    assert Z * scale + mean == pytest.approx(X)


def test_a_constant_column_becomes_zero():
    Z, mean, scale = standardise([[0.1, 1.0], [0.1, 3.0], [0.1, 5.0]])
    assert (Z[:, 0] == 0).all() and scale[0] == 1 and mean[0] == 0.1


@pytest.mark.parametrize(
    "X, got", [([], "shape"), (np.zeros((2, 2, 2)), "shape"), ([np.nan], "nan")]
)
def test_standardise_refuses_what_it_cannot_scale(X, got):
    with pytest.raises(ValueError, match=f"X must hold finite numbers in shape.*got.*{got}"):
        standardise(X)
