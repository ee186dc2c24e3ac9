"""Questions on lesson one-step."""

QUESTIONS = ()
