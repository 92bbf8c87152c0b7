"""The order comes from a new generator, not from rng: no run can be repeated."""

import numpy as np

CAUGHT_BY = ("minibatches_order",)
HINT = "Call it twice with a generator of the same seed. Is the result the same?"
LECTURE = "lecture 5, Stochastic gradient descent"


def minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """See the stub."""
    order = np.random.default_rng().permutation(n)
    return [order[k : k + batch_size] for k in range(0, n, batch_size)]
