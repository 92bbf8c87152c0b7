"""grad_weights is taken from windows of x without its padding, moved to where they fit."""

import numpy as np

CAUGHT_BY = ("conv2d_backward_random",)
HINT = "Which windows did the forward pass see?"
LECTURE = "lecture 3, Back-propagation"


_backward = conv2d_backward


def conv2d_backward(grad_out, x, weights, stride=1, padding=0):
    grad_x, _, grad_bias = _backward(grad_out, x, weights, stride, padding)
    rolled = np.roll(padded(x, padding), (padding, padding), axis=(2, 3))
    _, grad_weights, _ = _backward(grad_out, rolled, weights, stride, 0)
    return grad_x, grad_weights, grad_bias
