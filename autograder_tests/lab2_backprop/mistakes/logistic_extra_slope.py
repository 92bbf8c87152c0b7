"""The error is multiplied by the sigmoid's slope once too often; it cancels against the loss's
derivative.
"""

import numpy as np

CAUGHT_BY = (
    "logistic_regression_gradient",
    "logistic_regression_extreme",
)
HINT = "Write dloss/dprob times dprob/dlogit on paper before simplifying."
LECTURE = "lecture 5, Example with logistic regression"


def logistic_regression(
    weights: Array, bias: float, x: Array, target: Array
) -> tuple[float, Array, float]:
    logits = x @ weights + bias
    loss = float(np.mean(np.logaddexp(0.0, logits) - target * logits))
    grad = (sigmoid(logits) - target) * sigmoid_grad(logits) / len(x)
    return loss, x.T @ grad, float(grad.sum())
