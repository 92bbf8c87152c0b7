"""One is added to the forget gate inside the step; in this lab that belongs to the bias."""

import numpy as np

CAUGHT_BY = (
    "lstm_step_worked",
    "lstm_step_random",
    "lstm_forward_random",
)
HINT = "With weights and biases of 0, how much of the cell is kept?"
LECTURE = "lecture 2, LSTM"


def lstm_step(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array]:
    i, f, g, o = np.split(x @ w_ih.T + hidden @ w_hh.T + bias, 4, axis=1)
    new = sigmoid(f + 1.0) * cell + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(new), new
