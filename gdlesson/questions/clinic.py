"""Questions on lesson clinic."""

QUESTIONS = ()
