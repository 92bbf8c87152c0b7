"""The last step of each half is never marked: the upper end of rng.integers is left out."""

import numpy as np

CAUGHT_BY = ("adding_batch_form",)
HINT = "Does rng.integers(0, 4) ever give 4, and should it?"
LECTURE = "lecture 2, RNN: limit"


def adding_batch(length: int, n: int, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    rows, half = np.arange(n), length // 2
    values, marks = rng.random((n, length)), np.zeros((n, length))
    first, second = rng.integers(0, half - 1, size=n), rng.integers(half, length - 1, size=n)
    marks[rows, first] = marks[rows, second] = 1.0
    x = np.stack([values, marks], axis=2).astype(np.float32)
    return x, (x[..., 0] * x[..., 1]).sum(axis=1)
