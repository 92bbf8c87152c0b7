"""relu lets a hundredth of negative values through: that is the leaky ReLU."""

import numpy as np

CAUGHT_BY = (
    "activation_table",
    "activations_random",
)
HINT = "What does ReLU do with a negative number, all of it?"
LECTURE = "lecture 5, Activation functions"


def relu(x: Array) -> Array:
    return np.where(x > 0, x, 0.01 * x)
