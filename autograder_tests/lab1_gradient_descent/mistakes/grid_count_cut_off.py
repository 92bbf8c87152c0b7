"""The number of gaps is cut off instead of rounded, so some grids lose a point."""

import numpy as np

CAUGHT_BY = ("grid_gaps",)
HINT = "Print 0.3 / 0.1. What does int() make of it?"
LECTURE = "lecture 5, Exercises"


def grid(low: float = -10.0, high: float = 10.0, gap: float = 0.1) -> np.ndarray:
    """See the stub."""
    return np.linspace(low, high, int((high - low) / gap) + 1)
