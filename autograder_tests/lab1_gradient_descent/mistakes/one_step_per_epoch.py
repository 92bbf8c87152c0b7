"""The weights move once an epoch, by the gradient of all samples."""

import numpy as np

CAUGHT_BY = (
    "sgd_steps",
    "sgd_order",
)
HINT = "When does a minibatch step happen: after each batch, or after all of them?"
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
        error = x @ weights + bias - y
        weights = weights - learning_rate * x.T @ error / len(x)
        bias -= learning_rate * error.mean()
    return weights, float(bias)
