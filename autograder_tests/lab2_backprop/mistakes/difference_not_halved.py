"""The central difference is divided by eps instead of 2 eps."""

import numpy as np

CAUGHT_BY = (
    "numerical_gradient_worked",
    "numerical_gradient_calls",
)
HINT = "How far apart are the two points?"
LECTURE = "lecture 3, Gradient-based approach"


def numerical_gradient(f: Callable[[Array], float], x: Array, eps: float = 1e-5) -> Array:
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[index] += eps
        below[index] -= eps
        grad[index] = (f(above) - f(below)) / eps
    return grad
