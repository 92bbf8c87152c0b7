"""New examples are standardised by their own mean and deviation before the projection."""

import numpy as np

CAUGHT_BY = ("pca_new_data",)
HINT = "What is the mean of a batch of one example?"
LECTURE = "lecture 3, Dimensionality Reduction"


def pca_reconstruct(x: Array, mean: Array, components: Array) -> Array:
    codes = (
        (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-12)
    ) @ components.T  # (N, k): all that is kept of an example
    return codes @ components + mean
