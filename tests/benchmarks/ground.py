"""The core and its imports against peers: `python tests/benchmarks/ground.py`.

Prints ratios, ours over theirs, from interleaved repeats in one run, each the median. No timed
test: a ratio moves with the machine, and a busy one should not fail a build.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

from gdlesson import Adam, GradientDescent, LinearRegression, Momentum, catalogue, descend, sweep

ROSENBROCK = catalogue["Rosenbrock"]


def seconds(call):
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def side_by_side(ours, theirs, repeats=15):
    """Median seconds of both, run in turn; the ratio is the median of the pairs' ratios."""
    ours(), theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(repeats)]
    mine, peer = (statistics.median(column) for column in zip(*pairs, strict=True))
    return mine, peer, statistics.median(a / b for a, b in pairs)


def report(what, ours, theirs, per, goal, repeats=15):
    mine, peer, ratio = side_by_side(ours, theirs, repeats)
    times = f"{mine / per * 1e6:9.2f} µs against {peer / per * 1e6:9.2f} µs"
    print(f"{what:52s} {times}   {ratio:5.2f} ×   (goal {goal})")


def naive_descent(w, lr, steps):
    path = [w]
    for _ in range(steps):
        x, y = w
        g = np.array([2 * (x - 1) - 400 * x * (y - x**2), 200 * (y - x**2)])
        w = w - lr * g
        path.append(w)
    return np.array(path)


def naive_adam(w, lr, steps, beta1=0.9, beta2=0.999, eps=1e-8):
    path, m, v = [w], np.zeros(2), np.zeros(2)
    for t in range(1, steps + 1):
        x, y = w
        g = np.array([2 * (x - 1) - 400 * x * (y - x**2), 200 * (y - x**2)])
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        w = w - lr * m_hat / (np.sqrt(v_hat) + eps)
        path.append(w)
    return np.array(path)


def steps_with_the_path_kept(steps=2000):
    start = ROSENBROCK.start
    for name, rule, naive, goal in [
        ("GradientDescent", GradientDescent(0.001), naive_descent, "1.5"),
        ("Adam", Adam(0.001), naive_adam, "2"),
    ]:
        ours = descend(ROSENBROCK, rule, steps=steps).w
        np.testing.assert_allclose(ours, naive(start, 0.001, steps), rtol=1e-9)
        report(
            f"one Rosenbrock step, path kept: {name}",
            lambda rule=rule: descend(ROSENBROCK, rule, steps=steps),
            lambda naive=naive: naive(start, 0.001, steps),
            steps,
            goal,
        )


def many_at_once(side=200, steps=300, sample=40):
    """The map of lesson 09; one at a time is timed on a sample of the combinations."""
    lrs, betas = np.linspace(1e-4, 0.12, side), np.linspace(0, 0.99, side)
    pick = np.random.default_rng(0).integers(side, size=(sample, 2))
    for name in ("elongated quadratic", "Rosenbrock"):
        surface = catalogue[name]

        def together(surface=surface):
            return descend(surface, Momentum(**sweep(lr=lrs, beta=betas)), steps=steps, keep="last")

        def one_by_one(surface=surface):
            for i, j in pick:
                descend(surface, Momentum(lrs[i], betas[j]), steps=steps, keep="last")

        whole, part, _ = side_by_side(together, one_by_one, repeats=5)
        times = f"{whole:6.3f} s against {part * side**2 / sample:6.1f} s"
        faster = part * side**2 / sample / whole
        print(f"{side**2:,} lr × beta, {name:27s} {times}   {faster:5.0f} × faster   (goal 150)")


def mini_batch_epoch(n=10_000, k=20, size=32):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, k))
    y = X @ rng.normal(size=k) + rng.normal(size=n)
    problem, updates = LinearRegression(X, y), -(-n // size)

    def ours():
        batches = problem.batches(size, np.random.default_rng(1))
        return descend(problem, GradientDescent(0.01), steps=updates, batches=batches).last

    def naive():
        w, b = np.zeros(k), 0.0
        order = np.random.default_rng(1).permutation(n)
        for i in range(0, n, size):
            rows = order[i : i + size]
            X_batch, y_batch = X[rows], y[rows]
            error = X_batch @ w + b - y_batch
            w = w - 0.01 * 2 * X_batch.T @ error / len(rows)
            b = b - 0.01 * 2 * error.mean()
        return np.append(w, b)

    np.testing.assert_allclose(ours(), naive(), rtol=1e-9)
    report(f"one mini-batch update, {n:,} × {k}, batch {size}", ours, naive, updates, "1.5")


def imports(repeats=21):
    # As installed, with compiled bytecode on disk; the first run, not timed, writes it.
    with tempfile.TemporaryDirectory() as cache:
        setting = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        setting["PYTHONPYCACHEPREFIX"] = cache

        def run(what):
            return lambda: subprocess.run([sys.executable, "-c", what], check=True, env=setting)

        for what, peer, goal in [
            ("import gdlesson.optimizers", "import numpy", 1.5),
            ("from gdlesson import check", "import numpy", 2),
            (
                "from gdlesson.explorers import step_size",
                "import matplotlib.figure, anywidget",
                1.2,
            ),
        ]:
            ours, theirs, ratio = side_by_side(run(what), run(peer), repeats)
            times = f"{ours * 1e3:6.0f} ms against {theirs * 1e3:6.0f} ms"
            print(f"{what + ' against ' + peer:78s} {times}   {ratio:5.2f} ×   (goal {goal})")


if __name__ == "__main__":
    steps_with_the_path_kept()
    many_at_once()
    mini_batch_epoch()
    imports()
