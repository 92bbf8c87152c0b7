"""RMSprop ignores the state that comes in: the average starts from 0 in every step."""

import numpy as np

CAUGHT_BY = (
    "rmsprop_worked",
    "rmsprop_steps",
)
HINT = "What did the last step find out? Where is it now?"
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
    v = (1 - rho) * grad**2
    return weights - learning_rate * grad / (np.sqrt(v) + eps), {"v": v}
