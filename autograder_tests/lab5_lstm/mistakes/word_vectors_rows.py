"""The first rows of U are taken instead of its first columns."""

import numpy as np

CAUGHT_BY = (
    "word_vectors_worked",
    "word_vectors_random",
)
HINT = "U has a row for each word and a column for each singular value."
LECTURE = "lecture 2, Word vectors"


def word_vectors(counts: Array, k: int) -> Array:
    counts = np.asarray(counts, dtype=np.float64)
    u, s, vt = np.linalg.svd(counts)
    return u[:k].T * s[:k]
