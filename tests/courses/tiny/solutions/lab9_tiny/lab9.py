"""Lab 9: small things, in NumPy."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def square(x: Array) -> Array:
    """See the stub."""
    return x * x


def spread(x: Array) -> tuple[float, float]:
    """See the stub."""
    mean = x.mean()
    return mean, np.mean((x - mean) ** 2)


def total(x: Array) -> float:
    """See the stub."""
    return float(x.sum())


def classify(x_train: Array, y_train: NDArray[np.int64], x_test: Array) -> NDArray[np.int64]:
    """See the stub."""
    means = np.stack([x_train[y_train == label].mean(axis=0) for label in range(10)])
    return np.argmin(((x_test[:, None] - means) ** 2).sum(axis=2), axis=1)
