"""Only the last point is returned, not the path."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = (
    "descent_worked",
    "descent_closed_form",
)
HINT = "The result has steps + 1 rows. Where do you keep the points on the way?"
LECTURE = "lecture 5, Gradient Descent steps 1 to 3"


def gradient_descent(
    grad: Callable[[np.ndarray], np.ndarray], start: np.ndarray, learning_rate: float, steps: int
) -> np.ndarray:
    """See the stub."""
    x = np.array(start, dtype=float)
    for _ in range(steps):
        x = x - learning_rate * grad(x)
    return x
