"""Adam's first step uses t = 0, so the correction divides 0 by 0."""

import numpy as np

CAUGHT_BY = (
    "adam_worked",
    "adam_steps",
)
HINT = "1 - beta**0 is 0. Where in Algorithm 1 is t raised?"
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
    t = state.get("t", 0)
    m = beta1 * state.get("m", 0.0) + (1 - beta1) * grad
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2
    with np.errstate(all="ignore"):
        m_hat = m / np.float64(1 - beta1**t)
        v_hat = v / np.float64(1 - beta2**t)
        weights = weights - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return weights, {"m": m, "v": v, "t": t + 1}
