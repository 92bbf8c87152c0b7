"""There is no forget gate: the old cell is added in full, as in the LSTM of 1997."""

import numpy as np

CAUGHT_BY = (
    "lstm_step_worked",
    "lstm_step_random",
    "lstm_forward_random",
)
HINT = "What is the new cell if every gate is 0?"
LECTURE = "lecture 2, LSTM"


def lstm_step(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array]:
    i, f, g, o = np.split(x @ w_ih.T + hidden @ w_hh.T + bias, 4, axis=1)
    new = cell + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(new), new
