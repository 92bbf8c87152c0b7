"""The start is changed in place: after the call it is the last point."""

from collections.abc import Callable

import numpy as np

CAUGHT_BY = ("descent_calls",)
HINT = "np.asarray makes no copy of an array, and -= writes into it. Whose array is it?"
LECTURE = "lecture 5, Gradient Descent steps 1 to 3"


def gradient_descent(
    grad: Callable[[np.ndarray], np.ndarray], start: np.ndarray, learning_rate: float, steps: int
) -> np.ndarray:
    """See the stub."""
    x = (
        start
        if isinstance(start, np.ndarray) and start.dtype.kind == "f"
        else np.array(start, float)
    )
    path = [x.copy()]
    for _ in range(steps):
        x -= learning_rate * grad(x)
        path.append(x.copy())
    return np.array(path)
