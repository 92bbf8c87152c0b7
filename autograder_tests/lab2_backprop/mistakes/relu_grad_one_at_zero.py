"""relu_grad is 1 at 0; this course uses 0."""

import numpy as np

CAUGHT_BY = ("activation_table",)
HINT = "The statement names the value at 0. Which comparison gives it?"
LECTURE = "lecture 5, Activation functions"


def relu_grad(x: Array) -> Array:
    return np.where(x >= 0, 1.0, 0.0)
