"""The gradients of candidate and output gate are stacked in the wrong order."""

import numpy as np

CAUGHT_BY = ("lstm_step_gradients",)
HINT = "The rows of the gradient stand in the order of the rows of the weights."
LECTURE = "lecture 3, Back-propagation"


def lstm_step_backward(
    grad_hidden: Array,
    grad_cell: Array,
    x: Array,
    hidden: Array,
    cell: Array,
    w_ih: Array,
    w_hh: Array,
    bias: Array,
) -> tuple[Array, Array, Array, Array, Array, Array]:
    i, f, g, o = gates(x, hidden, w_ih, w_hh, bias)
    new_cell = f * cell + i * g
    squashed = np.tanh(new_cell)
    grad_new = grad_cell + grad_hidden * o * (1.0 - squashed**2)
    grad_gates = np.hstack(
        [
            grad_new * g * i * (1.0 - i),
            grad_new * cell * f * (1.0 - f),
            grad_hidden * squashed * o * (1.0 - o),
            grad_new * i * (1.0 - g**2),
        ]
    )
    return (
        grad_gates @ w_ih,
        grad_gates @ w_hh,
        grad_new * f,
        grad_gates.T @ x,
        grad_gates.T @ hidden,
        grad_gates.sum(axis=0),
    )
