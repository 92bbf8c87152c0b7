"""conv2d_forward does not add the bias."""

import numpy as np

CAUGHT_BY = (
    "conv2d_worked",
    "conv2d_forward_random",
)
HINT = "What does an image of zeros give?"
LECTURE = "lecture 2, 2D convolution"


def conv2d_forward(x, weights, bias, stride=1, padding=0):
    windows = windows_of(padded(x, padding), *weights.shape[2:], stride)
    return np.einsum("nchwij,fcij->nfhw", windows, weights, optimize=True)
