"""The objective is divided by the number of examples."""

import numpy as np

CAUGHT_BY = ("sparse_worked", "sparse_random")
HINT = "Write down lecture 3's two sums."
LECTURE = "lecture 3, Sparse coding"


def sparse_objective(x: Array, dictionary: Array, codes: Array, penalty: float) -> float:
    return float(np.sum((x - codes @ dictionary) ** 2) + penalty * np.abs(codes).sum()) / len(x)
