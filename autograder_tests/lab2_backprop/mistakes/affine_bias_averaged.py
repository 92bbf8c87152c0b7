"""The bias gradient is averaged over the examples; the mean is already in grad_out."""

import numpy as np

CAUGHT_BY = (
    "affine_worked",
    "affine_vjp",
)
HINT = "Where does the 1 / batch of the loss enter: once, in the loss, or again in each layer?"
LECTURE = "lecture 5, Backpropagation"


def affine_backward(grad_out: Array, x: Array, weights: Array) -> tuple[Array, Array, Array]:
    return grad_out @ weights.T, x.T @ grad_out, grad_out.mean(axis=0)
