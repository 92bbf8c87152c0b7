"""The mean is not subtracted before the directions are found."""

import numpy as np

CAUGHT_BY = ("pca_random", "pca_worked")
HINT = "Move all data by the same vector: the components must not change."
LECTURE = "lecture 3, Dimensionality Reduction"


def pca(x: Array, k: int) -> tuple[Array, Array]:
    mean = x.mean(axis=0)
    # The rows of vt are the eigenvectors of the covariance, by falling variance. full_matrices
    # would build an (N, N) matrix that nobody looks at.
    _, _, vt = np.linalg.svd(x, full_matrices=False)
    return mean, vt[:k]  # (D,), (k, D)
