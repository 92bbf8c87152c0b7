"""RMSprop divides by the average from before this step, which is 0 at first."""

import numpy as np

CAUGHT_BY = (
    "rmsprop_worked",
    "rmsprop_steps",
)
HINT = "How long is the very first step? It should be a few times learning_rate."
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
    old = np.zeros_like(grad) + state.get("v", 0.0)
    v = rho * old + (1 - rho) * grad**2
    return weights - learning_rate * grad / (np.sqrt(old) + eps), {"v": v}
