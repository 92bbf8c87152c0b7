"""The smallest singular values are kept instead of the largest."""

import numpy as np

CAUGHT_BY = (
    "word_vectors_worked",
    "word_vectors_random",
)
HINT = "In which order does np.linalg.svd give the singular values?"
LECTURE = "lecture 2, Word vectors"


def word_vectors(counts: Array, k: int) -> Array:
    counts = np.asarray(counts, dtype=np.float64)
    u, s, vt = np.linalg.svd(counts)
    return u[:, -k:] * s[-k:]
