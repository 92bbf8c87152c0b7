"""The singular vectors are not multiplied by their singular values."""

import numpy as np

CAUGHT_BY = (
    "word_vectors_worked",
    "word_vectors_random",
)
HINT = "Every column has length 1. Should it?"
LECTURE = "lecture 2, Word vectors"


def word_vectors(counts: Array, k: int) -> Array:
    counts = np.asarray(counts, dtype=np.float64)
    u, s, vt = np.linalg.svd(counts)
    return u[:, :k]
