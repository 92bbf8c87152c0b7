"""The least-squares problem is solved directly; no steps are made."""

import numpy as np

CAUGHT_BY = (
    "sgd_steps",
    "sgd_order",
)
HINT = "A network has no such formula. What are the weights after one step?"
LECTURE = "lecture 1, Mini-Batch Stochastic Gradient Descent"


def sgd_linear_regression(
    x: np.ndarray,
    y: np.ndarray,
    learning_rate: float,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, float]:
    """See the stub."""
    inputs = np.column_stack([x, np.ones(len(x))])
    solution = np.linalg.lstsq(inputs, y, rcond=None)[0]
    return solution[:-1], float(solution[-1])
