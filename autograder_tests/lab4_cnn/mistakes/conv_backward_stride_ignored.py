"""grad_x is put together as if the stride were 1."""

import numpy as np

CAUGHT_BY = ("conv2d_backward_random",)
HINT = "Where did window (i, j) begin?"
LECTURE = "lecture 3, Back-propagation"


_backward = conv2d_backward


def conv2d_backward(grad_out, x, weights, stride=1, padding=0):
    grad_x, grad_weights, grad_bias = _backward(grad_out, x, weights, stride, padding)
    height, width = weights.shape[2:]
    rows, columns = grad_out.shape[2:]
    spread = np.zeros(padded(x, padding).shape)
    for i, j in np.ndindex(height, width):
        part = np.einsum("nfhw,fc->nchw", grad_out, weights[:, :, i, j])
        spread[:, :, i : i + rows, j : j + columns] += part
    bottom, right = padding + x.shape[2], padding + x.shape[3]
    return spread[:, :, padding:bottom, padding:right], grad_weights, grad_bias
