"""The quadratic loss is a mean over all numbers, outputs included; outputs are to be added up."""

import numpy as np

CAUGHT_BY = (
    "quadratic_loss_gradient",
    "losses_worked",
)
HINT = "One example with 3 outputs: is its loss divided by 3?"
LECTURE = "lecture 5, Loss Functions"


def quadratic_loss(pred: Array, target: Array) -> tuple[float, Array]:
    error = pred - target
    return float(0.5 * np.mean(error**2)), error / error.size
