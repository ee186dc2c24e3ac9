"""Questions on lesson network."""

QUESTIONS = ()
