"""The path begins after the first step: its first row should be the start."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = (
    "descent_worked",
    "descent_closed_form",
)
HINT = "How many points does a path of three steps have?"
LECTURE = "lecture 5, Gradient Descent steps 1 to 3"


def gradient_descent(
    grad: Callable[[np.ndarray], np.ndarray], start: np.ndarray, learning_rate: float, steps: int
) -> np.ndarray:
    """See the stub."""
    x = np.array(start, dtype=float)
    path = np.zeros((steps, *x.shape))
    for k in range(steps):
        x = x - learning_rate * grad(x)
        path[k] = x
    return path
