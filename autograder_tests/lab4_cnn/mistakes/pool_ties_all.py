"""Each of several equal largest pixels gets the whole gradient."""

import numpy as np

CAUGHT_BY = ("max_pool_ties",)
HINT = "How much gradient goes into a window, and how much comes out?"
LECTURE = "lecture 2, Pooling"


def max_pool_backward(grad_out, x, size, stride):
    grad_x = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(grad_out.shape):
        at = np.s_[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
        window = x[at]
        largest = window == window.max()
        grad_x[at] += grad_out[n, c, i, j] * largest
    return grad_x
