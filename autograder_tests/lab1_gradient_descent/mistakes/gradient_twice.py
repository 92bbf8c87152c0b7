"""grad is called twice in every step."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = ("descent_calls",)
HINT = "A gradient can be the most expensive thing in training. Keep it in a variable."
LECTURE = "lecture 3, Gradient-based approach"


def gradient_descent(
    grad: Callable[[np.ndarray], np.ndarray], start: np.ndarray, learning_rate: float, steps: int
) -> np.ndarray:
    """See the stub."""
    path = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        if np.all(np.isfinite(grad(path[-1]))):
            path.append(path[-1] - learning_rate * grad(path[-1]))
    return np.array(path)
