"""The vectors are scaled by the square roots of the singular values."""

import numpy as np

CAUGHT_BY = (
    "word_vectors_worked",
    "word_vectors_random",
)
HINT = "How long is the first column?"
LECTURE = "lecture 2, Word vectors"


def word_vectors(counts: Array, k: int) -> Array:
    counts = np.asarray(counts, dtype=np.float64)
    u, s, vt = np.linalg.svd(counts)
    return u[:, :k] * np.sqrt(s[:k])
