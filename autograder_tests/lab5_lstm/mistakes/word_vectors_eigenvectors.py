"""The vectors come from the eigenvectors of the counts, which eigh reads as if they were symmetric."""

import numpy as np

CAUGHT_BY = ("word_vectors_random",)
HINT = "What does eigh do with the upper half of a matrix that is not symmetric?"
LECTURE = "lecture 2, SVD"


def word_vectors(counts: Array, k: int) -> Array:
    values, vectors = np.linalg.eigh(np.asarray(counts, dtype=np.float64))
    order = np.argsort(-np.abs(values))[:k]
    return vectors[:, order] * np.abs(values[order])
