"""The noise is uniform, not normal."""

import numpy as np

CAUGHT_BY = ("corrupt_noise",)
HINT = "Draw a histogram of the result minus x."
LECTURE = "lecture 3, Data augmentation"


def corrupt(x: Array, noise: float, rng: np.random.Generator) -> Array:
    return x + noise * rng.uniform(-(3.0**0.5), 3.0**0.5, size=x.shape)
