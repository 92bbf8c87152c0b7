"""Rows and columns at the end get a window of their own that is not whole."""

import numpy as np

CAUGHT_BY = ("max_pool_random",)
HINT = "How many windows does output_size count?"
LECTURE = "lecture 2, Pooling"


def max_pool_forward(x, size, stride):
    rows = -(-(x.shape[2] - size) // stride) + 1
    columns = -(-(x.shape[3] - size) // stride) + 1
    out = np.zeros((*x.shape[:2], rows, columns))
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride, j * stride
        out[:, :, i, j] = x[:, :, top : top + size, left : left + size].max(axis=(2, 3))
    return out
