"""Questions on lesson race."""

QUESTIONS = ()
