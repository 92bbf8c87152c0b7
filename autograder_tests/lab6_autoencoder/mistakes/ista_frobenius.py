"""The step is 1 over the trace, not over the largest eigenvalue: right, but much slower."""

import numpy as np

CAUGHT_BY = ("ista_steps",)
HINT = "Which number is L?"
LECTURE = "lecture 3, Sparse coding"


def ista(x: Array, dictionary: Array, penalty: float, steps: int) -> Array:
    gram = dictionary @ dictionary.T
    match = x @ dictionary.T
    step = 1.0 / np.trace(gram)
    codes = np.zeros_like(match)
    for _ in range(steps):
        codes = soft_threshold(codes - step * (codes @ gram - match), 0.5 * step * penalty)
    return codes
