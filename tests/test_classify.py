"""Lesson 09: the boundary and its shades, weights that grow, early stopping and its patience."""

import itertools

import numpy as np
import pytest
from matplotlib.figure import Figure

from gdlesson.descent import descend
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import classify, stopping
from gdlesson.optimizers import GradientDescent
from gdlesson.views import LIGHT, DataBoundary

REFERENCE = exercises()["logistic_gradient"].reference
BEST_EPOCH = exercises()["best_epoch"].reference


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize(
    "pair, loss, accuracy, length",
    [
        ("Chinstrap or Adelie", 0.043671, 0.972, 12.95),
        ("male or female", 0.246753, 0.892, 5.82),
        ("Gentoo or Adelie", None, None, None),
    ],
)
def test_the_lowest_loss_of_each_pair(pair, loss, accuracy, length):
    task = classify.tasks(pair)
    if loss is None:
        assert task.lowest is None
        return
    assert np.abs(task.problem.grad(task.lowest)).max() < 1e-12
    assert task.problem.f(task.lowest) == pytest.approx(loss, abs=5e-7)
    assert task.problem.accuracy(task.lowest) == pytest.approx(accuracy, abs=5e-4)
    assert np.linalg.norm(task.lowest[:2]) == pytest.approx(length, abs=5e-3)


def test_weights_of_separable_kinds_grow_ever_more_slowly():
    path = descend(classify.tasks("Gentoo or Adelie").problem, GradientDescent(1.0), steps=10_000)
    length = np.linalg.norm(path.w[:, :2], axis=1)
    assert length[[10, 100, 1000, 10_000]] == pytest.approx([2.16, 4.26, 6.94, 10.64], abs=5e-3)
    added = np.diff(length)
    assert (added > 0).all() and (np.diff(added)[5:] < 0).all()


def test_shades_begin_where_the_probability_is_theirs():
    ax = Figure().add_subplot(xlim=(-3, 3), ylim=(-2, 2))
    view = DataBoundary(ax, [(0, 0), (1, 1)], [0, 1], LIGHT, shades=(0.5, 0.9))
    assert ax.get_xlim() == (-3, 3)
    weights = np.array([[0.0, 0.0, 0.0], [1.0, 2.0, -0.5]])
    view.update(weights)
    for (patch, frames), p, side in zip(
        list(view.keyframes.items())[1:], (0.5, 0.9, 0.5, 0.9), (0, 0, 1, 1), strict=True
    ):
        edge = sigmoid(patch.get_xy()[:2] @ weights[1, :2] + weights[1, 2])
        assert edge == pytest.approx(p if side else 1 - p)
        outer = sigmoid(patch.get_xy()[2:4] @ weights[1, :2] + weights[1, 2])
        assert ((outer > edge) == side).all()
        assert frames.shape == (2, 4, 2) and np.isnan(frames[0]).all()
    # A canvas has all that moves above the frame, so the still must have it there, too.
    shade = {patch.get_zorder() for patch in view.shades}
    assert min(shade) > max(spine.get_zorder() for spine in ax.spines.values())
    assert all(each in view.moving and each.get_zorder() > max(shade) for each in view.points)
    view.update(1e-12 * weights[1])  # the edges are far outside, but no huge numbers
    assert all(np.abs(patch.get_xy()).max() < 100 for patch in view.shades)


STATES = list(itertools.product(classify.PAIRS, (0, 1, 10, 1000), (-2.0, 0.0, 1.0)))


@pytest.mark.parametrize("pair, steps, power", STATES[::2])
def test_the_readout_is_true(pair, steps, power):
    explorer = classify.explore(pair=pair, steps=steps, lr=10**power, x1=-0.4, x2=0.7)
    task, text = classify.tasks(pair), explorer.readout
    X, y = task.problem.X, task.problem.y
    w, b = np.zeros(2), 0.0
    for _ in range(steps):
        dw, db = REFERENCE(w, b, X, y)
        w, b = w - 10**power * dw, b - 10**power * db
    if steps == 0:
        assert "every penguin has p = 0.5" in text
        return
    right = ((X @ w + b > 0) == y).mean()
    share = float(text.split(", and ")[1].split(" %")[0])
    assert share == pytest.approx(100 * right, abs=0.51) and (share < 100 or right == 1)
    assert float(text.split("loss is ")[1].split(", ")[0]) == pytest.approx(
        np.logaddexp(0, -(2 * y - 1) * (X @ w + b)).mean(), rel=6e-3
    )
    length = float(text.split("length of w is ")[1].split(" ")[0])
    assert length == pytest.approx(np.linalg.norm(w), abs=6e-3)
    assert ("grows without limit" in text) == (pair == "Gentoo or Adelie")
    p = sigmoid(w @ [-0.4, 0.7] + b)
    if "p = " in text:
        assert float(text.split("p = ")[1].rstrip(".")) == pytest.approx(p, abs=5.1e-4)
    else:
        assert p < 5e-4 or p > 1 - 5e-4


