"""The updates have momentum; plain gradient descent is asked for."""

import numpy as np

CAUGHT_BY = (
    "train_steps",
    "train_batches",
)
HINT = "What does the second step depend on besides the gradient at that point?"
LECTURE = "lecture 3, Momentum"


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
    speeds = [(np.zeros(w.shape), np.zeros(b.shape)) for w, b in params]
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            _, grads = mlp_loss(params, x[batch], targets[batch])
            speeds = [(0.9 * v + gw, 0.9 * u + gb) for (v, u), (gw, gb) in zip(speeds, grads)]
            params = [
                (w - learning_rate * v, b - learning_rate * u)
                for (w, b), (v, u) in zip(params, speeds)
            ]
    return params
