"""All weights start at 0, so that all hidden units stay equal for ever."""

import numpy as np

CAUGHT_BY = ("init_statistics",)
HINT = "If two units of a layer start equal, what makes them differ?"
LECTURE = "lecture 5, Parameter initialization"


def xavier_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    return np.zeros((n_in, n_out))


def he_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    return np.zeros((n_in, n_out))
