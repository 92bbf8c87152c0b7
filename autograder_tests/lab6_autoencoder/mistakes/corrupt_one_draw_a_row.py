"""All entries of an example get the same noise."""

import numpy as np

CAUGHT_BY = ("corrupt_noise",)
HINT = "How many draws does a (199, 101) array need?"
LECTURE = "lecture 3, Data augmentation"


def corrupt(x: Array, noise: float, rng: np.random.Generator) -> Array:
    return x + noise * rng.standard_normal((*x.shape[:-1], 1))
