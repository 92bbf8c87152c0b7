"""The bias is added twice: PyTorch has two of them, here there is one."""

CAUGHT_BY = ("lstm_step_worked", "lstm_step_random", "lstm_forward_random")
HINT = "Take x and hidden of zeros: which number does each gate see?"
LECTURE = "lecture 2, LSTM"


def lstm_step(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array]:
    i, f, g, o = gates(x, hidden, w_ih, w_hh, bias + bias)
    new_cell = f * cell + i * g
    return o * np.tanh(new_cell), new_cell
