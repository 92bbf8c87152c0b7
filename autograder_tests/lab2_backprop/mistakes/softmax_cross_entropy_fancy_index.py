"""logits[:, targets] takes the columns of all targets from every row, not one number a row."""

import numpy as np

CAUGHT_BY = (
    "softmax_cross_entropy_worked",
    "softmax_cross_entropy_gradient",
)
HINT = "Print the shape of what is indexed: there should be one number an example."
LECTURE = "lecture 5, Loss Functions"


def softmax_cross_entropy(logits: Array, targets: Labels) -> tuple[float, Array]:
    batch, rows = len(logits), np.arange(len(logits))
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    grad = np.exp(log_probs)
    grad[:, targets] -= 1.0
    return float(-log_probs[:, targets].mean()), grad / batch
