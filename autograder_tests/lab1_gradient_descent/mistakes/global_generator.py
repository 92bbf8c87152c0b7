"""The order comes from NumPy's global generator; the rng that is passed is ignored."""

import numpy as np

CAUGHT_BY = ("minibatches_order",)
HINT = "Which generator does np.random.permutation use, and who else draws from it?"
LECTURE = "lecture 5, Stochastic gradient descent"


def minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """See the stub."""
    order = np.random.permutation(n)  # noqa: NPY002  the mistake itself
    return [order[k : k + batch_size] for k in range(0, n, batch_size)]
