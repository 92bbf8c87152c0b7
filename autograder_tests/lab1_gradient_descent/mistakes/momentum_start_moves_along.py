"""momentum_descent changes the start in place: after the call it is the last point."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = ("momentum_closed_form",)
HINT = "np.asarray makes no copy of an array, and -= writes into it. Whose array is it?"
LECTURE = "lecture 3, Momentum"


def momentum_descent(
    grad: Callable[[np.ndarray], np.ndarray],
    start: np.ndarray,
    learning_rate: float,
    momentum: float,
    steps: int,
) -> np.ndarray:
    """See the stub."""
    x = (
        start
        if isinstance(start, np.ndarray) and start.dtype.kind == "f"
        else np.array(start, float)
    )
    path, delta = [x.copy()], np.zeros_like(x)
    for _ in range(steps):
        delta = momentum * delta + (1 - momentum) * grad(x)
        x -= learning_rate * delta
        path.append(x.copy())
    return np.array(path)
