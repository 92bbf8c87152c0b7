"""The difference is taken to one side only: f(x) - f(x - eps), over eps."""

import numpy as np

CAUGHT_BY = (
    "numerical_gradient_worked",
    "numerical_gradient_calls",
)
HINT = "How does the error fall when eps is halved: by 2 or by 4?"
LECTURE = "lecture 3, Gradient-based approach"


def numerical_gradient(f: Callable[[Array], float], x: Array, eps: float = 1e-5) -> Array:
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        below = x.copy()
        below[index] -= eps
        grad[index] = (f(x) - f(below)) / eps
    return grad
