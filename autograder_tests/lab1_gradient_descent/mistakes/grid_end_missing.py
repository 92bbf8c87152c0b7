"""The grid stops one point short of its upper end."""

import numpy as np

CAUGHT_BY = (
    "parabola_worked",
    "grid_gaps",
)
HINT = "np.arange leaves out its end. How many points do 200 gaps separate?"
LECTURE = "lecture 5, Exercises"


def grid(low: float = -10.0, high: float = 10.0, gap: float = 0.1) -> np.ndarray:
    """See the stub."""
    return low + gap * np.arange(round((high - low) / gap))
