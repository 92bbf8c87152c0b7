"""The path ends early where the gradient is almost 0."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = ("descent_calls",)
HINT = (
    "Whoever calls asked for a number of steps and relies on the number of rows. What may a "
    "flat place be besides a minimum?"
)
LECTURE = "lecture 5, Gradient Descent steps 1 to 3"


def gradient_descent(
    grad: Callable[[np.ndarray], np.ndarray], start: np.ndarray, learning_rate: float, steps: int
) -> np.ndarray:
    """See the stub."""
    path = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        slope = grad(path[-1])
        if np.max(np.abs(slope)) < 1e-6:
            break
        path.append(path[-1] - learning_rate * slope)
    return np.array(path)
