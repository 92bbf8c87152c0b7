"""Only the examples with target 1 count: the second term of the loss is missing."""

import numpy as np

CAUGHT_BY = (
    "losses_worked",
    "binary_cross_entropy_gradient",
)
HINT = "What does an example with target 0 cost?"
LECTURE = "lecture 5, Loss Functions"


def binary_cross_entropy(prob: Array, target: Array) -> tuple[float, Array]:
    prob = np.clip(prob, 1e-12, 1.0 - 1e-12)
    return float((-target * np.log(prob)).mean()), -target / prob / len(prob)
