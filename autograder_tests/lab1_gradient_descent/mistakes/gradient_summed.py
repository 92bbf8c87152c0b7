"""The gradient is the sum over the batch, not its mean."""

import numpy as np

CAUGHT_BY = (
    "sgd_steps",
    "sgd_order",
)
HINT = "Twice as many samples in a batch: should the step be twice as long?"
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
            weights = weights - learning_rate * x[batch].T @ error
            bias -= learning_rate * error.sum()
    return weights, float(bias)
