"""The cells are returned as outputs."""

import numpy as np

CAUGHT_BY = ("lstm_forward_random",)
HINT = "Which of the two states is shown to the next layer?"
LECTURE = "lecture 2, RNN: loop unrolling"


def lstm_forward(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array, Array]:
    outputs = []
    for t in range(x.shape[1]):
        hidden, cell = lstm_step(x[:, t], hidden, cell, w_ih, w_hh, bias)
        outputs.append(cell)
    return np.stack(outputs, axis=1), hidden, cell