def test_the_prediction_is_about_what_happens():
    question = classify.separable_question
    about = question.about
    path = classify.tasks(about["pair"]).path(about["lr"], about["steps"])
    right = classify.tasks(about["pair"]).problem.accuracy(path.w[100])
    length = np.linalg.norm(path.w[:, :2], axis=1)
    assert right == 1 and (np.diff(length) > 0).all()
    assert f"{length[100]:.2f}" in question.because and f"{length[1000]:.2f}" in question.because


def test_play_shows_chosen_steps_and_says_which():
    explorer = classify.explore(steps=1000)
    frames = classify.frames(1000)
    assert frames[0] == 0 and frames[-1] == 1000 and (np.diff(frames) > 0).all()
    assert len(frames) < 80
    assert (explorer.shown.step_numbers[:, 0] == frames).all()
    assert frames[-2] < 1000  # {0:g} has three digits; the last frame has the readout
    assert all(len(each) == len(frames) for each in explorer.views.data.keyframes.values())
    assert len(explorer.views.curve.line.get_xdata()) == len(frames)


def squared_error(w, b, X, y):
    p = sigmoid(X @ w + b)
    return X.T @ ((p - y) * p * (1 - p)) / len(y), np.mean((p - y) * p * (1 - p))


def unwritten(w, b, X, y): ...


@pytest.mark.parametrize("axis", classify.AXES)
def test_a_learners_gradient_in_the_picture(axis):
    explorer = classify.explore(mine=REFERENCE, axis=axis, steps=100)
    assert explorer.readout.endswith("Your first steps, drawn as crosses, are the same.")
    x, y = explorer.views.yours.line.get_data()
    assert x.tolist() == [0.5, 1, 2, 3, 5, 10, 20, 30]
    curve = dict(zip(*explorer.views.curve.line.get_data(), strict=True))
    assert y[:-1] == pytest.approx([curve[each] for each in x[:-1]])
    readout = classify.explore(mine=squared_error, axis=axis).readout
    assert readout.endswith("Your first steps, drawn as crosses, are different.")
    assert "is still to be written" in classify.explore(mine=unwritten, steps=0).readout


@pytest.mark.parametrize("wrong", [{"lr": 20.0}, {"steps": 7}, {"pair": "cats"}, {"x1": 4.0}])
def test_other_values_are_refused(wrong):
    with pytest.raises(ValueError):
        classify.explore(**wrong)


def test_the_three_sets_share_no_penguin():
    parts = [set(each.tolist()) for each in (stopping.TRAIN, stopping.VALIDATION, stopping.TEST)]
    assert [len(part) for part in parts] == [30, 100, 203]
    assert len(set.union(*parts)) == 333
    (training, validation, _), rows = stopping.sets(3)
    assert np.abs(training.X.mean(axis=0)).max() < 1e-12
    assert np.abs(validation.X.mean(axis=0)).max() > 0.01  # the scale is that of the training set
    assert rows(stopping.MASS[stopping.TRAIN]) == pytest.approx(training.X)


def test_the_numbers_of_the_lesson():
    run = stopping.trained(10)
    best = int(run.losses[1].argmin())
    assert best == 23
    assert run.losses[:, [23, 200]] == pytest.approx(
        np.array([[0.461, 0.360], [0.478, 0.558]]), abs=5.1e-4
    )
    (_, _, test), _ = stopping.sets(10)
    assert test.f(run.weights[best]) == pytest.approx(0.507, abs=5e-4)
    assert [stopping.patient(run.losses[1], p) for p in (1, 3, 5, 10)] == [
        (1, 2), (3, 6), (14, 19), (23, 33),
    ]  # fmt: skip
    assert stopping.trained(1).losses[1].min() == pytest.approx(0.578, abs=5e-4)


