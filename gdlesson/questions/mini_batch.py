"""Questions on lesson mini-batch."""

QUESTIONS = ()
