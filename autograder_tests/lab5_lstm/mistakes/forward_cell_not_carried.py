"""Every step starts from the first cell: the memory is lost."""

import numpy as np

CAUGHT_BY = ("lstm_forward_random",)
HINT = "Which cell does the second step get?"
LECTURE = "lecture 2, RNN: loop unrolling"


def lstm_forward(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array, Array]:
    outputs = []
    start = cell
    for t in range(x.shape[1]):
        hidden, cell = lstm_step(x[:, t], hidden, start, w_ih, w_hh, bias)
        outputs.append(hidden)
    return np.stack(outputs, axis=1), hidden, cell
