"""RMSprop divides by the average of squares, without the root."""

import numpy as np

CAUGHT_BY = (
    "rmsprop_worked",
    "rmsprop_steps",
)
HINT = "If all gradients are doubled, the step should stay as it is. Does yours?"
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
    v = rho * state.get("v", 0.0) + (1 - rho) * grad**2
    return weights - learning_rate * grad / (v + eps), {"v": v}
