"""The L2 penalty is the norm, not half of its square."""

import numpy as np

CAUGHT_BY = ("penalties_worked", "penalties_random")
HINT = "Is there a root on the slide?"
LECTURE = "lecture 3, Parameter norm penalization"


def l2_penalty(w: Array, strength: float) -> tuple[float, Array]:
    return float(strength * np.sqrt(np.sum(w**2))), strength * w
