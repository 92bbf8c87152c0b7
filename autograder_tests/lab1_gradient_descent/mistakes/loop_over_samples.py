"""A Python loop goes over the samples of each batch."""

import numpy as np

CAUGHT_BY = ("sgd_time",)
HINT = "All errors of a batch are one product of a matrix and a vector. What is their gradient?"
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
            grad_weights, grad_bias = np.zeros(x.shape[1]), 0.0
            for i in batch:
                error = x[i] @ weights + bias - y[i]
                grad_weights = grad_weights + error * x[i] / len(batch)
                grad_bias += error / len(batch)
            weights = weights - learning_rate * grad_weights
            bias -= learning_rate * grad_bias
    return weights, float(bias)
