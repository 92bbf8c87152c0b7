"""The slope of the sigmoid is taken at the code instead of the pre-activation."""

import numpy as np

CAUGHT_BY = ("autoencoder_worked", "autoencoder_gradient")
HINT = "sigmoid' = s (1 - s), with s the code itself."
LECTURE = "lecture 3, Back-propagation"


def autoencoder_gradients(x: Array, w: Array, d: Array) -> tuple[float, Array, Array]:
    codes = sigmoid(x @ w.T)  # (N, H)
    delta_out = codes @ d.T - x  # (N, D_in), dE/dy: the half cancels the 2 of the square
    delta_code = (delta_out @ d) * sigmoid(codes) * (1.0 - sigmoid(codes))  # (N, H), dE/d(W x)
    error = float(0.5 * np.sum(delta_out**2))
    return error, delta_code.T @ x, delta_out.T @ codes
