"""The exercises of lesson 19 that are an exercise of an earlier lesson once more.

Reference, mistakes and probes are the same, as test_clinic.py shows, so the tests that take long
do not repeat what they have done with the earlier exercise.
"""

AGAIN = {  # its name → the exercise with the same answers, right and wrong
    "errata_numerical_gradient": "numerical_gradient",
    "errata_logistic_gradient": "logistic_gradient",
    "errata_standardise": "standardise",
    "errata_minibatches": "minibatches",
    "errata_step_decay": "step_decay",
    "errata_best_epoch": "best_epoch",
    "errata_softmax_cross_entropy": "softmax_cross_entropy",
    "errata_nesterov_step": "nesterov_step",
}
