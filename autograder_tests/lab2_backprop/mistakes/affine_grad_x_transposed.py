"""In square layers the gradient of x goes through the weights instead of their transpose."""

import numpy as np

CAUGHT_BY = ("affine_vjp",)
HINT = "Test with a layer of as many outputs as inputs: shapes cannot help there."
LECTURE = "lecture 5, Backpropagation"


def affine_backward(grad_out: Array, x: Array, weights: Array) -> tuple[Array, Array, Array]:
    square = weights.shape[0] == weights.shape[1]
    return grad_out @ (weights if square else weights.T), x.T @ grad_out, grad_out.sum(axis=0)
