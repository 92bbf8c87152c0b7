"""The path has `steps` rows with the start: one step is missing."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = (
    "descent_worked",
    "descent_closed_form",
)
HINT = "Three steps visit how many points?"
LECTURE = "lecture 5, Gradient Descent steps 1 to 3"


def gradient_descent(
    grad: Callable[[np.ndarray], np.ndarray], start: np.ndarray, learning_rate: float, steps: int
) -> np.ndarray:
    """See the stub."""
    path = [np.asarray(start, dtype=float)]
    for _ in range(steps - 1):
        path.append(path[-1] - learning_rate * grad(path[-1]))
    return np.array(path)
