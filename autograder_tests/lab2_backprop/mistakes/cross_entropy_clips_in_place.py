"""Clipping writes into the probabilities that were passed in."""

import numpy as np

CAUGHT_BY = ("binary_cross_entropy_gradient",)
HINT = "Print prob before and after the call."
LECTURE = "lecture 5, Loss Functions"


def binary_cross_entropy(prob: Array, target: Array) -> tuple[float, Array]:
    np.clip(prob, 1e-12, 1.0 - 1e-12, out=prob)
    losses = -target * np.log(prob) - (1.0 - target) * np.log(1.0 - prob)
    return float(losses.mean()), (-target / prob + (1.0 - target) / (1.0 - prob)) / len(prob)
