"""sigmoid_grad treats its argument as the sigmoid's output: x * (1 - x)."""

import numpy as np

CAUGHT_BY = (
    "activation_table",
    "activations_random",
)
HINT = "x * (1 - x) is right for which x: before or after the sigmoid?"
LECTURE = "lecture 5, Activation functions"


def sigmoid_grad(x: Array) -> Array:
    return x * (1.0 - x)
