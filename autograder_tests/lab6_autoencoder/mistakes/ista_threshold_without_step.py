"""The threshold is half of the penalty, whatever the step is."""

import numpy as np

CAUGHT_BY = ("sparse_worked", "ista_steps")
HINT = "Does a short step shrink as much as a long one?"
LECTURE = "lecture 3, Sparse coding"


def ista(x: Array, dictionary: Array, penalty: float, steps: int) -> Array:
    gram = dictionary @ dictionary.T
    match = x @ dictionary.T
    step = 1.0 / np.linalg.eigvalsh(gram)[-1]
    codes = np.zeros_like(match)
    for _ in range(steps):
        codes = soft_threshold(codes - step * (codes @ gram - match), 0.5 * penalty)
    return codes
