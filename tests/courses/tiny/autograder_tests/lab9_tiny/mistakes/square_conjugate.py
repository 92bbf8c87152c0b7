"""The number is multiplied by its conjugate, right for real numbers only."""

import numpy as np

CAUGHT_BY = ("square_random",)
HINT = "What is the square of 1j?"


def square(x):
    return x * np.conj(x)
