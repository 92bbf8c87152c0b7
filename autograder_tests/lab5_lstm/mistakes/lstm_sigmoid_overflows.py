"""The sigmoid is exp(x) / (1 + exp(x)): nan for a large x."""

import numpy as np

CAUGHT_BY = ("lstm_step_random",)
HINT = "What is inf / inf?"
LECTURE = "lecture 2, LSTM"


def sigmoid(x: Array) -> Array:
    return np.exp(x) / (1.0 + np.exp(x))


def lstm_step(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array]:
    i, f, g, o = np.split(x @ w_ih.T + hidden @ w_hh.T + bias, 4, axis=1)
    new = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(new), new
