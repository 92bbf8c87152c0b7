"""grad_x uses the kernel turned by 180 degrees."""

import numpy as np

CAUGHT_BY = (
    "conv2d_backward_worked",
    "conv2d_backward_random",
)
HINT = "The full convolution with the turned kernel is right; turning it twice is not."
LECTURE = "lecture 3, Back-propagation"


_backward = conv2d_backward


def conv2d_backward(grad_out, x, weights, stride=1, padding=0):
    _, grad_weights, grad_bias = _backward(grad_out, x, weights, stride, padding)
    grad_x, _, _ = _backward(grad_out, x, weights[:, :, ::-1, ::-1], stride, padding)
    return grad_x, grad_weights, grad_bias
