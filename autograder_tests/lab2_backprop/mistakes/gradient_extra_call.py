"""f is called once more than needed, at x itself."""

import numpy as np

CAUGHT_BY = ("numerical_gradient_calls",)
HINT = "Central differences do not need f(x)."
LECTURE = "lecture 3, Gradient-based approach"


def numerical_gradient(f: Callable[[Array], float], x: Array, eps: float = 1e-5) -> Array:
    f(x)
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[index] += eps
        below[index] -= eps
        grad[index] = (f(above) - f(below)) / (2.0 * eps)
    return grad
