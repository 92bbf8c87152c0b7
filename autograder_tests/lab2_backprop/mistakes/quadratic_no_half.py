"""The quadratic loss has no factor one half, and its gradient a factor 2."""

import numpy as np

CAUGHT_BY = (
    "losses_worked",
    "quadratic_loss_gradient",
)
HINT = "The half is in the statement's loss. What does it do to the gradient?"
LECTURE = "lecture 5, Loss Functions"


def quadratic_loss(pred: Array, target: Array) -> tuple[float, Array]:
    error = pred - target
    batch = len(pred)
    return float(np.sum(error**2) / batch), 2.0 * error / batch
