"""The L2 penalty has no half, in the value and in the gradient."""

import numpy as np

CAUGHT_BY = ("penalties_worked", "penalties_random")
HINT = "Which factor stands in lecture 3's L2 norm?"
LECTURE = "lecture 3, Parameter norm penalization"


def l2_penalty(w: Array, strength: float) -> tuple[float, Array]:
    return float(strength * np.sum(w**2)), 2.0 * strength * w
