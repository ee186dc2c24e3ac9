"""Questions on lesson momentum."""

QUESTIONS = ()
