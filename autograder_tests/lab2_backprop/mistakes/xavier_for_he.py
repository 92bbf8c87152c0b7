"""he_init draws with Xavier's variance, 2 / (n_in + n_out)."""

import numpy as np

CAUGHT_BY = ("init_statistics",)
HINT = "Which of the two makes up for what ReLU throws away?"
LECTURE = "lecture 5, Parameter initialization"


def he_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    return rng.normal(0.0, np.sqrt(2.0 / (n_in + n_out)), size=(n_in, n_out))
