"""conv2d_forward keeps every product of every window with every filter before it adds them up."""

import numpy as np

CAUGHT_BY = ("conv2d_memory",)
HINT = "How large is the array between the windows and the sum? Which product adds up as it goes?"
LECTURE = "lecture 2, 2D convolution"


def conv2d_forward(x, weights, bias, stride=1, padding=0):
    windows = windows_of(padded(x, padding), *weights.shape[2:], stride)
    products = windows[:, None] * weights[None, :, :, None, None]
    return products.sum(axis=(2, 5, 6)) + bias[:, None, None]
