"""train_mlp makes the same batches in every epoch and only draws their order."""

import numpy as np

CAUGHT_BY = ("train_order",)
HINT = "With eight examples in batches of two, which pairs can ever be in a batch together?"
LECTURE = "lecture 1, Mini-Batch Stochastic Gradient Descent"


def train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, rng):
    sizes = [x.shape[1], *np.atleast_1d(hidden), int(np.max(targets)) + 1]
    params = [(he_init(m, n, rng), np.zeros(n)) for m, n in zip(sizes[:-1], sizes[1:])]
    starts = np.arange(0, len(x), batch_size)
    for _ in range(epochs):
        for start in rng.permutation(starts):
            batch = slice(start, start + batch_size)
            _, grads = mlp_loss(params, x[batch], targets[batch])
            params = [
                (w - learning_rate * gw, b - learning_rate * gb)
                for (w, b), (gw, gb) in zip(params, grads)
            ]
    return params
