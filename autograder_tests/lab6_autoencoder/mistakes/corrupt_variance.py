"""noise is taken as the variance."""

import numpy as np

CAUGHT_BY = ("corrupt_noise",)
HINT = "What is the standard deviation of the result minus x?"
LECTURE = "lecture 3, Data augmentation"


def corrupt(x: Array, noise: float, rng: np.random.Generator) -> Array:
    return x + np.sqrt(noise) * rng.standard_normal(x.shape)
