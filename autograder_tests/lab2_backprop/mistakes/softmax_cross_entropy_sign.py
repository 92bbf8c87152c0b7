"""The gradient is one-hot minus probabilities: its sign is flipped."""

import numpy as np

CAUGHT_BY = (
    "softmax_cross_entropy_worked",
    "softmax_cross_entropy_gradient",
    "softmax_cross_entropy_extreme",
)
HINT = "Raising the logit of the right class: does the loss rise or fall?"
LECTURE = "lecture 5, Loss Functions"


def softmax_cross_entropy(logits: Array, targets: Labels) -> tuple[float, Array]:
    batch, rows = len(logits), np.arange(len(logits))
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    grad = -np.exp(log_probs)
    grad[rows, targets] += 1.0
    return float(-log_probs[rows, targets].mean()), grad / batch
