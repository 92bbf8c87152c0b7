"""tanh_grad treats its argument as tanh's output: 1 - x ** 2."""

import numpy as np

CAUGHT_BY = (
    "activation_table",
    "activations_random",
)
HINT = "1 - t ** 2 is right for t = tanh(x). What is the argument here?"
LECTURE = "lecture 5, Activation functions"


def tanh_grad(x: Array) -> Array:
    return 1.0 - x**2
