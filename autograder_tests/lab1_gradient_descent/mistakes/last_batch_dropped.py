"""The short last batch is dropped: its samples are never seen in that epoch."""

import numpy as np

CAUGHT_BY = (
    "minibatches_worked",
    "sgd_steps",
    "sgd_order",
)
HINT = "How many batches of 4 do 10 samples give, if all are to be seen?"
LECTURE = "lecture 5, Batch vs mini-batch Gradient Descent"


def minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """See the stub."""
    order = rng.permutation(n)
    return [order[k * batch_size : (k + 1) * batch_size] for k in range(n // batch_size)]
