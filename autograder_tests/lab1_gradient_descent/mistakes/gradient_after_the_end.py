"""grad is called once more at the last point, for a step that is not made."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = ("descent_calls",)
HINT = "How many gradients does a path of three steps need?"
LECTURE = "lecture 3, Gradient-based approach"


def gradient_descent(
    grad: Callable[[np.ndarray], np.ndarray], start: np.ndarray, learning_rate: float, steps: int
) -> np.ndarray:
    """See the stub."""
    path = [np.asarray(start, dtype=float)]
    slope = grad(path[-1])
    for _ in range(steps):
        path.append(path[-1] - learning_rate * slope)
        slope = grad(path[-1])
    return np.array(path)
