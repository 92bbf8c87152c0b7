"""delta starts from 0 in every step: the past is forgotten."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = (
    "momentum_worked",
    "momentum_closed_form",
)
HINT = "Which variable has to live longer than one pass of the loop?"
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
    for _ in range(steps):
        delta = np.zeros_like(path[0])
        delta = momentum * delta + (1 - momentum) * grad(path[-1])
        path.append(path[-1] - learning_rate * delta)
    return np.array(path)
