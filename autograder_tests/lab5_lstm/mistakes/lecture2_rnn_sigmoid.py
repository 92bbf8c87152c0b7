"""The activation is lecture 2's sigmoid; this lab and PyTorch use tanh."""

import numpy as np

CAUGHT_BY = (
    "rnn_step_worked",
    "rnn_step_random",
)
HINT = "Can your hidden state be negative?"
LECTURE = "lecture 2, RNN: basics"


def rnn_step(x: Array, hidden: Array, w_x: Array, w_h: Array, bias: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-(x @ w_x.T + hidden @ w_h.T + bias)))
