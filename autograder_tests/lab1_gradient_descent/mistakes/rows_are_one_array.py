"""All rows of the path are the same array, changed in place: each shows the last point."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = ("descent_worked",)
HINT = (
    "Append the same list to another list twice, then change it. What do you see? An array "
    "behaves the same under -=."
)
LECTURE = "lecture 5, Gradient Descent steps 1 to 3"


def gradient_descent(
    grad: Callable[[np.ndarray], np.ndarray], start: np.ndarray, learning_rate: float, steps: int
) -> np.ndarray:
    """See the stub."""
    x = np.array(start, dtype=float)
    path = [x]
    for _ in range(steps):
        x -= learning_rate * grad(x)
        path.append(x)
    return np.array(path)
