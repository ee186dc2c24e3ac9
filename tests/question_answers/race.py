"""Answers to the questions of lesson race, by simulation, by counting and by sorting."""

import itertools


def rows_for_error(rows, error, wanted):
    """Double until σ/√n is small enough, then halve the interval."""
    sigma = error * rows**0.5
    high = float(rows)
    while sigma / high**0.5 > wanted:
        high *= 2
    low = 0.0
    for _ in range(100):
        n = (low + high) / 2
        low, high = (n, high) if sigma / n**0.5 > wanted else (low, n)
    return high


def budget_per_run(total, rates, betas, seeds):
    runs = sum(1 for _ in itertools.product(range(rates), range(betas), range(seeds)))
    return total / runs


def tuned_rate(**losses):
    """Add the losses up, in hundredths."""
    return min(losses, key=lambda key: sum(round(100 * loss) for loss in losses[key]))


def unfair_comparison(rates, data, seeds, steps, rows, b_steps, b_rows, grid, runs):
    """Count the gradients of single rows, step by step; the other rules are broken or kept."""
    counts = [sum(batch for _ in range(n)) for n, batch in ((steps, rows), (b_steps, b_rows))]
    broken = {"rates": rates, "data": data, "seeds": seeds, "budget": counts[0] != counts[1]}
    return {rule for rule, is_broken in broken.items() if is_broken}
