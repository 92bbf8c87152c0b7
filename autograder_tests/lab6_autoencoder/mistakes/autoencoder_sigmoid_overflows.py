"""The sigmoid is exp(x) / (1 + exp(x)), which is nan for large x."""

import numpy as np

CAUGHT_BY = ("autoencoder_gradient",)
HINT = "exp(710) is inf, and inf / inf is nan."
LECTURE = "lecture 3, Autoencoders"


def sigmoid(x: Array) -> Array:
    return np.exp(x) / (1.0 + np.exp(x))
