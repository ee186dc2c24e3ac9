"""Grade handed-in notebooks, and compare two gradings of a class."""
