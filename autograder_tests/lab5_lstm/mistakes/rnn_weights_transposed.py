"""The recurrent weights are used the wrong way round; they are square, so shapes do not tell."""

import numpy as np

CAUGHT_BY = (
    "rnn_step_worked",
    "rnn_step_random",
)
HINT = "Row r of w_h belongs to unit r."
LECTURE = "lecture 2, RNN: basics"


def rnn_step(x: Array, hidden: Array, w_x: Array, w_h: Array, bias: Array) -> Array:
    return np.tanh(x @ w_x.T + hidden @ w_h + bias)
