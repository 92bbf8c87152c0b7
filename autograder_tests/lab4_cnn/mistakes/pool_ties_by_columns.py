"""The first of equal pixels is looked for column by column."""

import numpy as np

CAUGHT_BY = ("max_pool_ties",)
HINT = "Row by row, as one reads: which axis runs fastest?"
LECTURE = "lecture 2, Pooling"


def max_pool_backward(grad_out, x, size, stride):
    grad_x = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(grad_out.shape):
        at = np.s_[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
        window = x[at]
        largest = window == window.max()
        column, row = np.argwhere(largest.T)[0]
        grad_x[at][row, column] += grad_out[n, c, i, j]
    return grad_x
