"""An entry is not put back before the next one is moved."""

import numpy as np

CAUGHT_BY = ("numerical_gradient_calls",)
HINT = "Print what f is called with: in how many entries does it differ from x?"
LECTURE = "lecture 3, Gradient-based approach"


def numerical_gradient(f: Callable[[Array], float], x: Array, eps: float = 1e-5) -> Array:
    grad = np.zeros(x.shape)
    above, below = x.copy(), x.copy()
    for index in np.ndindex(x.shape):
        above[index] += eps
        below[index] = x[index] - eps
        grad[index] = (f(above) - f(below)) / (2.0 * eps)
        below[index] = x[index]
    return grad
