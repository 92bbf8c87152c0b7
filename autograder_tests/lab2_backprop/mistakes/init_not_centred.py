"""The weights are drawn from [0, a): their mean is not 0."""

import numpy as np

CAUGHT_BY = ("init_statistics",)
HINT = "Which interval does rng.uniform(0, a) draw from?"
LECTURE = "lecture 5, Parameter initialization"


def he_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    return rng.uniform(0.0, np.sqrt(6.0 / n_in), size=(n_in, n_out))
