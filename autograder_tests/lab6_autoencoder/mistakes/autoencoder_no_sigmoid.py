"""There is no sigmoid on the code."""

import numpy as np

CAUGHT_BY = ("autoencoder_worked", "autoencoder_gradient")
HINT = "Which sigmoid stands on the slide, and where?"
LECTURE = "lecture 3, Autoencoders"


def autoencoder_forward(x: Array, w: Array, d: Array) -> Array:
    # Lecture 3 writes y = D s(W x) for one column x; here the examples are rows.
    return x @ w.T @ d.T
