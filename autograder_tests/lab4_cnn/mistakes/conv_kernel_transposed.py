"""Square kernels are laid on the image with rows and columns exchanged."""

import numpy as np

CAUGHT_BY = ("conv2d_forward_random",)
HINT = "Test with a kernel whose four corners differ."
LECTURE = "lecture 2, 2D convolution"


def conv2d_forward(x, weights, bias, stride=1, padding=0):
    windows = windows_of(padded(x, padding), *weights.shape[2:], stride)
    height, width = weights.shape[2:]
    if height == width:
        weights = weights.swapaxes(2, 3)
    return np.einsum("nchwij,fcij->nfhw", windows, weights, optimize=True) + bias[:, None, None]
