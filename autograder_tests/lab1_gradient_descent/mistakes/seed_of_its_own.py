"""The order comes from a generator with a fixed seed: every epoch has the same order."""

import numpy as np

CAUGHT_BY = (
    "minibatches_order",
    "sgd_order",
)
HINT = "If the seed is set inside the function, what do two calls return?"
LECTURE = "lecture 5, Stochastic gradient descent"


def minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """See the stub."""
    order = np.random.default_rng(0).permutation(n)
    return [order[k : k + batch_size] for k in range(0, n, batch_size)]
