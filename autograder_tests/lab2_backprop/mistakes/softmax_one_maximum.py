"""softmax subtracts the maximum of the whole batch, so that rows far below it become 0 / 0."""

import numpy as np

CAUGHT_BY = ("activations_random",)
HINT = "What is left of a row near -1e4 when another row's 1e4 is subtracted from it?"
LECTURE = "lecture 1, Network architecture"


def softmax(logits: Array) -> Array:
    exps = np.exp(logits - logits.max())
    return exps / exps.sum(axis=1, keepdims=True)
