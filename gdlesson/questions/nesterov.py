"""Questions on lesson nesterov."""

QUESTIONS = ()
