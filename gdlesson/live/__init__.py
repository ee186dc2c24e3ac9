"""The one widget with JavaScript, its controls, playback and export. anywidget and matplotlib."""

from .figure import Handle, LiveFigure

__all__ = ["Handle", "LiveFigure"]
