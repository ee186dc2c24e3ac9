"""Lesson 17's explorer: the tuning, the race and the standings of twelve methods."""

import asyncio

import numpy as np
import pytest

from gdlesson import benchmark
from gdlesson.explorers import race
from gdlesson.explorers.tunings import kind_of, package_run, tuning_of


@pytest.fixture
def explorer():
    return race.explore()


def test_the_readout_ranks_by_the_median(explorer):
    tuning = benchmark.saved("digits")
    medians = {n: np.median(loss[-1], axis=-1).min() for n, loss in tuning.items()}
    order = sorted(medians, key=medians.get)
    assert explorer.readout.startswith(
        "Each method has the step size tuned for 200 gradients. On the digits, "
        f"{order[0]} is first of 12, with a median loss of {medians[order[0]]:.2g} at step size "
    )
    assert f"Descent is number {order.index('descent') + 1}, with 0.17" in explorer.readout
    assert explorer.readout.endswith("The ten losses of Adam and the ten of descent overlap.")
    assert max(medians.values()) < 0.2 and race.field_question.answer.startswith("Below 0.2")
    assert [text.get_text() for text in explorer.views.ends.names] == order


def test_every_step_size_is_moved_and_a_drag_moves_it_too(explorer):
    explorer.set(factor=100.0)
    assert explorer.readout.startswith(
        "Each method has 100 times the step size tuned for 200 gradients, but at most 10. On"
    )
    explorer.set(factor=0.01)
    assert "gradients, but at least 0.0001. On" in explorer.readout
    explorer.buttons()["As tuned"]()
    assert explorer.controls["factor"].value == 1.0
    explorer.drag(0.1, 1.0)
    assert explorer.controls["factor"].value == 3.2
    assert "Each method has 3.2 times the step size tuned for 200 gradients" in explorer.readout
    assert np.isclose(explorer.views.tuning.place.get_xdata()[0], 0.1)
    explorer.drag(1e9, 1.0)
    assert explorer.controls["factor"].value == 100.0
    explorer.drag(-1.0, 1.0)
    assert explorer.controls["factor"].value == 0.01


def test_what_diverges_is_called_so_and_has_no_rank(explorer):
    explorer.set(where="Rosenbrock", factor=100.0)
    assert "Descent diverges with step size 0.1." in explorer.readout
    assert "Descent is number" not in explorer.readout


def test_two_methods_whose_seeds_do_not_overlap(explorer):
    explorer.set(where="valley", method="Nesterov")
    assert "The ten losses of Nesterov and the ten of descent do not overlap." in explorer.readout
    explorer.set(rival="Nesterov")
    assert "overlap" not in explorer.readout


def test_the_race_is_played_evaluation_by_evaluation(explorer):
    explorer.set(gradients=100)
    play, counts = explorer.live.play, benchmark.course("digits").evaluations
    assert play.steps == 4
    assert play.numbers[:, 0].tolist() == counts[:5].tolist()
    adam = benchmark.saved("digits")["Adam"]
    at = benchmark.tuned(adam, 4)
    assert play.numbers[:, 1] == pytest.approx(np.median(adam[:5, at], axis=-1))
    assert "with Adam and {2:g} with descent" in explorer.shown.step_text


def test_run_here_runs_the_course_again_and_shows_its_progress():
    explorer = race.explore(where="valley")
    before = explorer.readout
    explorer.run_here()  # no kernel is here to wait for: it is done at once
    assert explorer.progress.value == explorer.progress.max == 12
    assert explorer.progress.layout.display == "none"
    assert explorer.readout == before
    again = explorer.repeated["valley"]
    np.testing.assert_allclose(again.losses, tuning_of("valley").losses)
    assert explorer.tuning("valley") is again


def pressed(act):
    """What becomes of an explorer in a running loop after `act(explorer)`, and what failed."""

    async def in_a_loop():
        failed = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, what: failed.append(what))
        explorer = race.explore(where="valley")
        explorer.run_here()
        assert explorer.progress.layout.display is None  # the work waits for the loop
        await act(explorer)
        return failed, explorer

    return asyncio.run(in_a_loop())


def test_run_here_comes_to_its_end_piece_by_piece_in_a_running_loop():
    async def wait(explorer):
        for _ in range(600):
            await asyncio.sleep(0.05)
            if explorer.progress.layout.display == "none":
                break

    failed, explorer = pressed(wait)
    assert failed == [] and "valley" in explorer.repeated
    assert explorer.progress.value == explorer.progress.max == 12


