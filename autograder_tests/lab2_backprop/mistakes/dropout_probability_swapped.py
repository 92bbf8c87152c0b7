"""keep_prob is used as the probability of dropping."""

import numpy as np

CAUGHT_BY = ("dropout_mask",)
HINT = "With keep_prob 0.8, how many units in ten should stay?"
LECTURE = "lecture 3, Dropout"


def dropout(
    x: Array, keep_prob: float, rng: np.random.Generator, training: bool
) -> tuple[Array, Array]:
    if not training:
        return x.copy(), np.ones(x.shape)
    mask = (rng.random(x.shape) >= keep_prob) / keep_prob
    return x * mask, mask
