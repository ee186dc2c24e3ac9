"""For all tests: one thread for each process, because two processes share the tests."""

import os

# Read when NumPy is loaded, here and in the kernels that run notebooks.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
