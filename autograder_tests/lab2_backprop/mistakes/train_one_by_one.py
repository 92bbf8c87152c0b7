"""The examples of a batch go through the network one by one, in a Python loop."""

import numpy as np

CAUGHT_BY = ("train_time",)
HINT = "A whole batch goes through a layer in one matrix product."
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
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            each = [mlp_loss(params, x[i : i + 1], targets[i : i + 1])[1] for i in batch]
            grads = [
                (np.mean([g[k][0] for g in each], axis=0), np.mean([g[k][1] for g in each], axis=0))
                for k in range(len(params))
            ]
            params = [
                (w - learning_rate * gw, b - learning_rate * gb)
                for (w, b), (gw, gb) in zip(params, grads)
            ]
    return params
