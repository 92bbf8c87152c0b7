"""The samples come in their given order: nothing is shuffled."""

import numpy as np

CAUGHT_BY = (
    "minibatches_order",
    "sgd_order",
)
HINT = "Data is often sorted by class. What would the first batches look like?"
LECTURE = "lecture 5, Stochastic gradient descent"


def minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """See the stub."""
    return [np.arange(k, min(k + batch_size, n)) for k in range(0, n, batch_size)]
