"""The noise comes from NumPy's global generator."""

import numpy as np

CAUGHT_BY = ("corrupt_noise",)
HINT = "Which generator were you given?"
LECTURE = "lecture 3, Data augmentation"


def corrupt(x: Array, noise: float, rng: np.random.Generator) -> Array:
    return x + noise * np.random.standard_normal(x.shape)
