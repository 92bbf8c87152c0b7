"""The square keeps the sign of the number."""

import numpy as np

CAUGHT_BY = ("square_table",)
HINT = "What is -3 times -3?"


def square(x):
    return x * np.abs(x)
