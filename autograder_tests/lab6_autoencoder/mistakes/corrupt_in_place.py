"""The noise is added to x itself."""

import numpy as np

CAUGHT_BY = ("corrupt_noise",)
HINT = "Print x before and after the call."
LECTURE = "lecture 3, Data augmentation"


def corrupt(x: Array, noise: float, rng: np.random.Generator) -> Array:
    x += noise * rng.standard_normal(x.shape)
    return x
