"""The state before the step is ignored."""

import numpy as np

CAUGHT_BY = (
    "rnn_step_worked",
    "rnn_step_random",
)
HINT = "What makes a recurrent network recurrent?"
LECTURE = "lecture 2, RNN: basics"


def rnn_step(x: Array, hidden: Array, w_x: Array, w_h: Array, bias: Array) -> Array:
    return np.tanh(x @ w_x.T + bias)
