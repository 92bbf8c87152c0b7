"""softmax takes exp of the logits as they are, which overflows above 709."""

import numpy as np

CAUGHT_BY = (
    "softmax_rows",
    "activations_random",
)
HINT = "Subtracting the same number from a whole row changes nothing. Which number is safe?"
LECTURE = "lecture 1, Network architecture"


def softmax(logits: Array) -> Array:
    exps = np.exp(logits)
    return exps / exps.sum(axis=1, keepdims=True)
