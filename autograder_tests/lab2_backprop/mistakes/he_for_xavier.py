"""xavier_init draws with He's variance, 2 / n_in."""

import numpy as np

CAUGHT_BY = ("init_statistics",)
HINT = "Which of the two counts the outputs as well?"
LECTURE = "lecture 5, Parameter initialization"


def xavier_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    return rng.normal(0.0, np.sqrt(2.0 / n_in), size=(n_in, n_out))
