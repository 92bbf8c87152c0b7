"""The output is rescaled, but the mask that is returned is not: the way back would miss the
factor.
"""

import numpy as np

CAUGHT_BY = ("dropout_mask",)
HINT = "out is x * mask, exactly. The backward pass uses the mask alone."
LECTURE = "lecture 3, Dropout"


def dropout(
    x: Array, keep_prob: float, rng: np.random.Generator, training: bool
) -> tuple[Array, Array]:
    if not training:
        return x.copy(), np.ones(x.shape)
    mask = (rng.random(x.shape) < keep_prob).astype(float)
    return x * mask / keep_prob, mask
