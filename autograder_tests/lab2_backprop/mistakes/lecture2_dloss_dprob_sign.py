"""The gradient has a minus before its second term, as on lecture 2's slide; it is a plus."""

import numpy as np

CAUGHT_BY = (
    "losses_worked",
    "binary_cross_entropy_gradient",
)
HINT = "Differentiate -(1 - y) log(1 - p) with respect to p: two minus signs meet."
LECTURE = "lecture 2, Backpropagation: intro"


def binary_cross_entropy(prob: Array, target: Array) -> tuple[float, Array]:
    prob = np.clip(prob, 1e-12, 1.0 - 1e-12)
    losses = -target * np.log(prob) - (1.0 - target) * np.log(1.0 - prob)
    return float(losses.mean()), (-target / prob - (1.0 - target) / (1.0 - prob)) / len(prob)
