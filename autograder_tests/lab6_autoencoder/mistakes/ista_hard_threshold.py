"""ISTA cuts small codes and does not shrink the others."""

import numpy as np

CAUGHT_BY = ("ista_steps", "ista_optimal")
HINT = "Which function moves every value towards 0?"
LECTURE = "lecture 3, Sparse coding"


def ista(x: Array, dictionary: Array, penalty: float, steps: int) -> Array:
    gram = dictionary @ dictionary.T
    match = x @ dictionary.T
    step = 1.0 / np.linalg.eigvalsh(gram)[-1]
    codes = np.zeros_like(match)
    for _ in range(steps):
        codes = codes - step * (codes @ gram - match)
        codes = np.where(np.abs(codes) > 0.5 * step * penalty, codes, 0.0)
    return codes
