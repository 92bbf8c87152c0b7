"""The bias gradient is summed over the outputs, one number an example, instead of over the
examples.
"""

import numpy as np

CAUGHT_BY = (
    "affine_worked",
    "affine_vjp",
)
HINT = "A gradient has the shape of what it is the gradient of. What is the bias's?"
LECTURE = "lecture 5, Backpropagation"


def affine_backward(grad_out: Array, x: Array, weights: Array) -> tuple[Array, Array, Array]:
    return grad_out @ weights.T, x.T @ grad_out, grad_out.sum(axis=1)
