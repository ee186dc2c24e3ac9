"""Questions on lesson slope."""

QUESTIONS = ()
