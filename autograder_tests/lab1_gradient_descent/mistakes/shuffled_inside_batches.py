"""The samples are shuffled inside their batches only: the same ones always meet."""

import numpy as np

CAUGHT_BY = ("minibatches_order",)
HINT = "Can sample 0 and sample n - 1 ever meet in a batch?"
LECTURE = "lecture 5, Stochastic gradient descent"


def minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """See the stub."""
    return [rng.permutation(np.arange(k, min(k + batch_size, n))) for k in range(0, n, batch_size)]
