"""The layers are updated one after the other, each with a gradient taken after the last update."""

import numpy as np

CAUGHT_BY = (
    "train_steps",
    "train_batches",
)
HINT = "All gradients of a step belong to the same weights."
LECTURE = "lecture 3, Back-propagation"


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
            for layer in reversed(range(len(params))):
                _, grads = mlp_loss(params, x[batch], targets[batch])
                (w, b), (gw, gb) = params[layer], grads[layer]
                params[layer] = (w - learning_rate * gw, b - learning_rate * gb)
    return params
