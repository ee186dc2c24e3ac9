"""Run the whole race and write gdlesson/data/race_*.csv, after any change of a rule: a minute.

python tests/make_race.py
"""

import pathlib

import numpy as np

from gdlesson import benchmark

DATA = pathlib.Path(benchmark.__file__).parent / "data"


def main():
    with open(DATA / "race_results.csv", "w", encoding="utf-8") as results:
        for name in benchmark.COURSES:
            course = benchmark.course(name)
            rows = []
            for rule, make in benchmark.RULES.items():
                loss = np.concatenate(list(benchmark.tuning(course, make)), axis=-1)
                rows.append(loss.transpose(1, 2, 0).reshape(-1, len(course.evaluations)))
                rate = benchmark.RATES[benchmark.tuned(loss)]
                for losses, right in zip(*benchmark.final(course, make, rate), strict=True):
                    numbers = ",".join(f"{loss:.3g}" for loss in losses)
                    results.write(f"{name},{rule},{rate:.6g},{right:.4g},{numbers}\n")
            if course.batch is not None:
                np.savetxt(DATA / f"race_{name}.csv", np.concatenate(rows), "%.3g", delimiter=",")


if __name__ == "__main__":
    main()
