"""This is lecture 3's dropout: nothing is rescaled while training, and the output is multiplied by
p at test time.
"""

import numpy as np

CAUGHT_BY = ("dropout_at_test",)
HINT = "Both forms agree on average. Which of them leaves test time alone?"
LECTURE = "lecture 3, Dropout"


def dropout(
    x: Array, keep_prob: float, rng: np.random.Generator, training: bool
) -> tuple[Array, Array]:
    if not training:
        return x * keep_prob, np.full(x.shape, keep_prob)
    mask = (rng.random(x.shape) < keep_prob).astype(float)
    return x * mask, mask
