"""The mask comes from a generator with a fixed seed, so that every call drops the same units."""

import numpy as np

CAUGHT_BY = ("dropout_mask",)
HINT = "Call it with two different generators. Do the masks differ?"
LECTURE = "lecture 3, Dropout"


def dropout(
    x: Array, keep_prob: float, rng: np.random.Generator, training: bool
) -> tuple[Array, Array]:
    if not training:
        return x.copy(), np.ones(x.shape)
    mask = (np.random.default_rng(0).random(x.shape) < keep_prob) / keep_prob
    return x * mask, mask
