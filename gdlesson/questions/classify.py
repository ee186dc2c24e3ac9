"""Questions on lesson classify."""

QUESTIONS = ()
