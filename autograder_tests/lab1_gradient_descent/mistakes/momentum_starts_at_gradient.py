"""The average starts at the first gradient instead of at 0."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = (
    "momentum_worked",
    "momentum_closed_form",
)
HINT = "delta is 0 before the first step. How long is the first step then?"
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
    delta = None
    for _ in range(steps):
        slope = grad(path[-1])
        delta = slope if delta is None else momentum * delta + (1 - momentum) * slope
        path.append(path[-1] - learning_rate * delta)
    return np.array(path)
