"""The input gate is one minus the forget gate, as in a GRU; its own weights are not used."""

import numpy as np

CAUGHT_BY = (
    "lstm_step_worked",
    "lstm_step_random",
    "lstm_forward_random",
)
HINT = "Open both gates at once. What is the new cell?"
LECTURE = "lecture 2, LSTM"


def lstm_step(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array]:
    i, f, g, o = np.split(x @ w_ih.T + hidden @ w_hh.T + bias, 4, axis=1)
    new = sigmoid(f) * cell + (1.0 - sigmoid(f)) * np.tanh(g)
    return sigmoid(o) * np.tanh(new), new
