"""The padding is one row and column short at the bottom and on the right."""

import numpy as np

CAUGHT_BY = ("conv2d_forward_random",)
HINT = "Zeros come on all four sides."
LECTURE = "lecture 2, 2D convolution"


def conv2d_forward(x, weights, bias, stride=1, padding=0):
    end = max(padding - 1, 0)
    x = np.pad(x, ((0, 0), (0, 0), (padding, end), (padding, end)))
    windows = windows_of(x, *weights.shape[2:], stride)
    return np.einsum("nchwij,fcij->nfhw", windows, weights, optimize=True) + bias[:, None, None]
