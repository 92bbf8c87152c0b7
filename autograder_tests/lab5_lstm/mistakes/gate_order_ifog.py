"""The gates are taken in the order i, f, o, g: output gate and candidate are swapped."""

import numpy as np

CAUGHT_BY = (
    "lstm_step_worked",
    "lstm_step_random",
    "lstm_forward_random",
)
HINT = "PyTorch stacks i, f, g, o. Which quarter of the bias is which gate?"
LECTURE = "lecture 2, LSTM"


def lstm_step(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array]:
    i, f, o, g = np.split(x @ w_ih.T + hidden @ w_hh.T + bias, 4, axis=1)
    new = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(new), new
