"""momentum weighs the new gradient and 1 - momentum the past."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = (
    "momentum_worked",
    "momentum_closed_form",
)
HINT = "With momentum 0 there is no memory. Which term has to vanish then?"
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
        delta = (1 - momentum) * delta + momentum * grad(path[-1])
        path.append(path[-1] - learning_rate * delta)
    return np.array(path)
