"""The gradient of the quadratic loss is target - pred: its sign is flipped."""

import numpy as np

CAUGHT_BY = (
    "losses_worked",
    "quadratic_loss_gradient",
)
HINT = "If the prediction is too high, does raising it raise or lower the loss?"
LECTURE = "lecture 5, Loss Functions"


def quadratic_loss(pred: Array, target: Array) -> tuple[float, Array]:
    error = pred - target
    batch = len(pred)
    return float(0.5 * np.sum(error**2) / batch), -error / batch
