"""The gradient is taken at the point ahead (Nesterov), not where the path stands."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = (
    "momentum_worked",
    "momentum_closed_form",
)
HINT = "Print the points grad is called with, beside the path."
LECTURE = "lecture 3, Momentum"


def momentum_descent(
    grad: Callable[[np.ndarray], np.ndarray],
    start: np.ndarray,
    learning_rate: float,
    momentum: float,
    steps: int,
) -> np.ndarray:
    """See the stub."""
    path = [np.asarray(start, dtype=float)]
    delta = np.zeros_like(path[0])
    for _ in range(steps):
        ahead = path[-1] - learning_rate * momentum * delta
        delta = momentum * delta + (1 - momentum) * grad(ahead)
        path.append(path[-1] - learning_rate * delta)
    return np.array(path)
