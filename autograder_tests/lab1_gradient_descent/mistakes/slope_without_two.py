"""square_grad returns x: the factor 2 of the derivative is missing."""

import numpy as np

CAUGHT_BY = (
    "parabola_worked",
    "square_any_shape",
)
HINT = "What does the power rule do with the exponent?"
LECTURE = "lecture 5, Exercises"


def square_grad(x: np.ndarray) -> np.ndarray:
    """See the stub."""
    return 1.0 * x
