"""The reconstruction error is a mean over all entries instead of a sum."""

import numpy as np

CAUGHT_BY = ("error_worked", "error_random")
HINT = "Double the batch: what should happen to the error?"
LECTURE = "lecture 3, Autoencoders"


def reconstruction_error(x: Array, y: Array) -> float:
    return float(0.5 * np.mean((y - x) ** 2))
