"""Questions on lesson schedules."""

QUESTIONS = ()
