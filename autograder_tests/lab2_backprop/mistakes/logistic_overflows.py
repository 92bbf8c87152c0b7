"""log(1 + exp(z)) is written out, and exp(z) overflows above 709."""

import numpy as np

CAUGHT_BY = ("logistic_regression_extreme",)
HINT = "NumPy has a function for log(exp(a) + exp(b)); what are a and b here?"
LECTURE = "lecture 5, Example with logistic regression"


def logistic_regression(
    weights: Array, bias: float, x: Array, target: Array
) -> tuple[float, Array, float]:
    logits = x @ weights + bias
    loss = float(np.mean(np.log(1.0 + np.exp(logits)) - target * logits))
    grad = (sigmoid(logits) - target) / len(x)
    return loss, x.T @ grad, float(grad.sum())
