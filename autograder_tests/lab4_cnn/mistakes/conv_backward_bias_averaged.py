"""grad_bias is a mean over the pixels instead of a sum."""

import numpy as np

CAUGHT_BY = (
    "conv2d_backward_worked",
    "conv2d_backward_random",
)
HINT = "The same bias is added to every pixel: what does the chain rule do with a variable that is used several times?"
LECTURE = "lecture 3, Back-propagation"


_backward = conv2d_backward


def conv2d_backward(grad_out, x, weights, stride=1, padding=0):
    grad_x, grad_weights, grad_bias = _backward(grad_out, x, weights, stride, padding)
    return grad_x, grad_weights, grad_bias / grad_out[0, 0].size
