"""The directions of the smallest variance are kept: eigh sorts upwards."""

import numpy as np

CAUGHT_BY = ("pca_worked", "pca_random")
HINT = "In which order does eigh give the eigenvalues?"
LECTURE = "lecture 3, Dimensionality Reduction"


def pca(x: Array, k: int) -> tuple[Array, Array]:
    mean = x.mean(axis=0)
    _, vectors = np.linalg.eigh((x - mean).T @ (x - mean))
    return mean, vectors[:, :k].T
