"""RMSprop averages the gradient's magnitude instead of its square."""

import numpy as np

CAUGHT_BY = (
    "rmsprop_worked",
    "rmsprop_steps",
)
HINT = "RMS is short for root mean square. Which of the three is missing?"
LECTURE = "lecture 5, What other alternatives exist?"


def rmsprop_step(
    weights: np.ndarray,
    grad: np.ndarray,
    state: dict,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-8,
) -> tuple[np.ndarray, dict]:
    """See the stub."""
    v = rho * state.get("v", 0.0) + (1 - rho) * np.abs(grad)
    return weights - learning_rate * grad / (np.sqrt(v) + eps), {"v": v}
