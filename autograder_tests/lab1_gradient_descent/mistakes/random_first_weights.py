"""The weights start at random numbers instead of at 0."""

import numpy as np

CAUGHT_BY = ("sgd_steps",)
HINT = "Why do networks need random first weights? Does a single layer?"
LECTURE = "lecture 5, Parameter initialization"


def sgd_linear_regression(
    x: np.ndarray,
    y: np.ndarray,
    learning_rate: float,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, float]:
    """See the stub."""
    weights, bias = rng.normal(size=x.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for k in range(0, len(x), batch_size):
            batch = order[k : k + batch_size]
            error = x[batch] @ weights + bias - y[batch]
            weights = weights - learning_rate * x[batch].T @ error / len(batch)
            bias -= learning_rate * error.mean()
    return weights, float(bias)
