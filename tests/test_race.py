"""Lesson 17's explorers: the tuning and race of twelve methods, and what is more than chance."""

import asyncio

import numpy as np
import pytest

from gdlesson import benchmark
from gdlesson.exercises import catalogue as exercises
from gdlesson.explorers import race, race_result
from gdlesson.explorers.tunings import kind_of, package_run, tuning_of


@pytest.fixture
def explorer():
    return race.explore()


def test_the_readout_gives_the_ends_of_two_methods_and_of_all(explorer):
    tuning = benchmark.saved("digits")
    means = {name: loss[-1].mean(axis=-1).min() for name, loss in tuning.items()}
    best, worst = min(means, key=means.get), max(means, key=means.get)
    assert explorer.readout == (
        "Each method has the step size tuned for 200 gradients. On the digits, Adam with step size "
        f"0.032 reaches a mean validation loss of {means['Adam']:.2f}. Descent with step size 1 "
        f"reaches a mean validation loss of {means['descent']:.2f}. All twelve methods end between "
        f"{means[best]:.2f} ({best}) and {means[worst]:.2f} ({worst})."
    )
    assert means[worst] < 0.2 and race.field_question.answer.startswith("Below 0.2")
    assert f"{means[best]:.2f}" == "0.10"


def test_every_step_size_is_moved_and_a_drag_moves_it_too(explorer):
    explorer.set(factor=100.0)
    assert explorer.readout.startswith(
        "Each method has 100 times the step size tuned for 200 gradients, but at most 100. On"
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


def test_what_diverges_is_called_so_and_has_no_loss(explorer):
    explorer.set(where="Rosenbrock", factor=100.0)
    assert "Descent with step size 0.1 diverges for at least one seed." in explorer.readout
    assert "Descent with step size 0.1 reaches" not in explorer.readout
    assert explorer.readout.endswith("; the others diverge for a seed.")
    explorer.set(rival="Adam")
    assert explorer.readout.count("Adam with step size") == 1


@pytest.mark.parametrize("where", benchmark.COURSES)
def test_the_readout_is_true_in_every_state(explorer, where):
    for factor in (0.01, 0.56, 1.0, 5.6, 100.0):
        for gradients in (25, 200):
            explorer.set(where=where, factor=factor, gradients=gradients)
            at = gradients // benchmark.course(where).every
            means = tuning_of(where).means[:, at]
            steps = 4 * np.log10(factor)
            places = np.clip(means.argmin(axis=1) + round(steps), 0, len(benchmark.RATES) - 1)
            ended = means[np.arange(12), places]
            finite = ended[np.isfinite(ended)]
            if len(finite) == 12:
                assert "All twelve methods end between" in explorer.readout
            elif len(finite) > 1:
                assert f" {len(finite)} of the 12 end between" in explorer.readout
            if len(finite) > 1:
                assert f"between {race.shortly(finite.min())} (" in explorer.readout
                assert f"and {race.shortly(finite.max())} (" in explorer.readout


def test_the_race_is_played_evaluation_by_evaluation(explorer):
    explorer.set(gradients=100)
    play, counts = explorer.live.play, benchmark.course("digits").evaluations
    assert play.steps == 4
    assert play.numbers[:, 0].tolist() == counts[:5].tolist()
    adam = benchmark.saved("digits")["Adam"]
    at = benchmark.tuned(adam, 4)
    assert play.numbers[:, 1] == pytest.approx(adam[:5, at].mean(axis=-1))
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
        yield np.zeros((201, 25, 10))
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


def test_a_learners_rule_is_drawn_and_an_unwritten_one_is_named():
    def momentum_step(w, v, g, lr, beta):
        v = beta * v + g
        return w - lr * v, v

    right = race.explore(mine=momentum_step, where="Rosenbrock")
    assert right.readout.endswith("Your runs, drawn as crosses, are the same.")
    counts, means = right.views.yours.line.get_data()
    assert counts.tolist() == [0, 25, 50, 75, 100, 125, 150, 175, 200]
    (rate,) = {
        r for r in benchmark.RATES if np.isclose(r, benchmark.results("Rosenbrock")["momentum"][0])
    }
    run = package_run("Rosenbrock", "momentum", float(rate))
    assert means == pytest.approx(run.mean(axis=1)[::25])
    unwritten = race.explore(mine=lambda w, g, lr: None, where="Rosenbrock")
    assert "Your runs are not drawn: " in unwritten.readout
    stranger = race.explore(mine=lambda w, q: w, where="Rosenbrock")
    assert "fit no rule" in stranger.readout


def test_a_learners_rule_that_differs():
    half = race.explore(mine=lambda w, g, lr: w - lr / 2 * g, where="valley")
    assert (
        "Your runs, drawn as crosses, are different. With a large step size, rounding alone can "
        "make runs differ." in half.readout
    )


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


def test_with_seeds_and_rows_drawn_seven_do_not_differ_from_adam_on_the_digits():
    result = race_result.explore()
    losses = benchmark.results("digits")["Adam"][1]
    assert result.readout.startswith(
        f"On the digits, the mean test loss of Adam over 10 seeds is {losses.mean():.3f}; with "
        "seeds and rows drawn anew, 95 % of its means are between 0.0"
    )
    assert result.readout.endswith(
        "Descent, RMSProp, AdaDelta and AdaGrad are worse; the race cannot tell the other 7 "
        "apart from it."
    )
    names = [text.get_text() for text in result.views.apart.names]
    assert names == list(benchmark.results("digits"))


def test_on_the_penguins_the_seeds_alone_would_name_winners_and_the_rows_name_none():
    result = race_result.explore(where="penguins", chance="seeds")
    assert "are better; Nesterov is worse" in result.readout
    for chance in ("test rows", "both"):
        result.set(chance=chance)
        assert result.readout.endswith("The race cannot tell any of the 11 others apart from it.")


def test_what_the_lesson_says_of_adam():
    real = exercises()["is_difference_real"].reference
    better = {}
    for where in ("valley", "Rosenbrock"):
        losses = {name: ended[1][:, 0] for name, ended in benchmark.results(where).items()}
        adam = losses["Adam"]
        better[where] = {
            n for n in losses if losses[n].mean() < adam.mean() and real(losses[n], adam)
        }
        ties = {n for n in losses if n != "Adam" and not real(losses[n], adam)}
        assert ties == {"valley": {"momentum", "AMSGrad"}, "Rosenbrock": {"NAdam"}}[where]
    assert better == {"valley": {"AdamW", "Nesterov", "NAdam"}, "Rosenbrock": set()}
    small = race.explore(factor=0.032).readout
    assert "Adam with step size 0.001 reaches a mean validation loss of 0.99." in small


@pytest.mark.parametrize("where", race_result.SCALES)
def test_the_intervals_are_those_of_the_learners_function(where):
    """The picture's intervals for seeds, and for rows, agree with the exercise's bootstrap."""
    real = exercises()["is_difference_real"].reference
    losses, _ = race_result.drawn(where, "seeds", 10)
    for chance, axis in (("seeds", 2), ("test rows", 1)):
        result = race_result.explore(where=where, chance=chance)
        drawn = {m for y in [result.views.apart.marks["apart"].get_ydata()] for m in y.tolist()}
        names = [text.get_text() for text in result.views.apart.names]
        means = losses.mean(axis=axis)
        adam = means[race_result.NAMES.index("Adam")]
        found = {
            i for i, name in enumerate(names)
            if name != "Adam" and real(means[race_result.NAMES.index(name)], adam)
        }  # fmt: skip
        assert len(found ^ drawn) <= 1  # one interval may end close to 0


def test_the_readout_of_the_result_names_every_method_once():
    result = race_result.explore()
    for values in (
        {"seeds": 5}, {"reference": "AdaGrad"}, {"reference": "NAdam", "chance": "test rows"},
        {"where": "penguins", "chance": "seeds", "reference": "Lion"}, {"reference": "Nesterov"},
    ):  # fmt: skip
        result.set(**values)
        text = result.readout.rpartition(" drawn anew, ")[2]
        named = sum(text.count(f"{name}") for name in ("RMSProp", "AdaDelta", "AdaGrad"))
        kinds = {k: len(m.get_xdata()) for k, m in result.views.apart.marks.items()}
        assert kinds["reference"] == 1 and sum(kinds.values()) == 12 and named <= 3
        if kinds["tie"] > 1 and kinds["apart"]:
            assert f"cannot tell the other {kinds['tie']} apart from it." in result.readout


def test_what_the_lesson_says_of_seeds_and_rows_on_the_digits():
    """One choice of what is drawn finds more methods worse than both do, and few seeds fewer."""
    result = race_result.explore(chance="seeds")
    assert result.readout.endswith("the race cannot tell the other 4 apart from it.")
    result.set(chance="test rows")
    assert result.readout.endswith(
        "AdaMax, momentum, descent, RMSProp, AdaDelta and AdaGrad are worse; the race cannot tell "
        "the other 5 apart from it."
    )
    result.set(chance="both", seeds=5)
    assert result.readout.endswith(
        "AdaGrad is worse; the race cannot tell the other 10 apart from it."
    )


def test_what_the_lesson_says_of_the_first_picture():
    means = tuning_of("digits").means[:, -1]
    places = np.minimum(means.argmin(axis=1) + 2, len(benchmark.RATES) - 1)  # 3.2 times the tuned
    ended = dict(zip(benchmark.RULES, means[np.arange(12), places], strict=True))
    assert {name for name, loss in ended.items() if loss < 0.2} == {"AdaMax", "AdaDelta"}
    assert f"{ended['AdaMax']:.2f} {ended['AdaDelta']:.2f} {ended['descent']:.0f}" == "0.17 0.19 41"
    best = [
        list(benchmark.RULES)[tuning_of(where).means[:, -1].min(axis=1).argmin()]
        for where in benchmark.COURSES
    ]
    assert best == ["AdamW", "Adam", "AdamW", "NAdam"]
