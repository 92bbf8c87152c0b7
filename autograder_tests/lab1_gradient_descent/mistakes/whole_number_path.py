"""A start that is a whole number gives a path of whole numbers: every point is cut off."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = ("descent_worked",)
HINT = "Print the dtype of np.array(10). What happens to 2.5 when it is stored there?"
LECTURE = "lecture 5, Gradient Descent steps 1 to 3"


def gradient_descent(
    grad: Callable[[np.ndarray], np.ndarray], start: np.ndarray, learning_rate: float, steps: int
) -> np.ndarray:
    """See the stub."""
    x = np.array(start)
    path = np.zeros((steps + 1, *x.shape), dtype=x.dtype)
    path[0] = x
    for k in range(steps):
        path[k + 1] = path[k] - learning_rate * grad(path[k])
    return path
