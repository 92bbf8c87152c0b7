"""The gradient is the probabilities; the 1 of the right class is not subtracted."""

import numpy as np

CAUGHT_BY = (
    "softmax_cross_entropy_worked",
    "softmax_cross_entropy_gradient",
    "softmax_cross_entropy_extreme",
)
HINT = "Is there a reason in your gradient for the right class to be raised?"
LECTURE = "lecture 5, Loss Functions"


def softmax_cross_entropy(logits: Array, targets: Labels) -> tuple[float, Array]:
    batch, rows = len(logits), np.arange(len(logits))
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-log_probs[rows, targets].mean()), np.exp(log_probs) / batch
