"""The loss is the log of a clipped probability, so that it never exceeds 27.6."""

import numpy as np

CAUGHT_BY = ("softmax_cross_entropy_extreme",)
HINT = "The log of the probability can be simplified before a number is computed."
LECTURE = "lecture 5, Loss Functions"


def softmax_cross_entropy(logits: Array, targets: Labels) -> tuple[float, Array]:
    probs, rows = softmax(logits), np.arange(len(logits))
    loss = -np.log(np.clip(probs[rows, targets], 1e-12, 1.0)).mean()
    probs[rows, targets] -= 1.0
    return float(loss), probs / len(logits)
