"""All gradients are divided by the batch size once more."""

import numpy as np

CAUGHT_BY = ("conv2d_backward_random",)
HINT = "grad_out carries the mean over the batch already."
LECTURE = "lecture 3, Back-propagation"


_backward = conv2d_backward


def conv2d_backward(grad_out, x, weights, stride=1, padding=0):
    return tuple(grad / len(x) for grad in _backward(grad_out, x, weights, stride, padding))
