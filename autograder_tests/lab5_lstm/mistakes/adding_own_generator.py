"""The sequences come from a generator of their own and not from rng."""

import numpy as np

CAUGHT_BY = ("adding_batch_form",)
HINT = "Call it twice with equal generators. Are the sequences equal?"
LECTURE = "lecture 2, RNN: limit"


def adding_batch(length: int, n: int, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    rng = np.random.default_rng()
    rows, half = np.arange(n), length // 2
    values, marks = rng.random((n, length)), np.zeros((n, length))
    first, second = rng.integers(0, half, size=n), rng.integers(half, length, size=n)
    marks[rows, first] = marks[rows, second] = 1.0
    x = np.stack([values, marks], axis=2).astype(np.float32)
    return x, (x[..., 0] * x[..., 1]).sum(axis=1)
