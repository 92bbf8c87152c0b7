"""grad_x still has the padding around it."""

import numpy as np

CAUGHT_BY = ("conv2d_backward_random",)
HINT = "A gradient has the shape of what it is the gradient of: x, not the padded x."
LECTURE = "lecture 3, Back-propagation"


_backward = conv2d_backward


def conv2d_backward(grad_out, x, weights, stride=1, padding=0):
    _, grad_weights, grad_bias = _backward(grad_out, x, weights, stride, padding)
    grad_x, _, _ = _backward(grad_out, padded(x, padding), weights, stride, 0)
    return grad_x, grad_weights, grad_bias
