"""affine_forward does not add the bias."""

import numpy as np

CAUGHT_BY = (
    "affine_worked",
    "affine_vjp",
)
HINT = "What is the output for x = 0?"
LECTURE = "lecture 5, Backpropagation"


def affine_forward(x: Array, weights: Array, bias: Array) -> Array:
    return x @ weights + 0.0 * bias
