"""Every feature is divided by its standard deviation first: other directions come out."""

import numpy as np

CAUGHT_BY = ("pca_worked", "pca_random")
HINT = "The reconstruction error counts all features alike. What does a division do to that?"
LECTURE = "lecture 3, Dimensionality Reduction"


def pca(x: Array, k: int) -> tuple[Array, Array]:
    mean = x.mean(axis=0)
    # The rows of vt are the eigenvectors of the covariance, by falling variance. full_matrices
    # would build an (N, N) matrix that nobody looks at.
    _, _, vt = np.linalg.svd((x - mean) / (x.std(axis=0) + 1e-12), full_matrices=False)
    return mean, vt[:k]  # (D,), (k, D)
