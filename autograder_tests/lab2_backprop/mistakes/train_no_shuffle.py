"""The examples come in the same order in every epoch: nothing is shuffled."""

import numpy as np

CAUGHT_BY = ("train_order",)
HINT = "What happens to training if the data are sorted by class?"
LECTURE = "lecture 5, Stochastic gradient descent"


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
        order = np.arange(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            _, grads = mlp_loss(params, x[batch], targets[batch])
            params = [
                (w - learning_rate * gw, b - learning_rate * gb)
                for (w, b), (gw, gb) in zip(params, grads)
            ]
    return params
