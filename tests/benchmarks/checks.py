"""What one check costs: of the reference, and of an answer that none of the mistakes explains."""

import statistics
import time

from gdlesson.exercises import catalogue as exercises


def milliseconds(check, fn, runs=5):
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        check(fn)
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


rows = []
for name, exercise in exercises().items():
    first = time.perf_counter()
    exercise.check(exercise.functions(exercise.mistakes[-1])[-1])
    first = 1000 * (time.perf_counter() - first)
    right = milliseconds(exercise.check, exercise.reference)
    last = milliseconds(exercise.check, exercise.functions(exercise.mistakes[-1])[-1])
    rows.append((first, right, last))
    print(f"{name:28} first {first:7.1f} ms   right {right:6.1f} ms   wrong {last:6.1f} ms")
columns = [statistics.median(column) for column in zip(*rows, strict=True)]
print("median: first {:.1f} ms, right {:.1f} ms, wrong {:.1f} ms".format(*columns))
