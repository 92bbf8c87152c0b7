"""The sign of x inside the exponential of the sigmoid is flipped."""

import numpy as np

CAUGHT_BY = ("activation_table",)
HINT = "Is the sigmoid near 0 or near 1 for a large positive x?"
LECTURE = "lecture 5, Activation functions"


def sigmoid(x: Array) -> Array:
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0, decay, 1.0) / (1.0 + decay)
