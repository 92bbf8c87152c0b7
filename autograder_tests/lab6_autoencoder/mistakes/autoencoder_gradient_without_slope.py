"""The slope of the sigmoid is missing in dE/dW."""

import numpy as np

CAUGHT_BY = ("autoencoder_worked", "autoencoder_gradient")
HINT = "What lies between W x and the code?"
LECTURE = "lecture 3, Back-propagation"


def autoencoder_gradients(x: Array, w: Array, d: Array) -> tuple[float, Array, Array]:
    codes = sigmoid(x @ w.T)  # (N, H)
    delta_out = codes @ d.T - x  # (N, D_in), dE/dy: the half cancels the 2 of the square
    delta_code = delta_out @ d  # (N, H), dE/d(W x)
    error = float(0.5 * np.sum(delta_out**2))
    return error, delta_code.T @ x, delta_out.T @ codes
