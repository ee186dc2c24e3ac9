"""The exercises, one module per lesson: reference, mistakes, probes, hints. Imports NumPy only."""

from importlib import import_module

from ..checking.feedback import Feedback
from ..checking.time_limit import SECONDS
from ..lazy import LazyCatalogue
from ..progress import record

MODULES = {  # exercise → the module that holds it
    "derivative": "slope",
    "chain": "slope",
    "gd_step": "one_step",
    "descend_until": "one_step",
    "gradient_descent": "step_size",
    "steps_needed": "step_size",
    "numerical_gradient": "gradient",
    "convergence_factors": "gradient",
    "mse_gradient": "batch",
    "standardise": "batch",
    "sgd_epoch": "stochastic",
    "backtrack": "backtracking",
    "step_decay": "schedules",
    "cosine_decay": "schedules",
    "variance_of_batch": "mini_batch_variance",
    "minibatches": "mini_batch",
    "logistic_gradient": "classify",
    "best_epoch": "stopping",
    "count_minima": "landscapes",
    "kind_of_point": "hessian",
    "momentum_step": "momentum",
    "nesterov_step": "nesterov",
    "newton_step": "curvature",
    "rescaled_step": "curvature",
    "adagrad_step": "adaptive",
    "rmsprop_step": "adaptive",
    "adam_step": "adam",
    "adamw_step": "adamw",
    "softmax_cross_entropy": "network",
    "backward": "network",
    "clip_by_norm": "clipping",
    "largest_curvature": "sharpness",
    "errata_numerical_gradient": "errata",
    "errata_logistic_gradient": "errata",
    "errata_regression_gradient": "errata",
    "errata_standardise": "errata",
    "errata_minibatches": "errata",
    "errata_step_decay": "errata",
    "errata_best_epoch": "errata",
    "errata_softmax_cross_entropy": "errata",
    "errata_nesterov_step": "errata",
    "tune": "tuning",
    "is_difference_real": "bootstrap",
    "errata_bias_correction": "errata",
    "errata_brackets": "errata",
    "errata_effective_step": "errata",
}


def _exercise(name):
    module = import_module(f"{__name__}.{MODULES[name]}")
    exercise = next(exercise for exercise in module.EXERCISES if exercise.name == name)
    exercise.others = lambda: [(n, _catalogue[n].reference) for n in MODULES if n != name]
    return exercise


_catalogue = LazyCatalogue(tuple(MODULES), _exercise)


def catalogue():
    """Return the exercises by name: name → Exercise, its module loaded on first access."""
    return _catalogue


def check(fn, seconds=SECONDS):
    """Compare a function with the exercise of the same name and return `Feedback`; never raises.

    The result is recorded in the learner's progress.
    seconds: how long the function may take.
    """
    exercise, problem = _find(fn)
    if exercise is None:
        return Feedback("error", None, problem)
    feedback = exercise.check(fn, seconds)
    record("exercise", exercise.name, feedback.status, mistake=feedback.mistake)
    return feedback


def hint(fn):
    """Print the next hint for an exercise, given its function or its name."""
    exercise, problem = _find(fn)
    if exercise:
        exercise.hint()
    else:
        print(problem)


def solution(fn):
    """Return the folded reference solution of an exercise, given its function or its name."""
    exercise, problem = _find(fn)
    return exercise.solution() if exercise else Feedback("error", None, problem)


def _find(fn):
    """The exercise of this function or name and None, or None and one sentence that says why."""
    name = fn if isinstance(fn, str) else getattr(fn, "__name__", None)
    if isinstance(name, str) and name in MODULES:
        return _catalogue[name], None
    came = f"a function called {name}" if isinstance(name, str) else f"a {type(fn).__name__}"
    return None, (
        f"There is no exercise for {came}. An exercise is found by its function's name, which is "
        f"one of {', '.join(MODULES)}."
    )
