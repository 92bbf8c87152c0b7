"""The threshold is penalty / L: that minimises half of the errors plus the whole penalty."""

import numpy as np

CAUGHT_BY = ("sparse_worked", "ista_steps", "ista_optimal")
HINT = "Halve the whole objective, not only its first sum."
LECTURE = "lecture 3, Sparse coding"


def ista(x: Array, dictionary: Array, penalty: float, steps: int) -> Array:
    gram = dictionary @ dictionary.T
    match = x @ dictionary.T
    step = 1.0 / np.linalg.eigvalsh(gram)[-1]
    codes = np.zeros_like(match)
    for _ in range(steps):
        codes = soft_threshold(codes - step * (codes @ gram - match), step * penalty)
    return codes
