"""The samples are gone through once, however many epochs are asked for."""

import numpy as np

CAUGHT_BY = (
    "sgd_line",
    "sgd_steps",
    "sgd_least_squares",
)
HINT = "Which of your loops runs over the epochs?"
LECTURE = "lecture 5, Definitions: Epoch"


def sgd_linear_regression(
    x: np.ndarray,
    y: np.ndarray,
    learning_rate: float,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, float]:
    """See the stub."""
    weights, bias = np.zeros(x.shape[1]), 0.0
    order = rng.permutation(len(x))
    for k in range(0, len(x), batch_size):
        batch = order[k : k + batch_size]
        error = x[batch] @ weights + bias - y[batch]
        weights = weights - learning_rate * x[batch].T @ error / len(batch)
        bias -= learning_rate * error.mean()
    return weights, float(bias)
