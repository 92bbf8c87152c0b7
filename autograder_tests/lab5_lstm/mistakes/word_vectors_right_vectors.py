"""The right singular vectors are taken: they belong to the columns of the counts."""

import numpy as np

CAUGHT_BY = ("word_vectors_random",)
HINT = "The counts need not be symmetric. Which factor has a row for each row of the counts?"
LECTURE = "lecture 2, Word vectors"


def word_vectors(counts: Array, k: int) -> Array:
    counts = np.asarray(counts, dtype=np.float64)
    u, s, vt = np.linalg.svd(counts)
    return vt[:k].T * s[:k]
