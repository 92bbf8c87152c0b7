"""conv2d_forward walks over images, filters and pixels in Python."""

import numpy as np

CAUGHT_BY = ("conv2d_time",)
HINT = "Which loops can one matrix product replace?"
LECTURE = "lecture 2, 2D convolution"


def conv2d_forward(x, weights, bias, stride=1, padding=0):
    windows = windows_of(padded(x, padding), *weights.shape[2:], stride)
    n, _, rows, columns = windows.shape[:4]
    out = np.zeros((n, len(weights), rows, columns))
    for image, f, i, j in np.ndindex(out.shape):
        out[image, f, i, j] = np.sum(windows[image, :, i, j] * weights[f]) + bias[f]
    return out
