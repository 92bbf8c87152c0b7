"""The loss is a mean over the batch, but its gradient is not divided by the batch size."""

import numpy as np

CAUGHT_BY = (
    "losses_worked",
    "binary_cross_entropy_gradient",
)
HINT = "The gradient belongs to the loss that is returned, mean included."
LECTURE = "lecture 5, Loss Functions"


def binary_cross_entropy(prob: Array, target: Array) -> tuple[float, Array]:
    prob = np.clip(prob, 1e-12, 1.0 - 1e-12)
    losses = -target * np.log(prob) - (1.0 - target) * np.log(1.0 - prob)
    return float(losses.mean()), -target / prob + (1.0 - target) / (1.0 - prob)
