"""New examples are centred on their own mean instead of the given one."""

import numpy as np

CAUGHT_BY = ("pca_new_data",)
HINT = "What is the mean of a batch of one example?"
LECTURE = "lecture 3, Dimensionality Reduction"


def pca_reconstruct(x: Array, mean: Array, components: Array) -> Array:
    mean = x.mean(axis=0)
    codes = (x - mean) @ components.T  # (N, k): all that is kept of an example
    return codes @ components + mean
