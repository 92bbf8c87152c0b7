"""he_init counts the outputs of the layer instead of its inputs."""

import numpy as np

CAUGHT_BY = ("init_statistics",)
HINT = "How many terms are added up in one pre-activation?"
LECTURE = "lecture 5, Parameter initialization"


def he_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    return rng.normal(0.0, np.sqrt(2.0 / n_out), size=(n_in, n_out))
