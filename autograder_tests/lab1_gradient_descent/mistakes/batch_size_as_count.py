"""batch_size is taken as the number of batches."""

import numpy as np

CAUGHT_BY = ("minibatches_worked",)
HINT = (
    "Lecture 5's example mixes up a batch of m/5 samples with 5 samples. Which of the two "
    "is batch_size?"
)
LECTURE = "lecture 5, Batch vs mini-batch Gradient Descent"


def minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """See the stub."""
    return np.array_split(rng.permutation(n), batch_size)
