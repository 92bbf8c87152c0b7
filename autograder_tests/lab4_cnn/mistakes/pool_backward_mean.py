"""The gradient is spread evenly over the window, as for mean pooling."""

import numpy as np

CAUGHT_BY = (
    "max_pool_worked",
    "max_pool_random",
)
HINT = "Does a pixel that is not the largest change the output?"
LECTURE = "lecture 2, Pooling"


def max_pool_backward(grad_out, x, size, stride):
    grad_x = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(grad_out.shape):
        at = np.s_[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
        window = x[at]
        largest = window == window.max()
        grad_x[at] += grad_out[n, c, i, j] / size**2 + 0.0 * largest
    return grad_x
