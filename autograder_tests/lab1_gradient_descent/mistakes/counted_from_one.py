"""The indices run from 1 to n instead of from 0 to n - 1."""

import numpy as np

CAUGHT_BY = ("minibatches_worked",)
HINT = "x[n] does not exist. What is the index of the first sample?"
LECTURE = "lecture 5, Batch vs mini-batch Gradient Descent"


def minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """See the stub."""
    order = rng.permutation(n) + 1
    return [order[k : k + batch_size] for k in range(0, n, batch_size)]
