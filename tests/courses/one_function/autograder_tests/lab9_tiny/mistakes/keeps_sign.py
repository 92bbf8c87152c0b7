"""The square keeps the sign of numbers that are not whole."""

import numpy as np

CAUGHT_BY = ("square_random",)
HINT = "What is -0.5 times -0.5?"


def square(x):
    return np.where(x == np.round(x), x * x, x * abs(x))
