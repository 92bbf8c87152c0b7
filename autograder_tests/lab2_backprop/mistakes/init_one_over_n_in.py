"""he_init draws with variance 1 / n_in, without the 2 that ReLU asks for."""

import numpy as np

CAUGHT_BY = ("init_statistics",)
HINT = "ReLU sets half of the units to 0. What does that do to the variance of the next layer?"
LECTURE = "lecture 5, Parameter initialization"


def he_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    return rng.normal(0.0, np.sqrt(1.0 / n_in), size=(n_in, n_out))
