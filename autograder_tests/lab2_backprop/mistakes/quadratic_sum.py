"""The quadratic loss is the sum over the batch, not its mean."""

import numpy as np

CAUGHT_BY = (
    "losses_worked",
    "quadratic_loss_gradient",
)
HINT = "What does the loss do when every example is in the batch twice?"
LECTURE = "lecture 5, Loss Functions"


def quadratic_loss(pred: Array, target: Array) -> tuple[float, Array]:
    error = pred - target
    return float(0.5 * np.sum(error**2)), error
