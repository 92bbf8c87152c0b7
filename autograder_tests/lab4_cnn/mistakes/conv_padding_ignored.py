"""conv2d_forward ignores the padding."""

import numpy as np

CAUGHT_BY = (
    "conv2d_worked",
    "conv2d_forward_random",
)
HINT = "Compare the output's shape with output_size."
LECTURE = "lecture 2, 2D convolution"


def conv2d_forward(x, weights, bias, stride=1, padding=0):
    windows = windows_of(x, *weights.shape[2:], stride)
    return np.einsum("nchwij,fcij->nfhw", windows, weights, optimize=True) + bias[:, None, None]
