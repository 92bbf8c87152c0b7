"""Lab 9: the reference."""

import numpy as np


def scale(x):
    """See the stub."""
    return 3.0 * x - 1.0


def count_above(x, bar):
    """See the stub."""
    return int(np.sum(x > bar))


def descend(gradient, x, steps):
    """See the stub."""
    for _ in range(steps):
        x = x - 0.1 * gradient(x)
    return x


def fit(x, y):
    """See the stub."""
    inputs = np.hstack([x, np.ones((len(x), 1))])
    return np.linalg.lstsq(inputs, 2.0 * y - 1.0, rcond=None)[0]


def predict(weights, x):
    """See the stub."""
    return (x @ weights[:2] + weights[2] > 0).astype(np.int64)


def distances(x):
    """See the stub."""
    return np.sqrt(((x[:, None, :] - x[None, :, :]) ** 2).sum(axis=2))
