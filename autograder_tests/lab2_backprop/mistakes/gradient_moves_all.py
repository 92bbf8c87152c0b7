"""All entries are moved at once, so that every entry gets the sum of all derivatives."""

import numpy as np

CAUGHT_BY = ("numerical_gradient_calls",)
HINT = "A partial derivative moves one variable and holds the others."
LECTURE = "lecture 3, Gradient-based approach"


def numerical_gradient(f: Callable[[Array], float], x: Array, eps: float = 1e-5) -> Array:
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        grad[index] = (f(x + eps) - f(x - eps)) / (2.0 * eps)
    return grad
