"""The machinery behind exercises: runs a learner's function and names its mistake. NumPy only."""
