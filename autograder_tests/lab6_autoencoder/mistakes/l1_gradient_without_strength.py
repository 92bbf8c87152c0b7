"""The strength is missing in the gradient of the L1 penalty."""

import numpy as np

CAUGHT_BY = ("penalties_worked", "penalties_random")
HINT = "Plot |w| and w * w / 2 with their slopes."
LECTURE = "lecture 3, Parameter norm penalization"


def l1_penalty(w: Array, strength: float) -> tuple[float, Array]:
    return float(strength * np.abs(w).sum()), np.sign(w)
