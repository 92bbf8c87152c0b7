"""The codes start at dictionary products instead of 0."""

import numpy as np

CAUGHT_BY = ("ista_steps",)
HINT = "What comes back for steps=0?"
LECTURE = "lecture 3, Sparse coding"


def ista(x: Array, dictionary: Array, penalty: float, steps: int) -> Array:
    gram = dictionary @ dictionary.T
    match = x @ dictionary.T
    step = 1.0 / np.linalg.eigvalsh(gram)[-1]
    codes = match.copy()
    for _ in range(steps):
        codes = soft_threshold(codes - step * (codes @ gram - match), 0.5 * step * penalty)
    return codes
