"""Adam's averages are not corrected for starting at 0: the first steps have the wrong length."""

import numpy as np

CAUGHT_BY = (
    "adam_worked",
    "adam_steps",
)
HINT = (
    "After one step m is a tenth of the gradient. What do the two lines with the powers in "
    "Algorithm 1 do?"
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

    weights = weights - learning_rate * m / (np.sqrt(v) + eps)
    return weights, {"m": m, "v": v, "t": t}
