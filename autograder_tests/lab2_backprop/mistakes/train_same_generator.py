"""Every layer is drawn from a copy of the same generator, so that equal layers start equal."""

import copy

import numpy as np

CAUGHT_BY = ("train_steps",)
HINT = "Compare the weights of two hidden layers of the same size."
LECTURE = "lecture 5, Parameter initialization"


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
    params = [
        (he_init(a, b, copy.deepcopy(rng)), np.zeros(b)) for a, b in zip(sizes[:-1], sizes[1:])
    ]
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            _, grads = mlp_loss(params, x[batch], targets[batch])
            params = [
                (w - learning_rate * gw, b - learning_rate * gb)
                for (w, b), (gw, gb) in zip(params, grads)
            ]
    return params
