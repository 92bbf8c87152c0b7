"""The weights have one row an output instead of one row an input."""

import numpy as np

CAUGHT_BY = ("init_statistics",)
HINT = "Weights are (n_in, n_out) in this course: x times weights."
LECTURE = "lecture 5, Parameter initialization"


def xavier_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    return rng.normal(0.0, np.sqrt(2.0 / (n_in + n_out)), size=(n_out, n_in))


def he_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    return rng.normal(0.0, np.sqrt(2.0 / n_in), size=(n_out, n_in))
