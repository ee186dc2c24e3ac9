"""Questions on lesson sharpness."""

QUESTIONS = ()
