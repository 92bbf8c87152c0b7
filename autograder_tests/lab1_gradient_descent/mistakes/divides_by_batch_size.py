"""The gradient is divided by batch_size even where the batch is shorter."""

import numpy as np

CAUGHT_BY = (
    "sgd_steps",
    "sgd_order",
)
HINT = "How many samples does the last batch really hold?"
LECTURE = "lecture 5, Batch vs mini-batch Gradient Descent"


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
            error = x[batch] @ weights + bias - y[batch]
            weights = weights - learning_rate * x[batch].T @ error / batch_size
            bias -= learning_rate * error.sum() / batch_size
    return weights, float(bias)
