"""The distances are added up, not their squares."""

import numpy as np

CAUGHT_BY = ("error_worked", "error_random")
HINT = "Is there a root on the slide?"
LECTURE = "lecture 3, Autoencoders"


def reconstruction_error(x: Array, y: Array) -> float:
    return float(0.5 * np.linalg.norm(y - x, axis=1).sum())
