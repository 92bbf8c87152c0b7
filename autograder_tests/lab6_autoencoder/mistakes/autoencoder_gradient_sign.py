"""The error is x - y in the gradients: they point downhill."""

import numpy as np

CAUGHT_BY = ("autoencoder_worked", "autoencoder_gradient")
HINT = "Which sign has dE/dy where y is too large?"
LECTURE = "lecture 3, Autoencoders"


def autoencoder_gradients(x: Array, w: Array, d: Array) -> tuple[float, Array, Array]:
    codes = sigmoid(x @ w.T)  # (N, H)
    delta_out = x - codes @ d.T  # (N, D_in), dE/dy: the half cancels the 2 of the square
    delta_code = (delta_out @ d) * codes * (1.0 - codes)  # (N, H), dE/d(W x)
    error = float(0.5 * np.sum(delta_out**2))
    return error, delta_code.T @ x, delta_out.T @ codes
