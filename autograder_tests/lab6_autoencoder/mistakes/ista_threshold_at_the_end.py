"""The codes are shrunk once, after the last step."""

import numpy as np

CAUGHT_BY = ("ista_steps", "ista_optimal")
HINT = "What does every step consist of?"
LECTURE = "lecture 3, Sparse coding"


def ista(x: Array, dictionary: Array, penalty: float, steps: int) -> Array:
    gram = dictionary @ dictionary.T
    match = x @ dictionary.T
    step = 1.0 / np.linalg.eigvalsh(gram)[-1]
    codes = np.zeros_like(match)
    for _ in range(steps):
        codes = codes - step * (codes @ gram - match)
    return soft_threshold(codes, 0.5 * step * penalty) if steps else codes
