"""The outputs come back as (time, batch, hidden)."""

import numpy as np

CAUGHT_BY = ("lstm_forward_random",)
HINT = "Which axis comes first, the examples or the steps?"
LECTURE = "lecture 2, RNN: loop unrolling"


def lstm_forward(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array, Array]:
    outputs = []
    for t in range(x.shape[1]):
        hidden, cell = lstm_step(x[:, t], hidden, cell, w_ih, w_hh, bias)
        outputs.append(hidden)
    return np.stack(outputs), hidden, cell
