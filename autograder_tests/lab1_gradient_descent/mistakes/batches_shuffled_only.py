"""The batches come in random order, but the samples in each are always neighbours."""

import numpy as np

CAUGHT_BY = ("minibatches_order",)
HINT = "Can sample 0 and sample n - 1 ever meet in a batch?"
LECTURE = "lecture 5, Stochastic gradient descent"


def minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """See the stub."""
    first = np.arange(0, n, batch_size)
    rng.shuffle(first)
    batches = [np.arange(k, min(k + batch_size, n)) for k in first]
    return sorted(batches, key=len, reverse=True)
