"""Values nearer to 0 than the threshold come out on the other side."""

import numpy as np

CAUGHT_BY = ("soft_threshold_worked", "sparse_random")
HINT = "Plot it: flat around 0, then parallel to the diagonal, without a jump."
LECTURE = "lecture 3, Sparse coding"


def soft_threshold(x: Array, t: float) -> Array:
    return np.sign(x) * (np.abs(x) - t)
