"""The mean is subtracted first, as in PCA."""

import numpy as np

CAUGHT_BY = (
    "word_vectors_worked",
    "word_vectors_random",
)
HINT = "Lecture 2 decomposes the counts themselves."
LECTURE = "lecture 2, Word vectors"


def word_vectors(counts: Array, k: int) -> Array:
    counts = np.asarray(counts, dtype=np.float64)
    counts = counts - counts.mean(axis=0)
    u, s, vt = np.linalg.svd(counts)
    return u[:, :k] * s[:k]
