"""The bias is added along the last axis, one number a column, where the shapes allow it."""

import numpy as np

CAUGHT_BY = ("conv2d_forward_random",)
HINT = "One bias a filter: which axis of (n, f, h, w) is that?"
LECTURE = "lecture 2, 2D convolution"


def conv2d_forward(x, weights, bias, stride=1, padding=0):
    windows = windows_of(padded(x, padding), *weights.shape[2:], stride)
    out = np.einsum("nchwij,fcij->nfhw", windows, weights, optimize=True)
    return out + np.resize(bias, out.shape[-1])
