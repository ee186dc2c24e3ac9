"""Questions on lesson stochastic."""

QUESTIONS = ()
