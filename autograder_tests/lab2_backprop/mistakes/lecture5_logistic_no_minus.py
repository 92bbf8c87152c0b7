"""Loss and gradient are those of lecture 5's J without a minus: the log likelihood."""

import numpy as np

CAUGHT_BY = (
    "logistic_regression_gradient",
    "logistic_regression_extreme",
)
HINT = "A loss gets smaller when the answer gets better. Is yours ever positive?"
LECTURE = "lecture 5, Example with logistic regression"


def logistic_regression(
    weights: Array, bias: float, x: Array, target: Array
) -> tuple[float, Array, float]:
    logits = x @ weights + bias
    loss = float(np.mean(np.logaddexp(0.0, logits) - target * logits))
    grad = (target - sigmoid(logits)) / len(x)
    return -loss, x.T @ grad, float(grad.sum())
