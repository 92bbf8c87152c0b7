"""The half of E is kept in the gradients; the 2 of the square cancels it."""

import numpy as np

CAUGHT_BY = ("autoencoder_gradient", "autoencoder_worked")
HINT = "Compare with central differences of E on a batch of 7."
LECTURE = "lecture 3, Autoencoders"


def autoencoder_gradients(x: Array, w: Array, d: Array) -> tuple[float, Array, Array]:
    codes = sigmoid(x @ w.T)  # (N, H)
    delta_out = codes @ d.T - x  # (N, D_in), dE/dy: the half cancels the 2 of the square
    delta_code = (delta_out @ d) * codes * (1.0 - codes)  # (N, H), dE/d(W x)
    error = float(0.5 * np.sum(delta_out**2))
    return error, 0.5 * delta_code.T @ x, 0.5 * delta_out.T @ codes
