"""The step is longer than 2 / L: the codes grow without end."""

import numpy as np

CAUGHT_BY = ("ista_steps", "ista_optimal")
HINT = "Print the objective after each step. Which number is L?"
LECTURE = "lecture 3, Sparse coding"


def ista(x: Array, dictionary: Array, penalty: float, steps: int) -> Array:
    gram = dictionary @ dictionary.T
    match = x @ dictionary.T
    step = 2.5 / np.linalg.eigvalsh(gram)[-1]
    codes = np.zeros_like(match)
    for _ in range(steps):
        codes = soft_threshold(codes - step * (codes @ gram - match), 0.5 * step * penalty)
    return codes
