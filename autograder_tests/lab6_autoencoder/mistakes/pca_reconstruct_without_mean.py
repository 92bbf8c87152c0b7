"""The mean is not added again."""

import numpy as np

CAUGHT_BY = ("pca_worked", "pca_new_data")
HINT = "Where does the reconstruction of the mean itself lie?"
LECTURE = "lecture 3, Dimensionality Reduction"


def pca_reconstruct(x: Array, mean: Array, components: Array) -> Array:
    codes = (x - mean) @ components.T  # (N, k): all that is kept of an example
    return codes @ components
