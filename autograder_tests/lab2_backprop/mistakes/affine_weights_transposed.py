"""The weight gradient is transposed: it has one row an output instead of one row an input."""

import numpy as np

CAUGHT_BY = (
    "affine_worked",
    "affine_vjp",
)
HINT = "A gradient has the shape of what it is the gradient of. Square layers hide this."
LECTURE = "lecture 5, Backpropagation"


def affine_backward(grad_out: Array, x: Array, weights: Array) -> tuple[Array, Array, Array]:
    return grad_out @ weights.T, grad_out.T @ x, grad_out.sum(axis=0)
