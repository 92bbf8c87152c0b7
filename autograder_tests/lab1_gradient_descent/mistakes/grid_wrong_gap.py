"""The grid has as many points as gaps, so the gap is a little too wide."""

import numpy as np

CAUGHT_BY = (
    "parabola_worked",
    "grid_gaps",
)
HINT = "Print the difference of the first two points. A fence of 200 gaps has how many posts?"
LECTURE = "lecture 5, Exercises"


def grid(low: float = -10.0, high: float = 10.0, gap: float = 0.1) -> np.ndarray:
    """See the stub."""
    return np.linspace(low, high, round((high - low) / gap))
