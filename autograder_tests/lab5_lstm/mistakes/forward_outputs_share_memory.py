"""All outputs are the same array, overwritten at every step: each shows the last one."""

import numpy as np

CAUGHT_BY = ("lstm_forward_random",)
HINT = "Print the first output after the first step and after the last."
LECTURE = "lecture 2, RNN: loop unrolling"


def lstm_forward(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array, Array]:
    outputs = []
    shared = hidden.copy()
    for t in range(x.shape[1]):
        shared[:], cell = lstm_step(x[:, t], shared, cell, w_ih, w_hh, bias)
        outputs.append(shared)
    return np.stack(outputs, axis=1), shared.copy(), cell
