"""The noisy values are clipped to [0, 1]."""

import numpy as np

CAUGHT_BY = ("corrupt_noise",)
HINT = "What is the mean of the noise at a pixel that is 0?"
LECTURE = "lecture 3, Data augmentation"


def corrupt(x: Array, noise: float, rng: np.random.Generator) -> Array:
    return np.clip(x + noise * rng.standard_normal(x.shape), 0.0, 1.0)
