"""The gradient of x is the sum of the weights alone, as on lecture 5's slide, without what comes
from above.
"""

import numpy as np

CAUGHT_BY = (
    "affine_worked",
    "affine_vjp",
)
HINT = "The slide's last sum misses the factor dJ/da_j inside it."
LECTURE = "lecture 5, Backpropagation"


def affine_backward(grad_out: Array, x: Array, weights: Array) -> tuple[Array, Array, Array]:
    grad_x = np.tile(weights.sum(axis=1), (len(x), 1))
    return grad_x, x.T @ grad_out, grad_out.sum(axis=0)
