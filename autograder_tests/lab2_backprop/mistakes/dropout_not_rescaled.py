"""What stays is not divided by keep_prob, so that the output shrinks while training."""

import numpy as np

CAUGHT_BY = ("dropout_mask",)
HINT = "What is the mean of the mask, and what should it be?"
LECTURE = "lecture 3, Dropout"


def dropout(
    x: Array, keep_prob: float, rng: np.random.Generator, training: bool
) -> tuple[Array, Array]:
    if not training:
        return x.copy(), np.ones(x.shape)
    mask = (rng.random(x.shape) < keep_prob).astype(float)
    return x * mask, mask
