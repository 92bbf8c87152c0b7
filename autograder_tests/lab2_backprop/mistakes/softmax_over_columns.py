"""softmax normalises each class over the batch instead of each example over the classes."""

import numpy as np

CAUGHT_BY = (
    "softmax_rows",
    "activations_random",
)
HINT = "One row is one example. Which axis must add up to 1?"
LECTURE = "lecture 1, Network architecture"


def softmax(logits: Array) -> Array:
    exps = np.exp(logits - logits.max(axis=0, keepdims=True))
    return exps / exps.sum(axis=0, keepdims=True)
