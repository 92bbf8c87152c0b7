"""The gradient of the L1 penalty is 1 at 0."""

import numpy as np

CAUGHT_BY = ("penalties_worked", "penalties_random")
HINT = "What does the statement say at 0?"
LECTURE = "lecture 3, Parameter norm penalization"


def l1_penalty(w: Array, strength: float) -> tuple[float, Array]:
    return float(strength * np.abs(w).sum()), strength * np.where(w >= 0, 1.0, -1.0)
