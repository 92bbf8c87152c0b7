"""The output is a softmax over a single unit, as on lecture 3's slide: always 1, whatever the
weights.
"""

import numpy as np

CAUGHT_BY = (
    "logistic_regression_gradient",
    "logistic_regression_extreme",
)
HINT = "What do the probabilities of one class add up to?"
LECTURE = "lecture 3, In practice: learning"


def logistic_regression(
    weights: Array, bias: float, x: Array, target: Array
) -> tuple[float, Array, float]:
    logits = x @ weights + bias
    prob = softmax(logits[:, None])[:, 0]
    loss, _ = binary_cross_entropy(prob, target)
    grad = (prob - target) / len(x)
    return loss, x.T @ grad, float(grad.sum())
