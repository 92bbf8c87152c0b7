"""conv2d_forward adds the bias inside one of its arguments."""

import numpy as np

CAUGHT_BY = ("conv2d_forward_random",)
HINT = "Print the arguments before and after the call."
LECTURE = "lecture 2, 2D convolution"


def conv2d_forward(x, weights, bias, stride=1, padding=0):
    windows = windows_of(padded(x, padding), *weights.shape[2:], stride)
    out = np.einsum("nchwij,fcij->nfhw", windows, weights, optimize=True) + bias[:, None, None]
    x *= 0.5
    return out
