"""The state that is passed in is replaced by zeros."""

import numpy as np

CAUGHT_BY = ("lstm_forward_random",)
HINT = "What do the arguments hidden and cell do in your function?"
LECTURE = "lecture 2, RNN: loop unrolling"


def lstm_forward(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array, Array]:
    outputs = []
    hidden, cell = np.zeros_like(hidden), np.zeros_like(cell)
    for t in range(x.shape[1]):
        hidden, cell = lstm_step(x[:, t], hidden, cell, w_ih, w_hh, bias)
        outputs.append(hidden)
    return np.stack(outputs, axis=1), hidden, cell
