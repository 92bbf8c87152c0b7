"""The hidden state that was passed in is overwritten."""

import numpy as np

CAUGHT_BY = ("rnn_step_random",)
HINT = "Print hidden before and after the call."
LECTURE = "lecture 2, RNN: basics"


def rnn_step(x: Array, hidden: Array, w_x: Array, w_h: Array, bias: Array) -> Array:
    hidden[:] = np.tanh(x @ w_x.T + hidden @ w_h.T + bias)
    return hidden.copy()
