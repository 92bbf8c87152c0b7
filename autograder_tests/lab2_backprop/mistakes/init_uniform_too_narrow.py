"""The uniform range is plus or minus the standard deviation: a third of the variance."""

import numpy as np

CAUGHT_BY = ("init_statistics",)
HINT = "A uniform draw from [-a, a] has variance a * a / 3."
LECTURE = "lecture 5, Parameter initialization"


def xavier_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    limit = np.sqrt(2.0 / (n_in + n_out))
    return rng.uniform(-limit, limit, size=(n_in, n_out))


def he_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    limit = np.sqrt(2.0 / n_in)
    return rng.uniform(-limit, limit, size=(n_in, n_out))
