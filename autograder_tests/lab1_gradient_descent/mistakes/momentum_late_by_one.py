"""x moves by the old delta before delta is renewed: the first step goes nowhere."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = (
    "momentum_worked",
    "momentum_closed_form",
)
HINT = "In which order do the two lines of the statement stand?"
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
        slope = grad(path[-1])
        path.append(path[-1] - learning_rate * delta)
        delta = momentum * delta + (1 - momentum) * slope
    return np.array(path)
