"""The gradient of x adds up what comes from above without the weights, like the slide's sum in
lecture 5.
"""

import numpy as np

CAUGHT_BY = (
    "affine_worked",
    "affine_vjp",
)
HINT = "dJ/dx_i is a sum over the outputs j: of what, times what?"
LECTURE = "lecture 5, Backpropagation"


def affine_backward(grad_out: Array, x: Array, weights: Array) -> tuple[Array, Array, Array]:
    grad_x = np.repeat(grad_out.sum(axis=1, keepdims=True), x.shape[1], axis=1)
    return grad_x, x.T @ grad_out, grad_out.sum(axis=0)
