"""The decoder is the transposed encoder; d is not used."""

import numpy as np

CAUGHT_BY = ("autoencoder_worked", "autoencoder_gradient")
HINT = "Which of the arguments does the answer depend on?"
LECTURE = "lecture 3, Autoencoders"


def autoencoder_forward(x: Array, w: Array, d: Array) -> Array:
    # Lecture 3 writes y = D s(W x) for one column x; here the examples are rows.
    return sigmoid(x @ w.T) @ w
