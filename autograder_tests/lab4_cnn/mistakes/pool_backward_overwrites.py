"""A pixel that is the largest of two windows gets the gradient of one only."""

import numpy as np

CAUGHT_BY = (
    "max_pool_random",
    "max_pool_worked",
)
HINT = "What does grad_x[index] += grad do in NumPy when an index comes twice?"
LECTURE = "lecture 2, Pooling"


def max_pool_backward(grad_out, x, size, stride):
    grad_x = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(grad_out.shape):
        at = np.s_[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
        window = x[at]
        largest = window == window.max()
        grad_x[at][largest] = grad_out[n, c, i, j]
    return grad_x
