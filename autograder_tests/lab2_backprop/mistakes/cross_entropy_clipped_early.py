"""Probabilities are clipped at 1e-7, as Keras does, instead of at 1e-12."""

import numpy as np

CAUGHT_BY = ("binary_cross_entropy_gradient",)
HINT = "-log(1e-7) is 16.1 and -log(1e-12) is 27.6. Which limit does the statement name?"
LECTURE = "lecture 5, Loss Functions"


def binary_cross_entropy(prob: Array, target: Array) -> tuple[float, Array]:
    prob = np.clip(prob, 1e-7, 1.0 - 1e-7)
    losses = -target * np.log(prob) - (1.0 - target) * np.log(1.0 - prob)
    return float(losses.mean()), (-target / prob + (1.0 - target) / (1.0 - prob)) / len(prob)
