"""The loss is lecture 5's J without a minus: the log likelihood, which training would have to
raise.
"""

import numpy as np

CAUGHT_BY = (
    "losses_worked",
    "binary_cross_entropy_gradient",
)
HINT = "A loss gets smaller when the answer gets better. Is yours ever positive?"
LECTURE = "lecture 5, Loss Functions"


def binary_cross_entropy(prob: Array, target: Array) -> tuple[float, Array]:
    prob = np.clip(prob, 1e-12, 1.0 - 1e-12)
    gain = target * np.log(prob) + (1.0 - target) * np.log(1.0 - prob)
    return float(gain.mean()), (target / prob + (1.0 - target) / (prob - 1.0)) / len(prob)
