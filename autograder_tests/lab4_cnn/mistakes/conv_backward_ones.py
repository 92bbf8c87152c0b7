"""conv2d_backward ignores grad_out, as if it were all ones."""

import numpy as np

CAUGHT_BY = (
    "conv2d_backward_worked",
    "conv2d_backward_random",
)
HINT = "What does the chain rule do with the upstream gradient?"
LECTURE = "lecture 3, Back-propagation"


_backward = conv2d_backward


def conv2d_backward(grad_out, x, weights, stride=1, padding=0):
    return _backward(np.ones_like(grad_out), x, weights, stride, padding)
