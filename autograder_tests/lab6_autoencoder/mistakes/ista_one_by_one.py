"""A Python loop goes over the examples."""

import numpy as np

CAUGHT_BY = ("ista_time",)
HINT = "A whole batch goes through one matrix product a step."
LECTURE = "lecture 3, Sparse coding"


def ista(x: Array, dictionary: Array, penalty: float, steps: int) -> Array:
    gram = dictionary @ dictionary.T
    match = x @ dictionary.T
    step = 1.0 / np.linalg.eigvalsh(gram)[-1]
    codes = np.zeros_like(match)
    for n in range(len(x)):
        for _ in range(steps):
            moved = codes[n] - step * (gram @ codes[n] - match[n])
            codes[n] = soft_threshold(moved, 0.5 * step * penalty)
    return codes
