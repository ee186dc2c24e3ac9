"""Questions on lesson start-here."""

QUESTIONS = ()
