"""The maps of basins against one start at a time: `python tests/benchmarks/basins.py`.

Prints, for each landscape with two weights, the milliseconds for a map of 120 × 120 starts and 150
steps, and how many times as long a loop over single starts would take. No timed test: a busy
machine should not fail a build.
"""

import time

from gdlesson import GradientDescent, descend
from gdlesson.explorers.basins import FINE, LANDSCAPES, grid

STEPS, FEW = 150, 40


def seconds(call, repeats=5):
    """The shortest of several runs."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return min(times)


def ends(land, starts):
    return descend(land.surface, GradientDescent(land.lr), starts, STEPS, keep="last").last


def main():
    for name, land in LANDSCAPES.items():
        if land.flat:
            continue
        starts = grid(land, FINE)
        together = seconds(lambda land=land, starts=starts: ends(land, starts))
        few = starts.reshape(-1, 2)[:: FINE * FINE // FEW][:FEW]
        single = seconds(lambda land=land, few=few: [ends(land, start) for start in few], 3)
        ratio = single / FEW * FINE**2 / together
        print(f"{name}: {1000 * together:.0f} ms, a loop {ratio:.0f} times as long")


if __name__ == "__main__":
    main()
