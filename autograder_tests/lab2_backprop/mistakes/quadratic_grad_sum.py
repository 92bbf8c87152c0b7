"""The quadratic loss is a mean, but its gradient is not divided by the batch size."""

import numpy as np

CAUGHT_BY = (
    "quadratic_loss_gradient",
    "losses_worked",
)
HINT = "The gradient belongs to the loss that is returned, mean included."
LECTURE = "lecture 5, Loss Functions"


def quadratic_loss(pred: Array, target: Array) -> tuple[float, Array]:
    error = pred - target
    return float(0.5 * np.sum(error**2) / len(pred)), error
