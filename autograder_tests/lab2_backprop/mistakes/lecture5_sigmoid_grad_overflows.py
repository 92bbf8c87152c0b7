"""sigmoid_grad is lecture 5's exp(-a) / (exp(-a) + 1) ** 2, which is inf / inf for very negative
a.
"""

import numpy as np

CAUGHT_BY = ("activations_random",)
HINT = "What is exp(800) in float64? Look for a form that uses the sigmoid itself."
LECTURE = "lecture 5, Example with logistic regression"


def sigmoid_grad(x: Array) -> Array:
    return np.exp(-x) / (np.exp(-x) + 1.0) ** 2
