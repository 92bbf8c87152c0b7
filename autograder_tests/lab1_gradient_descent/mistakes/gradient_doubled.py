"""The gradient is that of the mean squared error without its half: twice too long."""

import numpy as np

CAUGHT_BY = (
    "sgd_steps",
    "sgd_order",
)
HINT = "The loss has a factor 1/2. What does the derivative of the square do with it?"
LECTURE = "lecture 5, Loss Functions"


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
            weights = weights - learning_rate * 2 * x[batch].T @ error / len(batch)
            bias -= learning_rate * 2 * error.mean()
    return weights, float(bias)
