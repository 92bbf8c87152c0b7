"""tanh_grad builds tanh from exponentials that overflow."""

import numpy as np

CAUGHT_BY = ("activations_random",)
HINT = "NumPy's tanh is stable; inf / inf is not."
LECTURE = "lecture 5, Activation functions"


def tanh_grad(x: Array) -> Array:
    tanh = (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))
    return 1.0 - tanh**2
