"""The weights come from NumPy's global generator instead of from rng."""

import numpy as np

CAUGHT_BY = ("init_statistics",)
HINT = "All randomness comes from the rng argument."
LECTURE = "lecture 5, Parameter initialization"


def xavier_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    return np.random.normal(0.0, np.sqrt(2.0 / (n_in + n_out)), size=(n_in, n_out))


def he_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    return np.random.normal(0.0, np.sqrt(2.0 / n_in), size=(n_in, n_out))
