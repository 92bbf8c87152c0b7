"""f is called with a flattened copy of x instead of an array of x's shape."""

import numpy as np

CAUGHT_BY = ("numerical_gradient_calls",)
HINT = "What would a loss do with weights that have lost their shape?"
LECTURE = "lecture 3, Gradient-based approach"


def numerical_gradient(f: Callable[[Array], float], x: Array, eps: float = 1e-5) -> Array:
    grad = np.zeros(x.size)
    for index in range(x.size):
        above, below = x.ravel().copy(), x.ravel().copy()
        above[index] += eps
        below[index] -= eps
        grad[index] = (f(above) - f(below)) / (2.0 * eps)
    return grad.reshape(x.shape)
