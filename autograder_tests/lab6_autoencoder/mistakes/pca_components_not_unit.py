"""The components are scaled by their singular values."""

import numpy as np

CAUGHT_BY = ("pca_worked", "pca_random")
HINT = "Print components @ components.T."
LECTURE = "lecture 3, Dimensionality Reduction"


def pca(x: Array, k: int) -> tuple[Array, Array]:
    mean = x.mean(axis=0)
    # The rows of vt are the eigenvectors of the covariance, by falling variance. full_matrices
    # would build an (N, N) matrix that nobody looks at.
    _, sizes, vt = np.linalg.svd(x - mean, full_matrices=False)
    return mean, (sizes[:, None] * vt)[:k]
