"""The components are the columns of the result, not its rows."""

import numpy as np

CAUGHT_BY = ("pca_worked", "pca_random")
HINT = "(k, D): one component a row."
LECTURE = "lecture 3, Dimensionality Reduction"


def pca(x: Array, k: int) -> tuple[Array, Array]:
    mean = x.mean(axis=0)
    # The rows of vt are the eigenvectors of the covariance, by falling variance. full_matrices
    # would build an (N, N) matrix that nobody looks at.
    _, _, vt = np.linalg.svd(x - mean, full_matrices=False)
    return mean, vt[:k].T
