"""Questions on lesson adaptive."""

QUESTIONS = ()
