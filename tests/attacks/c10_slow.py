"""C10. Right, but with a Python loop where NumPy has one. Holds: the ratio to the reference."""

HONEST = ('distances_value',)
RECORDED = "times the reference's CPU time"
ACCIDENT = True

import numpy as np


def slow(x):
    return np.array([[np.sqrt(((a - b) ** 2).sum()) for b in x] for a in x])


distances = slow
