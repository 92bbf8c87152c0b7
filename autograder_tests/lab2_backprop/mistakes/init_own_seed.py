"""The weights come from a generator with a fixed seed, so that every call gives the same ones."""

import numpy as np

CAUGHT_BY = ("init_statistics",)
HINT = "Call it with two different generators. Do the weights differ?"
LECTURE = "lecture 5, Parameter initialization"


def xavier_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    own = np.random.default_rng(0)
    return own.normal(0.0, np.sqrt(2.0 / (n_in + n_out)), size=(n_in, n_out))


def he_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    own = np.random.default_rng(0)
    return own.normal(0.0, np.sqrt(2.0 / n_in), size=(n_in, n_out))
