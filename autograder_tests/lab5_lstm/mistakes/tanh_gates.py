"""The gates go through tanh and can be negative."""

import numpy as np

CAUGHT_BY = (
    "lstm_step_worked",
    "lstm_step_random",
    "lstm_forward_random",
)
HINT = "Between which two numbers is a gate?"
LECTURE = "lecture 2, LSTM"


def lstm_step(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array]:
    i, f, g, o = np.split(x @ w_ih.T + hidden @ w_hh.T + bias, 4, axis=1)
    new = np.tanh(f) * cell + np.tanh(i) * np.tanh(g)
    return np.tanh(o) * np.tanh(new), new
