"""Questions on lesson landscapes."""

QUESTIONS = ()