def test_three_light_males_cause_most_of_the_rise_of_the_validation_loss():
    run, problems = stopping.trained(10), stopping.sets(10)[0]
    mass, validation = stopping.MASS[stopping.VALIDATION], problems[1]
    early, late = (
        np.logaddexp(0, (1 - 2 * validation.y) * (validation.A @ run.weights[epoch]))
        for epoch in (23, 200)
    )
    light = (mass >= 3300) & (mass <= 3500)
    males = light & (validation.y == 1)
    rise = (late - early).sum()
    assert males.sum() == 3 and (late - early)[males].sum() > rise
    assert 0.8 * rise < (late - early)[light].sum() < rise
    grams, p = run.curve(200)
    assert p[(grams > 3290) & (grams < 3510)].max() < 0.1
    assert p[np.abs(grams - 3400).argmin()] < 0.01  # surer than the early epochs there
    assert run.curve(23)[1][np.abs(grams - 3400).argmin()] > 0.1


def _gradient_with(sigmoid):
    def logistic_gradient(w, b, X, y):
        p = sigmoid(X @ w + b)
        return X.T @ (p - y) / len(y), np.mean(p - y)

    return logistic_gradient


OVERFLOWS = (
    sigmoid,
    lambda z: np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))),
)
SAFE = (
    lambda z: 0.5 * (1 + np.tanh(z / 2)),
    lambda z: np.exp(-np.logaddexp(0, -z)),
    lambda z: 1 / (1 + np.exp(np.minimum(-z, 700))),
)


@pytest.mark.parametrize("form", OVERFLOWS + SAFE)
def test_right_numbers_pass_and_an_overflow_on_the_way_is_mentioned(form):
    feedback = exercises()["logistic_gradient"].check(_gradient_with(form))
    assert feedback.status == "passed"
    assert ("overflowed to inf" in feedback.message) == (form in OVERFLOWS)


NAMED = [
    "the sigmoid of |z|",
    "overflow",
    "linear residual",
    "no denominator for negative z",
    "divided by the number of columns",
]


@pytest.mark.parametrize("mistake", NAMED)
def test_mistakes_of_the_gradient_have_their_names(mistake):
    exercise = exercises()["logistic_gradient"]
    (found,) = (each for each in exercise.mistakes if each.name == mistake)
    for wrong in exercise.functions(found):
        assert exercise.check(wrong).mistake == mistake


@pytest.mark.parametrize("degree", [1, 3, 10])
@pytest.mark.parametrize("seed", [0, 7])
def test_what_the_readout_says_of_patience(degree, seed):
    explorer = stopping.explore(degree=degree, seed=seed)
    losses = stopping.trained(degree, seed).losses[1]
    assert losses.min() > stopping.LOWEST and losses.max() < stopping.HIGHEST
    for patience in stopping.PATIENCE:
        explorer.set(patience=patience)
        text = explorer.readout
        best = BEST_EPOCH(losses, patience)
        assert f"The best epoch so far is {best}, " in text and f"{losses[best]:.3f}" in text
        assert ("which is the lowest of all" in text) == (best == losses.argmin())
        if "stops after epoch" in text:
            end = int(text.split("stops after epoch ")[1].split(".")[0])
            assert end - best == patience and losses[best : end + 1].min() == losses[best]
        else:
            assert 200 - best < patience
        assert explorer.views.stop.dot.get_xydata().tolist() == [[best, losses[best]]]


def test_training_losses_are_in_the_picture():
    losses = np.stack([stopping.trained(degree).losses for degree in (1, 2, 5, 10)])
    assert losses.min() > stopping.LOWEST and losses.max() < stopping.HIGHEST


def test_a_learners_epoch_in_the_picture():
    explorer = stopping.explore(mine=BEST_EPOCH)
    assert explorer.readout.endswith("Your epoch, drawn as a cross, is the same.")
    assert explorer.views.yours.line.get_xdata().tolist() == [3]
    lowest = stopping.explore(mine=lambda losses, patience: losses.argmin())
    assert lowest.readout.endswith("Your epoch, drawn as a cross, is different.")
    missing = stopping.explore(mine=lambda losses, patience: None)
    assert "Your epoch is not drawn" in missing.readout
    far = stopping.explore(mine=lambda losses, patience: 1e9)
    assert far.readout.endswith("is different.")


@pytest.mark.parametrize("mistake", exercises()["best_epoch"].mistakes, ids=lambda m: m.name)
def test_each_mistake_has_its_name(mistake):
    exercise = exercises()["best_epoch"]
    for wrong in exercise.functions(mistake):
        assert exercise.check(wrong).mistake == mistake.name
