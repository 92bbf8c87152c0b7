"""The binary cross-entropy is the sum over the batch, not its mean."""

import numpy as np

CAUGHT_BY = (
    "losses_worked",
    "binary_cross_entropy_gradient",
)
HINT = "What does the loss do when every example is in the batch twice?"
LECTURE = "lecture 5, Loss Functions"


def binary_cross_entropy(prob: Array, target: Array) -> tuple[float, Array]:
    prob = np.clip(prob, 1e-12, 1.0 - 1e-12)
    losses = -target * np.log(prob) - (1.0 - target) * np.log(1.0 - prob)
    return float(losses.sum()), -target / prob + (1.0 - target) / (1.0 - prob)
