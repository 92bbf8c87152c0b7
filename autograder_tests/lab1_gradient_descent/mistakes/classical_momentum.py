"""The gradient gets weight 1, as in libraries; the lecture's form has 1 - momentum there."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = (
    "momentum_worked",
    "momentum_closed_form",
)
HINT = "On a ramp, how long does the step get after many steps: learning_rate * slope, or longer?"
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
        delta = momentum * delta + grad(path[-1])
        path.append(path[-1] - learning_rate * delta)
    return np.array(path)
