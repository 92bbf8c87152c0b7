"""The reconstruction error has no factor one half."""

import numpy as np

CAUGHT_BY = ("error_worked", "error_random")
HINT = "Which factor stands before lecture 3's sum?"
LECTURE = "lecture 3, Autoencoders"


def reconstruction_error(x: Array, y: Array) -> float:
    return float(np.sum((y - x) ** 2))
