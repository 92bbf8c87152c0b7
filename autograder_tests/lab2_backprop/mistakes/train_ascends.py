"""The step is added instead of subtracted: training climbs."""

import numpy as np

CAUGHT_BY = (
    "train_steps",
    "train_batches",
)
HINT = "The gradient points uphill."
LECTURE = "lecture 3, Gradient-based approach"


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
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            _, grads = mlp_loss(params, x[batch], targets[batch])
            params = [
                (w + learning_rate * gw, b + learning_rate * gb)
                for (w, b), (gw, gb) in zip(params, grads)
            ]
    return params
