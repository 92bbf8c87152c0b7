"""The padding repeats the border pixels instead of putting zeros."""

import numpy as np

CAUGHT_BY = ("conv2d_forward_random",)
HINT = "What is around the image?"
LECTURE = "lecture 2, 2D convolution"


def conv2d_forward(x, weights, bias, stride=1, padding=0):
    p = (padding, padding)
    x = np.pad(x, ((0, 0), (0, 0), p, p), mode="edge")
    windows = windows_of(x, *weights.shape[2:], stride)
    return np.einsum("nchwij,fcij->nfhw", windows, weights, optimize=True) + bias[:, None, None]
