"""numerical_gradient moves x itself and leaves it moved."""

import numpy as np

CAUGHT_BY = ("numerical_gradient_calls",)
HINT = "Print x before and after the call."
LECTURE = "lecture 3, Gradient-based approach"


def numerical_gradient(f: Callable[[Array], float], x: Array, eps: float = 1e-5) -> Array:
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += eps
        above = f(x)
        x[index] -= 2.0 * eps
        grad[index] = (above - f(x)) / (2.0 * eps)
    return grad
