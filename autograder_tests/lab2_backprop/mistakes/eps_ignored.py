"""numerical_gradient always uses a step of 1e-5, whatever eps is."""

import numpy as np

CAUGHT_BY = (
    "numerical_gradient_worked",
    "numerical_gradient_calls",
)
HINT = "Where does the argument eps appear in the function?"
LECTURE = "lecture 3, Gradient-based approach"


def numerical_gradient(f: Callable[[Array], float], x: Array, eps: float = 1e-5) -> Array:
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[index] += 1e-5
        below[index] -= 1e-5
        grad[index] = (f(above) - f(below)) / 2e-5
    return grad
