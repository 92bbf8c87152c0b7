"""The examples of a batch go through the LSTM one after the other."""

import numpy as np

CAUGHT_BY = ("lstm_forward_time",)
HINT = "Can all examples of a batch make a step together?"
LECTURE = "lecture 2, RNN: loop unrolling"


def lstm_forward(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array, Array]:
    parts = []
    for row in range(len(x)):
        outputs, h, c = [], hidden[row : row + 1], cell[row : row + 1]
        for t in range(x.shape[1]):
            h, c = lstm_step(x[row : row + 1, t], h, c, w_ih, w_hh, bias)
            outputs.append(h)
        parts.append((np.stack(outputs, axis=1), h, c))
    return tuple(np.concatenate(group) for group in zip(*parts))
