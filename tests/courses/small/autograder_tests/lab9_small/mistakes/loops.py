"""The distances are computed one by one in a Python loop."""

import numpy as np

CAUGHT_BY = ("distances_time",)
HINT = "Which axis can NumPy loop over?"
LECTURE = "lecture 1"


def distances(x):
    return np.array([[np.sqrt(((a - b) ** 2).sum()) for b in x] for a in x])
