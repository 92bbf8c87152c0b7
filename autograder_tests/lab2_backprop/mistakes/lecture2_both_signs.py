"""Both slips of lecture 2 are in the gradient: they cancel for target 0 and flip the sign for
target 1.
"""

import numpy as np

CAUGHT_BY = (
    "logistic_regression_gradient",
    "logistic_regression_extreme",
)
HINT = "Check one example with target 1 against numerical_gradient."
LECTURE = "lecture 2, Backpropagation: intro"


def logistic_regression(
    weights: Array, bias: float, x: Array, target: Array
) -> tuple[float, Array, float]:
    logits = x @ weights + bias
    loss = float(np.mean(np.logaddexp(0.0, logits) - target * logits))
    prob = sigmoid(logits)
    grad = (target * (1.0 - prob) + (1.0 - target) * prob) / len(x)
    return loss, x.T @ grad, float(grad.sum())
