"""The sigmoid is exp(x) / (1 + exp(x)), which is inf / inf for large x."""

import numpy as np

CAUGHT_BY = ("activations_random",)
HINT = "exp(710) is inf. For which sign of x is each of the two forms of the sigmoid safe?"
LECTURE = "lecture 5, Activation functions"


def sigmoid(x: Array) -> Array:
    return np.exp(x) / (1.0 + np.exp(x))
