"""batch_size is ignored: every epoch makes one step with all examples."""

import numpy as np

CAUGHT_BY = (
    "train_batches",
    "train_order",
)
HINT = "How many steps does an epoch with 7 examples and batches of 3 make?"
LECTURE = "lecture 5, Batch vs mini-batch Gradient Descent"


def train_mlp(
    x: Array,
    targets: Labels,
    hidden: int | Sequence[int],
    learning_rate: float,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> Params:
    sizes = [x.shape[1], *np.atleast_1d(hidden).tolist(), int(targets.max()) + 1]
    params = [(he_init(a, b, rng), np.zeros(b)) for a, b in zip(sizes[:-1], sizes[1:])]
    for _ in range(epochs):
        _, grads = mlp_loss(params, x, targets)
        params = [
            (w - learning_rate * gw, b - learning_rate * gb)
            for (w, b), (gw, gb) in zip(params, grads)
        ]
    return params
