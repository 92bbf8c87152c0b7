"""One coin a feature: the same features are dropped in every example."""

import numpy as np

CAUGHT_BY = ("dropout_mask",)
HINT = "How many coins does a batch of 199 examples with 101 features need?"
LECTURE = "lecture 3, Dropout"


def dropout(
    x: Array, keep_prob: float, rng: np.random.Generator, training: bool
) -> tuple[Array, Array]:
    if not training:
        return x.copy(), np.ones(x.shape)
    row = (rng.random(x.shape[1]) < keep_prob) / keep_prob
    mask = np.tile(row, (x.shape[0], 1))
    return x * mask, mask
