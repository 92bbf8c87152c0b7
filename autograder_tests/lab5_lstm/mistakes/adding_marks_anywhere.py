"""The two marks can be in the same half, or at the same step."""

import numpy as np

CAUGHT_BY = ("adding_batch_form",)
HINT = "How many marks are there in the first half of each sequence?"
LECTURE = "lecture 2, RNN: limit"


def adding_batch(length: int, n: int, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    rows, half = np.arange(n), length // 2
    values, marks = rng.random((n, length)), np.zeros((n, length))
    first, second = rng.integers(0, length, size=(2, n))
    marks[rows, first] = marks[rows, second] = 1.0
    x = np.stack([values, marks], axis=2).astype(np.float32)
    return x, (x[..., 0] * x[..., 1]).sum(axis=1)
