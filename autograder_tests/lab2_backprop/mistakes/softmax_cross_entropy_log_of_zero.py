"""The loss is the log of the softmax, which is the log of 0 when a probability underflows."""

import numpy as np

CAUGHT_BY = ("softmax_cross_entropy_extreme",)
HINT = "exp(-2e4) is 0 in float64, but the log of the probability is just -2e4."
LECTURE = "lecture 5, Loss Functions"


def softmax_cross_entropy(logits: Array, targets: Labels) -> tuple[float, Array]:
    probs, rows = softmax(logits), np.arange(len(logits))
    loss = -np.log(probs[rows, targets]).mean()
    probs[rows, targets] -= 1.0
    return float(loss), probs / len(logits)