def test_run_here_is_stopped_by_pressing_it_again_and_by_closing():
    async def started(explorer):
        for _ in range(1000):
            await asyncio.sleep(0.001)
            if explorer.progress.value:
                break
        assert 0 < explorer.progress.value < explorer.progress.max

    async def press_again(explorer):
        await started(explorer)
        explorer.run_here()
        await asyncio.sleep(0.3)

    failed, explorer = pressed(press_again)
    assert failed == [] and explorer.repeated == {}
    assert explorer.progress.layout.display == "none" and not explorer.training.scheduled

    async def close(explorer):
        await started(explorer)
        explorer.close()
        await asyncio.sleep(0.3)

    failed, explorer = pressed(close)
    assert failed == [] and explorer.closed


def test_an_error_while_running_here_is_shown(monkeypatch):
    def broken(course, make):
        yield np.zeros((201, 11, 10))
        raise RuntimeError("out of penguins")

    explorer = race.explore(where="valley")
    monkeypatch.setattr(benchmark, "tuning", broken)

    async def run():
        failed = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, what: failed.append(what))
        explorer.run_here()
        for _ in range(100):
            await asyncio.sleep(0.05)
            if failed:
                break
        return failed

    (failed,) = asyncio.run(run())
    assert "out of penguins" in str(failed["exception"])
    assert "RuntimeError: out of penguins" in explorer.readout
    assert explorer.progress.layout.display == "none"


def test_a_learners_rule_is_in_the_standings_and_an_unwritten_one_is_named():
    def momentum_step(w, v, g, lr, beta):
        v = beta * v + g
        return w - lr * v, v

    right = race.explore(mine=momentum_step, where="Rosenbrock")
    assert "of 13" in right.readout
    assert right.readout.endswith("Your runs, drawn as crosses, are the same.")
    names = [text.get_text() for text in right.views.ends.names]
    assert "yours" in names and abs(names.index("yours") - names.index("momentum")) == 1
    counts, medians = right.views.yours.line.get_data()
    assert counts.tolist() == [0, 25, 50, 75, 100, 125, 150, 175, 200]
    run = package_run("Rosenbrock", "momentum", 0.001)
    assert medians == pytest.approx(np.median(run, axis=1)[::25])
    unwritten = race.explore(mine=lambda w, g, lr: None, where="Rosenbrock")
    assert "of 12" in unwritten.readout and "Your runs are not drawn: " in unwritten.readout
    assert "yours" not in [text.get_text() for text in unwritten.views.ends.names]
    stranger = race.explore(mine=lambda w, q: w, where="Rosenbrock")
    assert "fit no rule" in stranger.readout


def test_a_learners_rule_that_differs_and_one_that_is_first():
    def shorter(w, g, lr):
        return w - lr / 2 * g

    def landing(w, g, lr):
        return w * 0

    half = race.explore(mine=shorter, where="valley")
    assert (
        "Your runs, drawn as crosses, are different. With a large step size, rounding alone can "
        "make runs differ." in half.readout
    )
    first = race.explore(mine=landing, where="valley", method="AdamW")
    assert "On the valley, your rule is first of 13, with a median loss of 0 at" in first.readout


@pytest.mark.parametrize(
    "kind, parameters",
    [
        ("descent", "w, g, lr"),
        ("momentum", "w, v, g, lr, beta"),
        ("Nesterov", "w, v, grad, lr, beta"),
        ("Adam", "w, m, v, t, g, lr, beta1, beta2, eps"),
        ("AdamW", "w, m, v, t, g, lr, beta1, beta2, eps, weight_decay"),
    ],
)
def test_the_kind_of_a_rule(kind, parameters):
    assert kind_of(eval(f"lambda {parameters}: w")) == kind


def test_the_table_prints_what_was_saved(capsys):
    race.table("digits")
    lines = capsys.readouterr().out.splitlines()
    _, loss, right = next(iter(benchmark.results("digits").values()))
    assert len(lines) == 13 and f"{np.median(loss):.2g}" in lines[1]
    assert lines[0].endswith("accuracy")
    assert lines[1].endswith(f"{100 * np.median(right):.1f} %")
    race.table("valley")
    assert "%" not in capsys.readouterr().out
