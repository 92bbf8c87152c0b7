"""tanh_grad is 1 - tanh(x), without the square."""

import numpy as np

CAUGHT_BY = (
    "activation_table",
    "activations_random",
)
HINT = (
    "Can the derivative of a rising function be different at -x and at x when the function is odd?"
)
LECTURE = "lecture 5, Activation functions"


def tanh_grad(x: Array) -> Array:
    return 1.0 - np.tanh(x)
