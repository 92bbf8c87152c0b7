"""The bias is not added to the logits."""

import numpy as np

CAUGHT_BY = ("logistic_regression_gradient",)
HINT = "What is the loss of a unit with zero weights and a bias of 3?"
LECTURE = "lecture 5, Example with logistic regression"


def logistic_regression(
    weights: Array, bias: float, x: Array, target: Array
) -> tuple[float, Array, float]:
    logits = x @ weights + bias
    logits = x @ weights
    loss = float(np.mean(np.logaddexp(0.0, logits) - target * logits))
    grad = (sigmoid(logits) - target) / len(x)
    return loss, x.T @ grad, float(grad.sum())
