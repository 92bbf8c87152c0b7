"""The gradient is scaled to length 1 first: every step is learning_rate long."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = (
    "descent_worked",
    "descent_closed_form",
)
HINT = "Near the minimum the slope gets small and so should the steps. What shortens yours?"
LECTURE = "lecture 5, Gradient Descent steps 1 to 3"


def gradient_descent(
    grad: Callable[[np.ndarray], np.ndarray], start: np.ndarray, learning_rate: float, steps: int
) -> np.ndarray:
    """See the stub."""
    path = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        slope = grad(path[-1])
        path.append(path[-1] - learning_rate * slope / max(np.linalg.norm(slope), 1e-12))
    return np.array(path)
