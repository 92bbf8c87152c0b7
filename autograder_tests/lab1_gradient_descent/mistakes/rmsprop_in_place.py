"""rmsprop_step changes the state that was passed in."""

import numpy as np

CAUGHT_BY = ("rmsprop_steps",)
HINT = "Print the state before and after the call. A new dict costs nothing."
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
    state["v"] = rho * state.get("v", 0.0) + (1 - rho) * grad**2
    return weights - learning_rate * grad / (np.sqrt(state["v"]) + eps), state
