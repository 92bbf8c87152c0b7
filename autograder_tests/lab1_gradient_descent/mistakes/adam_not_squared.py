"""Adam's second moment averages the gradient's magnitude instead of its square."""

import numpy as np

CAUGHT_BY = (
    "adam_worked",
    "adam_steps",
)
HINT = "A moment of second order: which power of the gradient is that?"
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
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", 0.0) + (1 - beta1) * grad
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * np.abs(grad)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    weights = weights - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return weights, {"m": m, "v": v, "t": t}
