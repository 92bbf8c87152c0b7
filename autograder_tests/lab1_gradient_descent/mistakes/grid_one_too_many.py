"""The grid adds a gap to its end before counting; rounding then lets in a point beyond the end."""

import numpy as np

CAUGHT_BY = ("grid_gaps",)
HINT = (
    "np.arange(1, 1.4, 0.1): how many points would you expect, how many are there? Half a "
    "gap is a safer margin than a whole one."
)
LECTURE = "lecture 5, Exercises"


def grid(low: float = -10.0, high: float = 10.0, gap: float = 0.1) -> np.ndarray:
    """See the stub."""
    return np.arange(low, high + gap, gap)
