"""relu sets the negative entries of its own argument to 0."""

import numpy as np

CAUGHT_BY = ("activations_random",)
HINT = "Print x before and after relu(x)."
LECTURE = "lecture 5, Activation functions"


def relu(x: Array) -> Array:
    x[x < 0] = 0.0
    return x
