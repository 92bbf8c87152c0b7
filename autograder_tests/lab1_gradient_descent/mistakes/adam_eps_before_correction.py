"""Adam adds eps to the root of the second moment before that is corrected."""

import numpy as np

CAUGHT_BY = (
    "adam_worked",
    "adam_steps",
)
HINT = (
    "The paper's faster form does so with another eps; both agree for eps = 0. Which second "
    "moment stands beside eps in Algorithm 1 itself?"
)
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
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2

    rate = learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return weights - rate * m / (np.sqrt(v) + eps), {"m": m, "v": v, "t": t}
