"""The gradient that comes from above is ignored: everything is as if it were all ones."""

import numpy as np

CAUGHT_BY = (
    "affine_worked",
    "affine_vjp",
)
HINT = "The chain rule multiplies by what comes from the layer above. Where is grad_out used?"
LECTURE = "lecture 5, Backpropagation"


def affine_backward(grad_out: Array, x: Array, weights: Array) -> tuple[Array, Array, Array]:
    ones = np.ones(grad_out.shape)
    return ones @ weights.T, x.T @ ones, ones.sum(axis=0)
