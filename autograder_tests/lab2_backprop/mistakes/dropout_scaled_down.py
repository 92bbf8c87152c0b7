"""What stays is multiplied by keep_prob instead of divided by it."""

import numpy as np

CAUGHT_BY = ("dropout_mask",)
HINT = "Fewer units must make the same total: does each have to give more or less?"
LECTURE = "lecture 3, Dropout"


def dropout(
    x: Array, keep_prob: float, rng: np.random.Generator, training: bool
) -> tuple[Array, Array]:
    if not training:
        return x.copy(), np.ones(x.shape)
    mask = (rng.random(x.shape) < keep_prob) * keep_prob
    return x * mask, mask
