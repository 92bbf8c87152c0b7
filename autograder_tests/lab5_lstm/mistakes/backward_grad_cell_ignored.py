"""The gradient that arrives along the cells from later steps is ignored."""

import numpy as np

CAUGHT_BY = ("lstm_step_gradients",)
HINT = "What is grad_cell for?"
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
    grad_new = grad_hidden * o * (1.0 - squashed**2)
    grad_gates = np.hstack(
        [
            grad_new * g * i * (1.0 - i),
            grad_new * cell * f * (1.0 - f),
            grad_new * i * (1.0 - g**2),
            grad_hidden * squashed * o * (1.0 - o),
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
