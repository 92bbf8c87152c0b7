"""The codes are squared in the penalty: nothing becomes exactly 0 that way."""

import numpy as np

CAUGHT_BY = ("sparse_worked", "sparse_random")
HINT = "Is it the L1 or the L2 norm on the slide?"
LECTURE = "lecture 3, Sparse coding"


def sparse_objective(x: Array, dictionary: Array, codes: Array, penalty: float) -> float:
    return float(np.sum((x - codes @ dictionary) ** 2) + penalty * np.sum(codes**2))
