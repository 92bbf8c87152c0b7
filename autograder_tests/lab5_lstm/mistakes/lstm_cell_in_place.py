"""The cell that was passed in is overwritten."""

import numpy as np

CAUGHT_BY = ("lstm_step_random",)
HINT = "Print cell before and after the call."
LECTURE = "lecture 2, LSTM"


def lstm_step(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array]:
    i, f, g, o = np.split(x @ w_ih.T + hidden @ w_hh.T + bias, 4, axis=1)
    cell *= sigmoid(f)
    cell += sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(cell), cell.copy()
