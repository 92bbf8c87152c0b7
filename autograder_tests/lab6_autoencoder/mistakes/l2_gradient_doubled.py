"""The gradient of the L2 penalty is 2 w: its half was not differentiated."""

import numpy as np

CAUGHT_BY = ("penalties_worked", "penalties_random")
HINT = "Plot |w| and w * w / 2 with their slopes."
LECTURE = "lecture 3, Parameter norm penalization"


def l2_penalty(w: Array, strength: float) -> tuple[float, Array]:
    return float(0.5 * strength * np.sum(w**2)), 2.0 * strength * w
