"""RMSprop weighs the new square with rho and the past with 1 - rho."""

import numpy as np

CAUGHT_BY = (
    "rmsprop_worked",
    "rmsprop_steps",
)
HINT = "rho is 0.9: a long memory. Which term does it belong to?"
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
    v = (1 - rho) * state.get("v", 0.0) + rho * grad**2
    return weights - learning_rate * grad / (np.sqrt(v) + eps), {"v": v}
