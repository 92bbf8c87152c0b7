"""The step climbs: the gradient is added instead of subtracted."""

import numpy as np

CAUGHT_BY = (
    "sgd_line",
    "sgd_steps",
)
HINT = "Print the loss after every epoch. Does it fall?"
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
    weights, bias = np.zeros(x.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for k in range(0, len(x), batch_size):
            batch = order[k : k + batch_size]
            error = y[batch] - x[batch] @ weights - bias
            weights = weights - learning_rate * x[batch].T @ error / len(batch)
            bias -= learning_rate * error.mean()
    return weights, float(bias)
