"""Dropout is active at test time too."""

import numpy as np

CAUGHT_BY = ("dropout_at_test",)
HINT = "What should two predictions for the same image have in common?"
LECTURE = "lecture 3, Dropout"


def dropout(
    x: Array, keep_prob: float, rng: np.random.Generator, training: bool
) -> tuple[Array, Array]:
    mask = (rng.random(x.shape) < keep_prob) / keep_prob
    return x * mask, mask
