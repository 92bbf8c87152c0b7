"""The gradient of x² is used whatever grad is passed."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = (
    "descent_worked",
    "descent_closed_form",
    "descent_calls",
)
HINT = "Which of your arguments says what function goes downhill?"
LECTURE = "lecture 5, Gradient Descent steps 1 to 3"


def gradient_descent(
    grad: Callable[[np.ndarray], np.ndarray], start: np.ndarray, learning_rate: float, steps: int
) -> np.ndarray:
    """See the stub."""
    path = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * 2 * path[-1])
    return np.array(path)
