"""Each index is drawn anew: some samples come twice in an epoch and others not at all."""

import numpy as np

CAUGHT_BY = (
    "minibatches_worked",
    "sgd_order",
)
HINT = "Sort all indices of an epoch. Does drawing differ from shuffling?"
LECTURE = "lecture 5, Stochastic gradient descent"


def minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """See the stub."""
    order = rng.integers(n, size=n)
    return [order[k : k + batch_size] for k in range(0, n, batch_size)]
