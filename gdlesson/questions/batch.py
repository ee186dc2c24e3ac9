"""Questions on lesson batch."""

QUESTIONS = ()
