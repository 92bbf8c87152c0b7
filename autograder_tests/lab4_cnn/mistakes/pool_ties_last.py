"""The last of several equal largest pixels gets the gradient."""

import numpy as np

CAUGHT_BY = ("max_pool_ties",)
HINT = "The statement says who gets it: the first one, row by row."
LECTURE = "lecture 2, Pooling"


def max_pool_backward(grad_out, x, size, stride):
    grad_x = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(grad_out.shape):
        at = np.s_[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
        window = x[at]
        largest = window == window.max()
        row, column = np.argwhere(largest)[-1]
        grad_x[at][row, column] += grad_out[n, c, i, j]
    return grad_x
