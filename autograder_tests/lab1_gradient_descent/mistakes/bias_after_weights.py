"""The bias's gradient is taken after the weights have moved, not at the same point."""

import numpy as np

CAUGHT_BY = (
    "sgd_steps",
    "sgd_order",
)
HINT = (
    "A gradient holds all derivatives at one point. How often do you compute the error in a step?"
)
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
            weights = weights - learning_rate * x[batch].T @ (
                x[batch] @ weights + bias - y[batch]
            ) / len(batch)
            bias -= learning_rate * (x[batch] @ weights + bias - y[batch]).mean()
    return weights, float(bias)
