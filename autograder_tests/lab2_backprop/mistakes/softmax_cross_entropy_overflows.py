"""exp is taken of the logits as they are, which overflows above 709."""

import numpy as np

CAUGHT_BY = ("softmax_cross_entropy_extreme",)
HINT = "Subtracting the same number from a whole row changes nothing."
LECTURE = "lecture 5, Loss Functions"


def softmax_cross_entropy(logits: Array, targets: Labels) -> tuple[float, Array]:
    exps, rows = np.exp(logits), np.arange(len(logits))
    probs = exps / exps.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(exps.sum(axis=1)) - logits[rows, targets])
    probs[rows, targets] -= 1.0
    return float(loss), probs / len(logits)
