"""Lab 9: squares."""

import numpy as np


def square(x: np.ndarray) -> np.ndarray:
    """Square every number."""
    raise NotImplementedError("lab9_tiny: square")
