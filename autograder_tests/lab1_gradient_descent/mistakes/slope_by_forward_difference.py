"""square_grad is a difference quotient with step 0.001, so it is off by 0.001 everywhere."""

import numpy as np

CAUGHT_BY = (
    "parabola_worked",
    "square_any_shape",
)
HINT = "(x + h)² - x² is 2 x h + h². What is left of h² after dividing by h?"
LECTURE = "lecture 5, Exercises"


def square_grad(x: np.ndarray) -> np.ndarray:
    """See the stub."""
    h = 1e-3
    return ((x + h) ** 2 - x**2) / h
