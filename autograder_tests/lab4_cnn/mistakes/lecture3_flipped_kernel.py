"""The kernel is turned by 180 degrees: lecture 3's convolution, not the one all libraries compute."""

import numpy as np

CAUGHT_BY = (
    "conv2d_forward_random",
    "conv2d_worked",
)
HINT = "Send an image of zeros with one 1 through a kernel of different numbers. Which way round does the kernel come out in PyTorch?"
LECTURE = "lecture 3, Convolution"


def conv2d_forward(x, weights, bias, stride=1, padding=0):
    weights = weights[:, :, ::-1, ::-1]
    windows = windows_of(padded(x, padding), *weights.shape[2:], stride)
    return np.einsum("nchwij,fcij->nfhw", windows, weights, optimize=True) + bias[:, None, None]
