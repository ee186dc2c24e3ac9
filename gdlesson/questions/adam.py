"""Questions on lesson adam."""

QUESTIONS = ()
