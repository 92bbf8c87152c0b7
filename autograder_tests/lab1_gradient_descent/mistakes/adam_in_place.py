"""adam_step changes the state that was passed in."""

import numpy as np

CAUGHT_BY = ("adam_steps",)
HINT = "Print the state before and after the call. A new dict costs nothing."
LECTURE = "lecture 2, Gradient Descent: Adam"


def adam_step(
    weights: np.ndarray,
    grad: np.ndarray,
    state: dict,
    learning_rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[np.ndarray, dict]:
    """See the stub."""
    t = state["t"] = state.get("t", 0) + 1
    state["m"] = beta1 * state.get("m", 0.0) + (1 - beta1) * grad
    state["v"] = beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2
    m_hat, v_hat = state["m"] / (1 - beta1**t), state["v"] / (1 - beta2**t)
    return weights - learning_rate * m_hat / (np.sqrt(v_hat) + eps), state
