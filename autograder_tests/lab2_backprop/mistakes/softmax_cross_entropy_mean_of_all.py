"""The mean is taken over all numbers, classes included, instead of over the examples."""

import numpy as np

CAUGHT_BY = (
    "softmax_cross_entropy_gradient",
    "softmax_cross_entropy_worked",
)
HINT = "One example with 3 classes: is its loss divided by 3?"
LECTURE = "lecture 5, Loss Functions"


def softmax_cross_entropy(logits: Array, targets: Labels) -> tuple[float, Array]:
    batch, rows = len(logits), np.arange(len(logits))
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    grad = np.exp(log_probs)
    grad[rows, targets] -= 1.0
    return float(-log_probs[rows, targets].sum() / logits.size), grad / logits.size
