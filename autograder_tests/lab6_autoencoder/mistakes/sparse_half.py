"""The squared errors have a factor one half, which the slide has not."""

import numpy as np

CAUGHT_BY = ("sparse_worked", "sparse_random")
HINT = "Write down lecture 3's two sums."
LECTURE = "lecture 3, Sparse coding"


def sparse_objective(x: Array, dictionary: Array, codes: Array, penalty: float) -> float:
    return float(0.5 * np.sum((x - codes @ dictionary) ** 2) + penalty * np.abs(codes).sum())
