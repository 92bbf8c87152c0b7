"""The loss goes through a clipped probability, so that it never exceeds 27.6."""

import numpy as np

CAUGHT_BY = ("logistic_regression_extreme",)
HINT = "For a logit of 1000 and target 0 the loss is 1000: write it with the logit."
LECTURE = "lecture 5, Example with logistic regression"


def logistic_regression(
    weights: Array, bias: float, x: Array, target: Array
) -> tuple[float, Array, float]:
    logits = x @ weights + bias
    prob = sigmoid(logits)
    loss, _ = binary_cross_entropy(prob, target)
    grad = (prob - target) / len(x)
    return loss, x.T @ grad, float(grad.sum())
