"""The web edition: static pages of the lessons in which the explorers move without a kernel."""
