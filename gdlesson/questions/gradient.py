"""Questions on lesson gradient."""

QUESTIONS = ()
