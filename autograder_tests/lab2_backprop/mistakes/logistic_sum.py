"""Loss and gradients are sums over the batch, not means."""

import numpy as np

CAUGHT_BY = (
    "logistic_regression_gradient",
    "logistic_regression_extreme",
)
HINT = "What does the loss do when every example is in the batch twice?"
LECTURE = "lecture 5, Loss Functions"


def logistic_regression(
    weights: Array, bias: float, x: Array, target: Array
) -> tuple[float, Array, float]:
    logits = x @ weights + bias
    loss = np.sum(np.logaddexp(0.0, logits) - target * logits)
    grad = sigmoid(logits) - target
    return float(loss), x.T @ grad, float(grad.sum())
