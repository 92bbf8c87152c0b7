"""The variance is passed to rng.normal where it wants the standard deviation."""

import numpy as np

CAUGHT_BY = ("init_statistics",)
HINT = "What does the second argument of rng.normal mean?"
LECTURE = "lecture 5, Parameter initialization"


def xavier_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    return rng.normal(0.0, 2.0 / (n_in + n_out), size=(n_in, n_out))


def he_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    return rng.normal(0.0, 2.0 / n_in, size=(n_in, n_out))
