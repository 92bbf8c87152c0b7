"""One row of weights is drawn and repeated for every input."""

import numpy as np

CAUGHT_BY = ("init_statistics",)
HINT = "How many random numbers are drawn, and how many weights are there?"
LECTURE = "lecture 5, Parameter initialization"


def he_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    row = rng.normal(0.0, np.sqrt(2.0 / n_in), size=n_out)
    return np.tile(row, (n_in, 1))
