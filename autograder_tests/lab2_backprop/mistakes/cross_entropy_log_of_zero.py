"""Nothing is clipped: the log of 0, and 0 times infinity, appear at probability 0 and 1."""

import numpy as np

CAUGHT_BY = ("binary_cross_entropy_gradient",)
HINT = "0 * log(0) is nan in float64. The statement says where to clip."
LECTURE = "lecture 5, Loss Functions"


def binary_cross_entropy(prob: Array, target: Array) -> tuple[float, Array]:
    losses = -target * np.log(prob) - (1.0 - target) * np.log(1.0 - prob)
    return float(losses.mean()), (-target / prob + (1.0 - target) / (1.0 - prob)) / len(prob)
