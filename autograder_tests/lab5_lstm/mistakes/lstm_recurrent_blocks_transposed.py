"""Each block of the recurrent weights is used the wrong way round; the blocks are square, so shapes do not tell."""

import numpy as np

CAUGHT_BY = (
    "lstm_step_random",
    "lstm_forward_random",
)
HINT = "Row r of each block belongs to unit r."
LECTURE = "lecture 2, LSTM"


def lstm_step(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array]:
    turned = np.vstack([block.T for block in np.split(w_hh, 4)])
    i, f, g, o = np.split(x @ w_ih.T + hidden @ turned.T + bias, 4, axis=1)
    new = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(new), new
