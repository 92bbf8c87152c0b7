"""Every step uses the gradient at the start."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = (
    "descent_worked",
    "descent_closed_form",
    "descent_calls",
)
HINT = "The slope is another one at every point. Where on the path do you ask for it?"
LECTURE = "lecture 5, Gradient Descent steps 1 to 3"


def gradient_descent(
    grad: Callable[[np.ndarray], np.ndarray], start: np.ndarray, learning_rate: float, steps: int
) -> np.ndarray:
    """See the stub."""
    path = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * grad(path[0]))
    return np.array(path)
