"""Run the whole race and write gdlesson/data/race_*.csv: half a minute, after any change of a rule.

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
                for ended in zip(*benchmark.final(course, make, rate), strict=True):
                    results.write(f"{name},{rule},{rate:.4g},{ended[0]:.3g},{ended[1]:.4g}\n")
            if course.batch is not None:
                np.savetxt(DATA / f"race_{name}.csv", np.concatenate(rows), "%.3g", delimiter=",")


if __name__ == "__main__":
    main()
