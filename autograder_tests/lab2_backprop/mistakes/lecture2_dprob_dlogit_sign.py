"""The gradient's sign is flipped, as by the minus in lecture 2's derivative of the prediction."""

import numpy as np

CAUGHT_BY = (
    "logistic_regression_gradient",
    "logistic_regression_extreme",
)
HINT = "If a weight with a positive input is raised, does the probability rise or fall?"
LECTURE = "lecture 2, Backpropagation: intro"


def logistic_regression(
    weights: Array, bias: float, x: Array, target: Array
) -> tuple[float, Array, float]:
    logits = x @ weights + bias
    loss = float(np.mean(np.logaddexp(0.0, logits) - target * logits))
    grad = -(sigmoid(logits) - target) / len(x)
    return loss, x.T @ grad, float(grad.sum())
