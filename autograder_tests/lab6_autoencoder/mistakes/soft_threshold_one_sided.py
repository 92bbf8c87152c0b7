"""Negative values are cut to 0."""

import numpy as np

CAUGHT_BY = ("soft_threshold_worked", "sparse_random")
HINT = "Plot it: flat around 0, then parallel to the diagonal, without a jump."
LECTURE = "lecture 3, Sparse coding"


def soft_threshold(x: Array, t: float) -> Array:
    return np.maximum(x - t, 0.0)
