"""The noise comes from a generator with a fixed seed."""

import numpy as np

CAUGHT_BY = ("corrupt_noise",)
HINT = "Call it with two different generators."
LECTURE = "lecture 3, Data augmentation"


def corrupt(x: Array, noise: float, rng: np.random.Generator) -> Array:
    return x + noise * np.random.default_rng(0).standard_normal(x.shape)
