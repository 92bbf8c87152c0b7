"""The reconstruction error is divided by the number of examples."""

import numpy as np

CAUGHT_BY = ("error_worked", "error_random")
HINT = "Double the batch: what should happen to the error?"
LECTURE = "lecture 3, Autoencoders"


def reconstruction_error(x: Array, y: Array) -> float:
    return float(0.5 / len(x) * np.sum((y - x) ** 2))
