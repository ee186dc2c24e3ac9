"""Questions on lesson curvature."""

QUESTIONS = ()
