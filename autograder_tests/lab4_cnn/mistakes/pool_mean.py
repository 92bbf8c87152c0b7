"""max_pool_forward takes the mean of each window."""

import numpy as np

CAUGHT_BY = (
    "max_pool_worked",
    "max_pool_random",
)
HINT = "Which number of a window comes out?"
LECTURE = "lecture 2, Pooling"


def max_pool_forward(x, size, stride):
    return windows_of(x, size, size, stride).mean(axis=(4, 5))
