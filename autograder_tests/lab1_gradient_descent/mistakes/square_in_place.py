"""square changes its argument in place."""

import numpy as np

CAUGHT_BY = ("square_any_shape",)
HINT = "x *= x writes into the array of whoever called. Which operator makes a new array?"
LECTURE = "lecture 5, Exercises"


def square(x: np.ndarray) -> np.ndarray:
    """See the stub."""
    x *= x
    return x
