"""The filter's channels meet the image's channels in reverse order."""

import numpy as np

CAUGHT_BY = ("conv2d_forward_random",)
HINT = "Test with a filter that is 0 in all channels but the first."
LECTURE = "lecture 2, 2D convolution"


def conv2d_forward(x, weights, bias, stride=1, padding=0):
    windows = windows_of(padded(x, padding), *weights.shape[2:], stride)
    weights = weights[:, ::-1]
    return np.einsum("nchwij,fcij->nfhw", windows, weights, optimize=True) + bias[:, None, None]
