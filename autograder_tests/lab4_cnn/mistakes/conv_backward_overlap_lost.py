"""Where windows overlap only the last one's share reaches grad_x."""

import numpy as np

CAUGHT_BY = (
    "conv2d_backward_random",
    "conv2d_backward_worked",
)
HINT = "A pixel was in several windows. What happens to its gradient?"
LECTURE = "lecture 3, Back-propagation"


_backward = conv2d_backward


def conv2d_backward(grad_out, x, weights, stride=1, padding=0):
    _, grad_weights, grad_bias = _backward(grad_out, x, weights, stride, padding)
    height, width = weights.shape[2:]
    spread = np.zeros(padded(x, padding).shape)
    for i, j in np.ndindex(grad_out.shape[2:]):
        top, left = i * stride, j * stride
        part = np.tensordot(grad_out[:, :, i, j], weights, axes=(1, 0))
        spread[:, :, top : top + height, left : left + width] = part
    bottom, right = padding + x.shape[2], padding + x.shape[3]
    return spread[:, :, padding:bottom, padding:right], grad_weights, grad_bias
